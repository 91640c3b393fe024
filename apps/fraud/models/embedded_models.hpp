#pragma once

#include <string_view>

/// The model files beside this header, as the build has put them into the program.
namespace sluice::fraud {

/// The text of `lr.json`.
std::string_view logistic_model_text();

/// The text of `xgb.json`.
std::string_view tree_model_text();

}  // namespace sluice::fraud

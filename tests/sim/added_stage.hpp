#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "sluice/graph/graph.hpp"

namespace sluice::sim {

/// Puts a stage with an operation of the test's own behind keyed streams, where the fluent surface
/// has none.
class added_stage : public stage_handle {
 public:
  /// Any stream of the graph the stage is to be added to.
  template <record T>
  explicit added_stage(const stream<T>& of) : stage_handle(of) {}

  /// A keyed stage with one input for each of `inputs`, keyed by column 0, that gives on rows of T.
  template <record T>
  stream<T> keyed(const char* name, const std::vector<stream<T>>& inputs,
                  std::function<std::unique_ptr<operation>()> make) {
    std::vector<stage_input> all;
    for (const auto& in : inputs) all.push_back({in.from(), in.fields(), key_columns{{0}}});
    return {*graph_, detail::add_keyed(*graph_, stage_name{name}, "test", std::move(all),
                                       {&schema_of<T>()}, std::move(make))};
  }
};

}  // namespace sluice::sim

#pragma once

#include <source_location>
#include <string>

namespace sluice {

/// The name of a stage together with the line of the program that gave it, so that mistakes can
/// name both. Made from a text where a stage is composed: `g.source("transactions", …)`.
struct stage_name {
  std::string text;
  std::source_location at;

  stage_name(const char* name, std::source_location where = std::source_location::current())
      : text(name), at(where) {}
  stage_name(std::string name, std::source_location where = std::source_location::current())
      : text(std::move(name)), at(where) {}
};

}  // namespace sluice

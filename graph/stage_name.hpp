#pragma once

#include <string>

#include "sluice/graph/call_site.hpp"

namespace sluice {

/// The name of a stage together with the line of the program that gave it, so that mistakes can
/// name both. Made from a text where a stage is composed: `g.source("transactions", …)`.
struct stage_name {
  std::string text;
  call_site at;

  stage_name(const char* name, call_site where = call_site::current()) : text(name), at(where) {}
  stage_name(std::string name, call_site where = call_site::current())
      : text(std::move(name)), at(where) {}
};

}  // namespace sluice

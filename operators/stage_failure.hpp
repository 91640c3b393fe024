#pragma once

#include <stdexcept>
#include <string>

namespace sluice {

/// Ends the stage that throws it, and with it the run: the outside failed, or data cannot be dealt
/// with.
class stage_failure : public std::runtime_error {
 public:
  explicit stage_failure(const std::string& what) : std::runtime_error(what) {}
};

}  // namespace sluice

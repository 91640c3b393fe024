#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sluice/messages/checkpoint.hpp"
#include "sluice/records/result.hpp"
#include "sluice/state/key_groups.hpp"

namespace sluice {

/// Whether an operation remembers something that must outlive a failure.
enum class saving {
  nothing,     ///< It remembers nothing.
  possible,    ///< It does, and can save it.
  impossible,  ///< It does, and cannot: its state is not made of what `state_codec` knows.
};

/// What one instance of a stage remembers at a COMMIT.
struct saved_state {
  /// True if it replaces everything saved before it, false if only the keys in it do.
  bool whole = true;
  std::string keys;  ///< Keys and their states.
  std::string rest;  ///< What else it remembers; always all of it.
  /// END has passed the instance: it must not finish a second time.
  bool finished = false;

  bool operator==(const saved_state&) const = default;
};

/// Appends `what` to `to`, and reads all that was appended so.
void append_saved(std::string& to, const saved_state& what);
result<std::vector<saved_state>> read_saved(std::string_view bytes);

}  // namespace sluice

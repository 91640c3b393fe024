#pragma once

#include <cstdint>
#include <string_view>

namespace sluice {

/// What an aggregate gives on.
enum class emit : std::uint8_t {
  updates,    ///< At every flush the running result of every key that changed since the last one,
              ///< once.
  per_epoch,  ///< At every marker the epoch's own result of every key that had a row; then it
              ///< starts empty.
  final,      ///< Once, at the end.
};

constexpr std::string_view to_string(emit e) {
  return e == emit::updates ? "updates" : e == emit::per_epoch ? "per epoch" : "final";
}

}  // namespace sluice

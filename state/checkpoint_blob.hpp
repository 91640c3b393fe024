#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "sluice/records/result.hpp"
#include "sluice/state/blob_name.hpp"

namespace sluice {

/// How checkpoints are packed, and what is believed of them.
struct blob_limits {
  int compression = 1;  ///< zstd's level: 1 is fast, 19 is small.
  /// The most bytes of state in one blob: more is not written, and a blob that says it holds more
  /// is not unpacked.
  std::uint64_t most_content = std::uint64_t{1} << 30;
};

/// State of one instance of a stage, in a file of its own.
struct checkpoint_blob {
  blob_identity what;
  std::string content;

  bool operator==(const checkpoint_blob&) const = default;
};

/// The bytes of the file (docs/checkpoint-format.md). `refused` if the content is above the limit.
result<std::string> pack_blob(const blob_identity& what, std::string_view content,
                              const blob_limits& limits);

/// Reads the file `bytes`, called `path` in errors. Everything is checked before a byte of it is
/// believed, and its length before room is made: beside the file, memory is bounded by
/// `limits.most_content`. Else `malformed`: `PATH: what is wrong`.
result<checkpoint_blob> unpack_blob(std::string_view bytes, const std::string& path,
                                    const blob_limits& limits);

}  // namespace sluice

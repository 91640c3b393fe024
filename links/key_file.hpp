#pragma once

#include <string>

#include "sluice/links/keys.hpp"
#include "sluice/records/result.hpp"

namespace sluice {

// Errors name the file, never what stands in it. A directory that everyone may write to, without
// the sticky bit, is refused: anyone could put another key in place of this one.

/// Writes a new key file, mode 0600, durably. A file that is there is left as it is: `refused`.
result<void> write_key_file(const std::string& path, const node_key& key);

/// Reads a key file. It must be a regular file of this process's user with mode 0600, or it is
/// `refused` with the mode; `malformed` if it is none, or its halves do not belong together.
result<node_key> read_key_file(const std::string& path);

}  // namespace sluice

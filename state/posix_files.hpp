#pragma once

#include <memory>
#include <string>

#include "sluice/state/file_port.hpp"

namespace sluice {

/// Opens `directory` as a place for files, making it and what leads there if need be, durably.
/// Calls block; interrupted ones go on. Errors name the path and the reason: `not_found`, `refused`
/// (no permission, read-only, there already), `no_space` (also over quota), else `failed`.
/// What is opened stays that directory though it be renamed.
result<std::unique_ptr<file_port>> open_posix_files(const std::string& directory);

}  // namespace sluice

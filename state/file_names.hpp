#pragma once

#include <string>
#include <string_view>

#include "sluice/records/result.hpp"

namespace sluice {

/// Success if `name` is one component of a path that a file may have: not empty, neither `.` nor
/// `..`, without `/` and NUL, at most 255 bytes. Else `refused`: names come from manifests, which
/// come from elsewhere.
result<void> check_file_name(std::string_view name);

/// What a file is called while it is being written: `NAME.tmp`. Such a file is nobody's: whoever
/// finds one may remove it.
std::string temporary_name(std::string_view name);
/// True of names that `temporary_name` gives.
bool is_temporary(std::string_view name);

}  // namespace sluice

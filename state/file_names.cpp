#include "sluice/state/file_names.hpp"

#include <cstddef>

namespace sluice {

namespace {
constexpr std::size_t longest = 255;  // bytes, on every file system that matters
constexpr std::string_view unfinished = ".tmp";
}  // namespace

result<void> check_file_name(std::string_view name) {
  const bool usable = !name.empty() && name != "." && name != ".." && name.size() <= longest &&
                      name.find_first_of(std::string_view{"/\0", 2}) == std::string_view::npos;
  if (usable) return {};
  return error{error_code::refused, "not the name of a file: " + std::string{name}};
}

std::string temporary_name(std::string_view name) {
  return std::string{name} + std::string{unfinished};
}

bool is_temporary(std::string_view name) { return name.ends_with(unfinished); }

}  // namespace sluice

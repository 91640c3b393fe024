#include "sluice/graph/cluster_keys.hpp"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <string_view>
#include <utility>
#include <vector>

#include "sluice/links/key_file.hpp"

namespace sluice {

namespace {

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blank = " \t\r";
  const auto first = text.find_first_not_of(blank);
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(blank) + 1 - first);
}

// `NAME = "role KEY"`, the name in quotes or not.
result<allowed_key> read_line(std::string_view line) {
  const auto equals = line.find(" = ");
  if (equals == line.npos) return error{error_code::malformed, "NAME = \"ROLE KEY\" is expected"};
  auto name = trimmed(line.substr(0, equals)), value = trimmed(line.substr(equals + 3));
  const auto unquoted = [](std::string_view text) {
    const bool quoted = text.size() >= 2 && text.front() == '"' && text.back() == '"';
    return quoted ? text.substr(1, text.size() - 2) : text;
  };
  return read_allowed_key(unquoted(name), unquoted(value));
}

}  // namespace

result<std::optional<hub_keys>> read_cluster_keys(const std::string& key_file,
                                                  const std::string& allowed_file,
                                                  const std::string& self) {
  if (key_file.empty() && allowed_file.empty()) return std::optional<hub_keys>{};
  if (key_file.empty() || allowed_file.empty())
    return error{error_code::malformed,
                 key_file.empty() ? "cluster.allowed needs cluster.key, the key of this node"
                                  : "cluster.key needs cluster.allowed, those who may connect"};
  auto own = read_key_file(key_file);
  if (!own) return own.failure();
  if (own.value().node != self)
    return error{error_code::malformed,
                 key_file + ": is the key of " + own.value().node + ", not of " + self};
  hub_keys keys{own.value().keys, {}};
  std::ifstream file{allowed_file};
  if (!file)
    return error{error_code::not_found,
                 "cannot read " + allowed_file + ": " + std::strerror(errno)};
  std::string text;
  for (std::size_t number = 1; std::getline(file, text); ++number) {
    const auto line = trimmed(text);
    if (line.empty() || line.front() == '#' || line.front() == '[') continue;
    auto allowed = read_line(line);
    if (!allowed)
      return error{error_code::malformed,
                   allowed_file + ":" + std::to_string(number) + ": " + allowed.failure().message};
    keys.allowed.push_back(std::move(allowed).value());
  }
  if (keys.allowed.empty())
    return error{error_code::malformed, allowed_file + ": nobody is allowed to connect"};
  return std::optional{std::move(keys)};
}

}  // namespace sluice

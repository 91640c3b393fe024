#include "sluice/links/keys.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "sluice/links/connection_name.hpp"
#include "sluice/links/z85.hpp"

namespace sluice {

namespace {

constexpr std::string_view first_line = "sluice-key 1";

error malformed(std::string what) { return {error_code::malformed, std::move(what)}; }

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

// A TOML key without quotes has only these (toml.io, v1.0.0, keys).
bool is_bare(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-';
}

std::string toml_key(const std::string& name) {
  if (std::all_of(name.begin(), name.end(), is_bare)) return name;
  std::string quoted = "\"";
  for (const char c : name) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + '"';
}

}  // namespace

std::string_view to_string(node_role role) {
  return role == node_role::data ? "data" : "coordinator";
}

bool is_key_name(std::string_view name) {
  return is_node_name(name) && name.front() != '.' && name.front() != '-' &&
         std::none_of(name.begin(), name.end(), is_control);
}

std::string key_file_text(const node_key& key) {
  return std::string(first_line) + "\nnode " + key.node + "\npublic " + key.keys.public_key +
         "\nsecret " + key.keys.secret_key + "\n";
}

result<node_key> read_key_file_text(std::string_view text) {
  node_key key;
  const std::array<std::pair<std::string_view, std::string*>, 3> lines{
      {{"node ", &key.node}, {"public ", &key.keys.public_key}, {"secret ", &key.keys.secret_key}}};
  const auto take_line = [&text] {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    return line;
  };
  if (take_line() != first_line)
    return malformed("line 1 of a key file is: " + std::string(first_line));
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const auto& [word, into] = lines[i];
    const std::string_view line = take_line();
    const std::string at = "line " + std::to_string(i + 2) + " of a key file ";
    if (!line.starts_with(word)) return malformed(at + "begins with: " + std::string(word));
    *into = line.substr(word.size());
    if (into == &key.node ? !is_key_name(*into) : !read_z85(*into))
      return malformed(at + (into == &key.node ? "names a node" : "holds a key of 40 characters"));
  }
  if (!text.empty()) return malformed("a key file has four lines");
  return key;
}

std::string allowed_key_line(const allowed_key& key) {
  return toml_key(key.node) + " = \"" + std::string(to_string(key.role)) + ' ' + key.public_key +
         '"';
}

result<allowed_key> read_allowed_key(std::string_view node, std::string_view value) {
  const std::string of = "key of node " + std::string(node) + ": ";
  if (!is_node_name(node)) return malformed("a node cannot be named so: " + std::string(node));
  const std::size_t blank = value.find(' ');
  const std::string_view role = value.substr(0, blank);
  allowed_key key{std::string(node), node_role::data, {}};
  if (role == to_string(node_role::coordinator))
    key.role = node_role::coordinator;
  else if (role != to_string(node_role::data))
    return malformed(of + "it begins with a role, data or coordinator");
  if (blank != value.npos) key.public_key = value.substr(blank + 1);
  if (!read_z85(key.public_key))
    return malformed(of + "behind its role stands a public key of 40 characters, Z85");
  return key;
}

}  // namespace sluice

#include "sluice/graph/cluster.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>

#include "sluice/records/assert.hpp"

namespace sluice {

namespace {

constexpr std::string_view ipc = "ipc://", tcp = "tcp://", control_suffix = ".control";

// The port behind the last colon, if another one follows it.
std::optional<std::uint16_t> port_of(std::string_view address) {
  const auto colon = address.rfind(':');
  const auto digits = address.substr(colon + 1);
  unsigned port = 0;
  const auto [end, wrong] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (wrong != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  if (port < 1 || port > 65'534) return std::nullopt;
  return static_cast<std::uint16_t>(port);
}

result<node_address> read_node(std::string_view entry) {
  const auto refused = [&](const std::string& why) {
    return error{error_code::malformed, "node \"" + std::string{entry} + "\": " + why};
  };
  const auto equals = entry.find('=');
  if (equals == entry.npos || equals == 0) return refused("NAME=ADDRESS is expected");
  const std::string name{entry.substr(0, equals)};
  const std::string address{entry.substr(equals + 1)};
  if (name.size() > 200 || name.find('/') != name.npos) return refused("no name for a node");
  if (address.starts_with(ipc) && address.size() > ipc.size())
    return node_address{name, address, address + std::string{control_suffix}};
  if (!address.starts_with(tcp)) return refused("an address is ipc://PATH or tcp://HOST:PORT");
  const auto port = port_of(address);
  if (!port) return refused("a port is a number from 1 to 65534; the next one is taken too");
  return node_address{name, address,
                      address.substr(0, address.rfind(':') + 1) + std::to_string(*port + 1)};
}

bool clash(const node_address& a, const node_address& b) {
  return a.node == b.node || a.data == b.data || a.control == b.control || a.data == b.control ||
         a.control == b.data;
}

}  // namespace

const node_address& cluster::address() const {
  const auto found =
      std::find_if(nodes.begin(), nodes.end(), [&](const auto& node) { return node.node == self; });
  SLUICE_ASSERT(found != nodes.end(), "this process is one of the nodes");
  return *found;
}

result<std::vector<node_address>> read_nodes(std::string_view text) {
  std::vector<node_address> nodes;
  while (!text.empty()) {
    const auto comma = text.find(',');
    auto entry = text.substr(0, comma);
    text.remove_prefix(comma == text.npos ? text.size() : comma + 1);
    while (entry.starts_with(' ')) entry.remove_prefix(1);
    while (entry.ends_with(' ')) entry.remove_suffix(1);
    auto node = read_node(entry);
    if (!node) return node.failure();
    if (std::any_of(nodes.begin(), nodes.end(),
                    [&](const auto& other) { return clash(other, node.value()); }))
      return error{error_code::malformed,
                   "node \"" + std::string{entry} +
                       "\": its name and both of its addresses have to be its own"};
    nodes.push_back(std::move(node).value());
  }
  if (nodes.empty()) return error{error_code::malformed, "no node is named"};
  return nodes;
}

std::string nodes_text(const std::vector<node_address>& nodes) {
  std::string text;
  for (const auto& node : nodes) text += (text.empty() ? "" : ",") + node.node + '=' + node.data;
  return text;
}

std::vector<node_address> local_nodes(std::size_t count, const std::string& folder) {
  std::vector<node_address> nodes;
  for (std::size_t i = 1; i <= count; ++i) {
    const std::string name = "node-" + std::to_string(i);
    const std::string address = std::string{ipc} + folder + "/" + name;
    nodes.push_back({name, address, address + std::string{control_suffix}});
  }
  return nodes;
}

}  // namespace sluice

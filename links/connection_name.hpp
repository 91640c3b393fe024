#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "sluice/messages/ids.hpp"

namespace sluice {

/// Bytes a node's name may have.
inline constexpr std::size_t most_node_bytes = 200;

/// True for what can be the name of a node: not empty, not too long, UTF-8, without `/` or zeros.
bool is_node_name(std::string_view name);

/// Who is at the other end of a connection, as its routing id says: every connection has one of its
/// own, so what is left in an old one is never taken for what comes on the new.
struct connection_name {
  std::string node;
  incarnation_id incarnation;
  std::uint64_t number = 0;  ///< Grows with every connection of that incarnation.

  bool operator==(const connection_name&) const = default;
};

/// `worker-1/00000000000000010000000000000002/17`: at most 255 bytes, no zero.
std::string to_routing_id(const connection_name& name);
/// Nothing if `id` is not what `to_routing_id` makes.
std::optional<connection_name> read_routing_id(std::string_view id);

}  // namespace sluice

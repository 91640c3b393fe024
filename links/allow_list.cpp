#include "sluice/links/allow_list.hpp"

namespace sluice {

bool is_said_by_coordinator(frame_type type) {
  switch (type) {
    case frame_type::start:
    case frame_type::open:
    case frame_type::commit:
    case frame_type::stop:
    case frame_type::drain:
    case frame_type::pace:
    case frame_type::report_request:
      return true;
    default:
      return false;
  }
}

result<allow_list> allow_list::of(const std::vector<allowed_key>& keys) {
  allow_list list;
  for (const allowed_key& key : keys) {
    const auto value = read_z85(key.public_key);
    if (!value) return error{error_code::malformed, "no public key: that of node " + key.node};
    const auto [same_key, fresh] = list.nodes_.emplace(*value, key.node);
    if (!list.by_node_.emplace(key.node, key).second)
      return error{error_code::malformed, "two keys of one node: " + key.node};
    if (!fresh)
      return error{error_code::malformed,
                   "one key of two nodes: " + same_key->second + " and " + key.node};
  }
  return list;
}

const allowed_key* allow_list::with_key(const key_value& key) const {
  const auto node = nodes_.find(key);
  return node == nodes_.end() ? nullptr : of_node(node->second);
}

const allowed_key* allow_list::of_node(const std::string& node) const {
  const auto found = by_node_.find(node);
  return found == by_node_.end() ? nullptr : &found->second;
}

bool allow_list::may_say(const std::string& node, frame_type type) const {
  const allowed_key* const key = of_node(node);
  return key != nullptr && (key->role == node_role::coordinator || !is_said_by_coordinator(type));
}

}  // namespace sluice

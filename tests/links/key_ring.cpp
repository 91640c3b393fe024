#include "sluice/tests/links/key_ring.hpp"

#include "sluice/links/curve_keys.hpp"

namespace sluice {

key_ring::key_ring(std::initializer_list<std::string> nodes, const std::string& coordinator) {
  for (const std::string& node : nodes)
    add(node, node == coordinator ? node_role::coordinator : node_role::data);
}

void key_ring::add(const std::string& node, node_role role) {
  const key_pair& keys = pairs_[node] = new_key_pair();
  allowed_.push_back({node, role, keys.public_key});
}

}  // namespace sluice

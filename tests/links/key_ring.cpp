#include "sluice/tests/links/key_ring.hpp"

#include "sluice/links/curve_keys.hpp"

namespace sluice {

key_ring::key_ring(std::initializer_list<std::string> nodes, const std::string& coordinator) {
  for (const std::string& node : nodes) {
    const key_pair& keys = pairs_[node] = new_key_pair();
    const node_role role = node == coordinator ? node_role::coordinator : node_role::data;
    allowed_.push_back({node, role, keys.public_key});
  }
}

}  // namespace sluice

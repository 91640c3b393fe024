#pragma once

#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sluice/links/hub.hpp"
#include "sluice/tests/links/raw_dealer.hpp"

namespace sluice {

/// The keys of a few nodes that all know each other. `coordinator` is the name of one that has that
/// role; the others are data.
class key_ring {
 public:
  key_ring(std::initializer_list<std::string> nodes, const std::string& coordinator = {});

  void add(const std::string& node, node_role role = node_role::data);

  hub_keys of(const std::string& node) const { return {pairs_.at(node), allowed_}; }
  /// Of `node` as it connects to a port of `server`.
  dealer_keys line(const std::string& node, const std::string& server) const {
    return {pairs_.at(node), pairs_.at(server).public_key};
  }

 private:
  std::map<std::string, key_pair> pairs_;
  std::vector<allowed_key> allowed_;
};

}  // namespace sluice

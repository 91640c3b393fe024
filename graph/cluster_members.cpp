#include "sluice/graph/cluster_members.hpp"

#include "sluice/records/assert.hpp"

namespace sluice {

cluster_members::cluster_members(const std::vector<std::string>& nodes, milliseconds patience)
    : patience_(patience) {
  for (const auto& node : nodes) members_[node];
}

std::optional<std::string> cluster_members::seen(const std::string& node,
                                                 incarnation_id incarnation, milliseconds) {
  const auto found = members_.find(node);
  if (found == members_.end()) return std::nullopt;
  member& one = found->second;
  one.there = true;
  one.incarnation = incarnation;
  if (!one.takes_part || one.takes_part_as == incarnation) return std::nullopt;
  one.takes_part = false;
  return node + " has been restarted";
}

std::optional<std::string> cluster_members::lost(const std::string& node, const std::string& how,
                                                 milliseconds now) {
  const auto found = members_.find(node);
  if (found == members_.end() || !found->second.there) return std::nullopt;
  member& one = found->second;
  one.there = false;
  one.gone_since = now;
  if (!one.takes_part) return std::nullopt;
  one.takes_part = false;
  return node + " " + how;
}

std::optional<std::vector<std::string>> cluster_members::ready(milliseconds now) const {
  std::vector<std::string> there;
  for (const auto& [name, one] : members_) {
    if (one.there)
      there.push_back(name);
    else if (!begun_ || now - one.gone_since < patience_)
      return std::nullopt;
  }
  return there;
}

std::vector<std::string> cluster_members::missing() const {
  std::vector<std::string> names;
  for (const auto& [name, one] : members_)
    if (!one.there) names.push_back(name);
  return names;
}

void cluster_members::begin(const std::vector<std::string>& nodes) {
  begun_ = true;
  for (auto& [name, one] : members_) one.takes_part = one.started = false;
  for (const auto& name : nodes) {
    const auto found = members_.find(name);
    SLUICE_ASSERT(found != members_.end(), "only members take part");
    found->second.takes_part = true;
    found->second.takes_part_as = found->second.incarnation;
  }
}

void cluster_members::started(const std::string& node) {
  if (const auto found = members_.find(node); found != members_.end()) found->second.started = true;
}

bool cluster_members::all_started() const { return not_started().empty(); }

std::vector<std::string> cluster_members::not_started() const {
  std::vector<std::string> names;
  for (const auto& [name, one] : members_)
    if (one.takes_part && !one.started) names.push_back(name);
  return names;
}

}  // namespace sluice

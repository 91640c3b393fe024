#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "sluice/messages/ids.hpp"

namespace sluice {

/// Who of the nodes is there, and who has to be for the generation under way: the coordinator's
/// book. Pure. `now` is the time since any fixed moment.
///
/// A node that is lost is waited for, since it may be restarted; then its work goes to the others.
class cluster_members {
 public:
  using milliseconds = std::chrono::milliseconds;

  /// `nodes`: all others. A node that has gone is waited for so long, at the very first as long as
  /// it takes; if `begun`, there have been generations before this process.
  cluster_members(const std::vector<std::string>& nodes, milliseconds patience, bool begun = false);

  /// A node says hello, or is heard again. Returns why the generation cannot go on, if it was in
  /// it as another incarnation.
  std::optional<std::string> seen(const std::string& node, incarnation_id incarnation,
                                  milliseconds now);
  /// A node is not heard any more, or its process has ended. Returns why the generation cannot go
  /// on, if the node is in it.
  std::optional<std::string> lost(const std::string& node, const std::string& how,
                                  milliseconds now);

  /// Those who are there, if the others need not be waited for: none of them was ever seen before
  /// the first generation, or they have been gone for too long.
  std::optional<std::vector<std::string>> ready(milliseconds now) const;
  /// Those who are not there.
  std::vector<std::string> missing() const;

  /// A generation begins with these nodes.
  void begin(const std::vector<std::string>& nodes);
  /// A node is ready to run it.
  void started(const std::string& node);
  bool all_started() const;
  std::vector<std::string> not_started() const;

 private:
  struct member {
    incarnation_id incarnation;  // zero: never seen
    bool there = false;
    milliseconds gone_since{};
    bool takes_part = false;
    incarnation_id takes_part_as;
    bool started = false;
  };

  std::map<std::string, member> members_;
  milliseconds patience_;
  bool begun_ = false;
};

}  // namespace sluice

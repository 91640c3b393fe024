#pragma once

#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "sluice/sim/channel_checks.hpp"

namespace sluice::sim {

/// Which rows of a source lie before a marker. Row r of `from::rows` is number r / n of instance
/// r mod n.
class prefix {
 public:
  prefix(const std::vector<source_cut>& cuts, const std::string& source, std::size_t instances)
      : cuts_(cuts), source_(source), instances_(instances) {}

  bool contains(std::size_t row, epoch_id epoch) const {
    std::uint64_t read = 0;  // by this row's instance; one that has ended sends no later marker
    for (const auto& c : cuts_)
      if (c.stage == source_ && c.instance == row % instances_ && c.epoch <= epoch) read = c.rows;
    return row / instances_ < read;
  }

 private:
  const std::vector<source_cut>& cuts_;
  std::string source_;
  std::size_t instances_;
};

/// The epochs of a run that were COMMITs, in order.
inline std::set<epoch_id> commits(const std::vector<source_cut>& cuts) {
  std::set<epoch_id> found;
  for (const auto& c : cuts)
    if (c.commit) found.insert(c.epoch);
  return found;
}

}  // namespace sluice::sim

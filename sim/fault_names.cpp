#include "sluice/sim/fault_names.hpp"

#include <array>
#include <sstream>

namespace sluice::sim {

namespace {

struct named_fault {
  const char* name;
  bool cluster_faults::*asked;
};

constexpr std::array<named_fault, 9> faults{{{"kill", &cluster_faults::kills},
                                             {"pause", &cluster_faults::pauses},
                                             {"partition", &cluster_faults::partitions},
                                             {"reset", &cluster_faults::resets},
                                             {"drop", &cluster_faults::drops},
                                             {"double", &cluster_faults::doubles},
                                             {"delay", &cluster_faults::delays},
                                             {"power", &cluster_faults::power},
                                             {"store", &cluster_faults::unsure}}};

}  // namespace

const std::vector<std::string>& fault_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all;
    for (const auto& one : faults) all.emplace_back(one.name);
    return all;
  }();
  return names;
}

std::optional<cluster_faults> faults_called(const std::string& list, std::string& unknown) {
  cluster_faults asked;
  for (const auto& one : faults) asked.*one.asked = false;
  std::istringstream words{list};
  for (std::string word; std::getline(words, word, ',');) {
    if (word == "none" && list == "none") continue;
    bool known = false;
    for (const auto& one : faults)
      if (word == one.name) known = asked.*one.asked = true;
    if (!known) {
      unknown = word;
      return std::nullopt;
    }
  }
  asked.network = asked.drops || asked.doubles || asked.delays;
  asked.resets = asked.resets || asked.network;
  return asked;
}

}  // namespace sluice::sim

#include "sluice/connectors/sink_conformance.hpp"

#include <algorithm>
#include <set>

#include "sluice/connectors/sink_rehearsal.hpp"

namespace sluice {

namespace {

constexpr std::size_t most_steps = 5'000;
// Bytes of the large row of stories that are told again and again: more than the buffer of our own
// sinks for one instance, little for several.
constexpr std::size_t large_often = 300'000, little_often = 1'000;

std::string name_of(const std::vector<std::size_t>& instances, std::size_t at_once) {
  std::string name;
  for (const std::size_t n : instances) name += (name.empty() ? "" : ", then ") + std::to_string(n);
  name += instances.size() == 1 && instances.front() == 1 ? " instance" : " instances";
  return name + (at_once == 2 ? ", two epochs at once" : "");
}

class all_stories {
 public:
  explicit all_stories(const sink_under_test& sink) : sink_(sink) {}

  std::vector<std::string> run() {
    for (const auto& instances : sink_.instances)
      for (const std::size_t at_once : {1, 2}) {
        const rehearsal_plan plain{
            .name = name_of(instances, at_once),
            .instances = instances,
            .at_once = at_once,
            .large_row =
                std::min(sink_.large_row,
                         instances.size() == 1 && at_once == 1 ? large_often : little_often)};
        quiet(plain);
        between_calls(plain, /*stopped=*/false);
        between_calls(plain, /*stopped=*/true);
        if (sink_.crash_after) within_calls(plain);
      }
    return {findings_.begin(), findings_.end()};
  }

 private:
  void quiet(rehearsal_plan plan) {
    plan.large_row = sink_.large_row;
    plan.name += ", nothing happens";
    tell(plan);
    plan.commits_twice = true;
    plan.name += " but repeated commits";
    tell(plan);
  }

  // Until the story is over before the step at which it should crash.
  void between_calls(rehearsal_plan plan, bool stopped) {
    plan.stopped = stopped;
    plan.name += stopped ? ", a process is stopped and replaced" : ", a crash";
    for (std::size_t step = 0; step < most_steps; ++step) {
      plan.crash_at = step;
      if (!tell(plan)) return;
    }
  }

  void within_calls(rehearsal_plan plan) {
    plan.name += ", a crash within the sink";
    for (std::size_t step = 0; step < most_steps; ++step) {
      plan.crash_in = step;
      if (!tell(plan)) return;
    }
  }

  // Returns whether there was a crash, and it is worth going on.
  bool tell(const rehearsal_plan& plan) {
    if (findings_.size() >= sink_.most_findings) return false;
    sink_rehearsal story{sink_, plan};
    if (const std::string found = story.run(); !found.empty() && known_.insert(found).second)
      findings_.push_back(found);
    return story.crashed();
  }

  const sink_under_test& sink_;
  std::vector<std::string> findings_;
  std::set<std::string> known_;
};

}  // namespace

std::vector<std::string> check_sink(const sink_under_test& sink) { return all_stories{sink}.run(); }

}  // namespace sluice

#include <algorithm>
#include <array>

#include "sluice/graph/settings_decision.hpp"
#include "sluice/graph/settings_keys.hpp"
#include "sluice/graph/settings_value.hpp"

namespace sluice {

namespace {

// `batch.rows = 8192 rows (fraud.toml:6:8)`
std::string with_place(const setting& entry) {
  const auto& description = describe(entry.id);
  auto key = entry.origin.key.empty() ? std::string(description.name) : entry.origin.key;
  return key + " = " + format_value(description, entry.value, entry.text) + " (" +
         place(entry.origin) + ")";
}

std::vector<setting> all_of(const settings& chosen, setting_id id) {
  auto entries = chosen.entries();
  std::erase_if(entries, [&](const setting& entry) { return entry.id != id; });
  return entries;
}

// Which stage's batches meet which window is known only to the plan, so the largest batch must fit
// all.
void check_windows(const settings& chosen, const setting_doubts& doubts, setting_id window,
                   setting_id batch, std::vector<config_problem>& problems) {
  auto batches = all_of(chosen, batch);
  auto largest = std::max_element(batches.begin(), batches.end(),
                                  [](const auto& a, const auto& b) { return a.value < b.value; });
  for (const auto& entry : all_of(chosen, window)) {
    if (entry.value >= largest->value || doubts.about(entry) || doubts.about(*largest)) continue;
    bool given = entry.origin.layer != setting_layer::standard;
    problems.push_back(error_saying("window smaller than the largest batch: " + with_place(entry) +
                                        " < " + with_place(*largest),
                                    "raise the window or lower the batch"));
    problems.back().origin = given ? entry.origin : largest->origin;
  }
}

// Markers serve the whole chain; only a stage with a timer of its own has an interval of its own.
void check_intervals(const settings& chosen, const setting_doubts& doubts,
                     std::vector<config_problem>& problems) {
  for (const auto& entry : all_of(chosen, setting_id::latency)) {
    if (entry.stage.empty() || chosen.policy(entry.stage) == batch_policy::mini) continue;
    auto policy = chosen.find(setting_id::policy, entry.stage);
    if (!policy) policy = chosen.find(setting_id::policy);
    if (doubts.about(*policy)) continue;
    problems.push_back(error_saying(
        "interval of a stage without policy \"mini\": " + with_place(entry) + ", " +
            with_place(*policy),
        "the interval is one per graph: move it above the first table, or set policy = "
        "\"mini\" for the stage"));
    problems.back().origin = entry.origin;
  }
}

void check_size_given(const settings& chosen, const setting_doubts& doubts,
                      std::vector<config_problem>& problems) {
  const auto& time = *chosen.find(setting_id::latency);
  const auto& size = *chosen.find(setting_id::mini_batch_size);
  bool time_given = time.origin.layer != setting_layer::standard;
  bool size_given = size.origin.layer != setting_layer::standard;
  if (!time_given || size_given || doubts.about(size)) return;
  problems.push_back(
      warning_saying("time given without a size: " + with_place(time) + ", miniBatch.size = " +
                         format_value(describe(size.id), size.value, size.text) + " (default)",
                     "set miniBatch.size as well"));
  problems.back().origin = time.origin;
}

}  // namespace

std::vector<config_problem> check_settings(const settings& chosen, const setting_doubts& doubts) {
  std::vector<config_problem> problems;
  check_windows(chosen, doubts, setting_id::credit_rows, setting_id::batch_rows, problems);
  check_windows(chosen, doubts, setting_id::credit_max_bytes, setting_id::batch_max_bytes,
                problems);
  check_intervals(chosen, doubts, problems);
  check_size_given(chosen, doubts, problems);
  return problems;
}

}  // namespace sluice

#include "sluice/bench/harness/latency.hpp"

#include <algorithm>
#include <cmath>

namespace sluice::bench {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using std::chrono::seconds;

constexpr nanoseconds hiccup = milliseconds{1};

// The smallest value that at least `share` of the sorted values do not exceed, in µs.
double percentile(const std::vector<std::int64_t>& sorted, double share) {
  const double place = std::ceil(share * static_cast<double>(sorted.size()));
  const auto at = static_cast<std::size_t>(std::max(place, 1.0)) - 1;
  return static_cast<double>(sorted[std::min(at, sorted.size() - 1)]) / 1e3;
}

}  // namespace

void latency_record::add(steady_time due, steady_time seen) {
  if (due < start_) return;
  const auto second = static_cast<std::size_t>((due - start_) / seconds{1});
  if (second >= waits_.size()) waits_.resize(second + 1);
  waits_[second].push_back(nanoseconds{seen - due}.count());
}

std::vector<std::int64_t> latency_record::sorted(const std::vector<bool>& valid) const {
  std::vector<std::int64_t> all;
  for (std::size_t s = 0; s < waits_.size() && s < valid.size(); ++s)
    if (valid[s]) all.insert(all.end(), waits_[s].begin(), waits_[s].end());
  std::sort(all.begin(), all.end());
  return all;
}

std::optional<double> latency_record::at_share(double share, const std::vector<bool>& valid) const {
  const auto all = sorted(valid);
  if (all.empty()) return std::nullopt;
  return percentile(all, share);
}

json_object latency_record::summary(const std::vector<bool>& valid) const {
  const auto all = sorted(valid);
  json_object out;
  out.add("n", all.size());
  const auto add = [&](const char* name, double share) {
    out.add(name, all.empty() ? std::nullopt : std::optional{percentile(all, share)});
  };
  add("p50", 0.5);
  add("p90", 0.9);
  add("p99", 0.99);
  add("p999", 0.999);
  add("p9999", 0.9999);
  add("max", 1);
  return out.add("valid_s", std::count(valid.begin(), valid.end(), true))
      .add("total_s", valid.size());
}

hiccup_watch::hiccup_watch() : thread_([this] { watch(); }) {}

hiccup_watch::~hiccup_watch() { stop(); }

void hiccup_watch::stop() {
  stopped_ = true;
  if (thread_.joinable()) thread_.join();
}

void hiccup_watch::watch() {
  auto due = std::chrono::steady_clock::now();
  while (!stopped_) {
    due += milliseconds{1};
    std::this_thread::sleep_until(due);
    const auto woken = std::chrono::steady_clock::now();
    const auto late = late_wake_of(due, woken);
    if (!late) continue;
    late_.push_back(*late);
    due = woken;
  }
}

std::optional<late_wake> late_wake_of(steady_time due, steady_time woken) {
  if (woken - due <= hiccup) return std::nullopt;
  return late_wake{due, woken - due};
}

std::vector<bool> quiet_seconds(const std::vector<late_wake>& late_wakes, steady_time start,
                                std::size_t count) {
  std::vector<bool> quiet(count, true);
  for (const late_wake& late : late_wakes) {
    const auto end = late.due + late.by;
    const auto first = std::max(late.due, start);
    for (auto s = static_cast<std::size_t>((first - start) / seconds{1}); s < count; ++s) {
      if (start + seconds{static_cast<std::int64_t>(s)} > end) break;
      quiet[s] = false;
    }
  }
  return quiet;
}

}  // namespace sluice::bench

#include "sluice/tests/sim/diamond.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <vector>

#include "sluice/connectors/collect.hpp"
#include "sluice/connectors/rows.hpp"
#include "sluice/graph/graph.hpp"
#include "sluice/tests/sim/added_stage.hpp"
#include "sluice/tests/sim/prefix.hpp"

namespace sluice::sim {

namespace {

struct numbered {
  std::uint64_t row;
};
SLUICE_RECORD(numbered, row);

constexpr std::size_t row_count = 150;

// What one instance of the join saw.
struct seen_by_join {
  std::vector<std::uint64_t> rows[2];                      // by input
  std::map<epoch_id, std::array<std::size_t, 2>> commits;  // how many, at each COMMIT
  std::string problem;
};

// Keeps rows until a flush, as an aggregate does, and writes down what it had at each COMMIT.
class recording_join final : public operation {
 public:
  recording_join(seen_by_join& log, bool by_marker_only) : log_(log), strict_(by_marker_only) {}

  void process(std::size_t input, const batch_ptr& rows, outputs&) override {
    const batch<numbered> in{*rows};
    for (std::size_t i = 0; i < in.size(); ++i) log_.rows[input].push_back(in[i].row);
    kept_.push_back(rows);
  }
  void flush(outputs& out) override {
    ++flushes_;
    for (const auto& rows : kept_) out.put(0, rows);
    kept_.clear();
  }
  void end_epoch(const marker& m, outputs&) override {
    const std::size_t rows = log_.rows[0].size() + log_.rows[1].size();
    if (strict_ && flushes_ != (rows == rows_before_ ? 0u : 1u))
      log_.problem =
          std::to_string(flushes_) + " flushes in epoch " + std::to_string(m.epoch.value);
    rows_before_ = rows;
    flushes_ = 0;
    if (m.commit) log_.commits[m.epoch] = {log_.rows[0].size(), log_.rows[1].size()};
  }
  bool caches() const override { return true; }
  std::size_t gathered() const override { return kept_.size(); }

 private:
  seen_by_join& log_;
  bool strict_;
  std::vector<batch_ptr> kept_;
  std::size_t flushes_ = 0;
  std::size_t rows_before_ = 0;
};

std::string compare(const std::string& what, epoch_id epoch, std::vector<std::uint64_t> got,
                    const std::vector<std::uint64_t>& want) {
  std::sort(got.begin(), got.end());
  if (got == want) return {};
  std::string text = what + " at epoch " + std::to_string(epoch.value) + ": " +
                     std::to_string(got.size()) + " rows, " + std::to_string(want.size()) +
                     " before the marker";
  for (const auto row : got)
    if (!std::binary_search(want.begin(), want.end(), row)) text += " +" + std::to_string(row);
  for (const auto row : want)
    if (!std::binary_search(got.begin(), got.end(), row)) text += " -" + std::to_string(row);
  return text;
}

}  // namespace

diamond_run run_diamond(std::uint64_t seed) {
  std::vector<numbered> input;
  for (std::uint64_t i = 0; i < row_count; ++i) input.push_back({i});
  std::vector<std::unique_ptr<seen_by_join>> logs;
  const bool by_marker_only = seed % 2 == 0;
  auto out = std::make_shared<collected<numbered>>();

  graph g{"diamond"};
  const auto same = [](const numbered& in) { return in; };
  auto rows = g.source("rows", from::rows<numbered>{input});
  auto shorter = rows.map(same).own_actor();
  auto longer = rows.map(same).own_actor().map(same).own_actor().map(same).own_actor();
  auto joined = added_stage{rows}.keyed<numbered>("join", {shorter, longer}, [&] {
    logs.push_back(std::make_unique<seen_by_join>());
    return std::make_unique<recording_join>(*logs.back(), by_marker_only);
  });
  joined.sink("out", to::collect{out});

  diamond_run made;
  simulation_options options;
  options.scenario = "diamond";
  options.step_time = std::chrono::microseconds(10 + seed % 3 * 100);
  const bool one_path = seed % 4 == 1;  // then the order of the rows shows at the join
  options.shrink.parallelism = !one_path;
  if (by_marker_only) {
    options.shrink.policy = false;
    g.policy(batch_policy::micro);
    options.chosen = settings_in_code(g);
  }
  made.run = run_simulated(g, seed, options);
  made.problem = made.run.problem + made.run.status.failure;
  if (!made.problem.empty()) return made;

  const prefix before{made.run.cuts, "rows",
                      std::max<std::size_t>(1, made.run.used.parallelism("rows"))};
  epoch_id last;
  for (const epoch_id commit : commits(made.run.cuts)) {
    std::vector<std::uint64_t> want, want_twice, shown;
    for (std::size_t i = 0; i < row_count; ++i)
      if (before.contains(i, commit)) want.push_back(i);
    for (std::size_t input : {0, 1}) {
      std::vector<std::uint64_t> got;
      for (const auto& log : logs)
        got.insert(
            got.end(), log->rows[input].begin(),
            log->rows[input].begin() + static_cast<std::ptrdiff_t>(log->commits[commit][input]));
      made.problem += compare(input == 0 ? "short branch" : "long branch", commit, got, want);
    }
    for (const epoch_id e : out->epochs())
      if (e <= commit)
        for (const auto& row : out->rows_of(e)) shown.push_back(row.row);
    for (const auto row : want) want_twice.insert(want_twice.end(), 2, row);
    made.problem += compare("sink", commit, shown, want_twice);
    last = commit;
  }
  for (const auto& log : logs) {
    made.problem += log->problem;
    for (const auto& rows : log->rows)
      if (one_path && !std::is_sorted(rows.begin(), rows.end()))
        made.problem += "rows overtook each other";
  }
  if (out->size() != 2 * row_count)
    made.problem += std::to_string(out->size()) + " rows in the sink at the end";
  if (!made.problem.empty())
    made.problem += "\nreproduce: SLUICE_SEED=" + std::to_string(seed) + ", diamond";
  return made;
}

}  // namespace sluice::sim

#include "sluice/tests/sim/event_time.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <tuple>
#include <vector>

#include "sluice/connectors/collect.hpp"
#include "sluice/connectors/rows.hpp"
#include "sluice/graph/graph.hpp"
#include "sluice/tests/sim/prefix.hpp"

namespace sluice::sim {

namespace {

struct payment {
  std::uint64_t id;
  instant at;
  std::uint32_t account;
  std::int64_t cents;
};
SLUICE_RECORD(payment, id, at, account, cents);
struct label {
  std::uint32_t account;
  instant at;
  std::uint64_t id;
  bool fraud;
};
SLUICE_RECORD(label, account, at, id, fraud);
struct scored {
  std::uint64_t id;
  std::int64_t sum;      // of the account so far
  std::int64_t frauds;   // known of the account so far
  std::uint64_t digest;  // of every row before, in order
  auto operator<=>(const scored&) const = default;
};
SLUICE_RECORD(scored, id, sum, frauds, digest);

struct account_state {
  std::int64_t sum = 0;
  std::int64_t frauds = 0;
  std::uint64_t digest = 0;
};

constexpr std::int64_t lateness = 20;

void take_payment(account_state& s, const payment& in, rows<scored> out) {
  s.sum += in.cents;
  s.digest = s.digest * 31 + in.id;
  out.push({in.id, s.sum, s.frauds, s.digest});
}
void take_label(account_state& s, const label& in, rows<scored>) {
  s.frauds += in.fraud ? 1 : 0;
  s.digest = s.digest * 37 + in.id;
}

struct world_of_rows {
  std::vector<payment> payments;
  std::vector<label> labels;
};

// Event times grow, but for up to `lateness`; many rows share an instant.
world_of_rows random_world(std::uint64_t seed) {
  seeded_random random{seed};
  world_of_rows made;
  std::int64_t now = 1000;
  for (std::uint64_t id = 0; id < 120; ++id) {
    now += static_cast<std::int64_t>(random.below(8));
    const instant at{now - static_cast<std::int64_t>(random.below(lateness + 1))};
    const auto account = static_cast<std::uint32_t>(random.below(5));
    made.payments.push_back({id, at, account, static_cast<std::int64_t>(random.below(1000))});
    if (random.once_in(3)) continue;
    const instant later{now + 30 - static_cast<std::int64_t>(random.below(lateness + 1))};
    made.labels.push_back({account, later, id, random.once_in(4)});
  }
  return made;
}

// What a plain loop makes of the rows of `w` that lie before `commit` and not beyond `watermark`.
std::vector<scored> plain_loop(const world_of_rows& w, const prefix& payments, const prefix& labels,
                               epoch_id commit, instant watermark) {
  struct entry {
    instant at;
    int input;
    std::uint64_t tie;
    std::size_t row;
  };
  std::vector<entry> order;
  for (std::size_t i = 0; i < w.payments.size(); ++i)
    if (payments.contains(i, commit) && w.payments[i].at <= watermark)
      order.push_back({w.payments[i].at, 1, w.payments[i].id, i});
  for (std::size_t i = 0; i < w.labels.size(); ++i)
    if (labels.contains(i, commit) && w.labels[i].at <= watermark)
      order.push_back({w.labels[i].at, 0, w.labels[i].id, i});
  std::sort(order.begin(), order.end(), [](const entry& a, const entry& b) {
    return std::tie(a.at, a.input, a.tie) < std::tie(b.at, b.input, b.tie);
  });
  std::map<std::uint32_t, account_state> accounts;
  std::vector<scored> made;
  for (const entry& e : order) {
    if (e.input == 0) {
      const label& in = w.labels[e.row];
      account_state& s = accounts[in.account];
      s.frauds += in.fraud ? 1 : 0;
      s.digest = s.digest * 37 + in.id;
    } else {
      const payment& in = w.payments[e.row];
      account_state& s = accounts[in.account];
      s.sum += in.cents;
      s.digest = s.digest * 31 + in.id;
      made.push_back({in.id, s.sum, s.frauds, s.digest});
    }
  }
  std::sort(made.begin(), made.end());
  return made;
}

// The watermark of `source` at `commit`: that of its slowest instance that has not ended.
template <class Row>
instant watermark_of(const std::vector<Row>& rows, const std::vector<source_cut>& cuts,
                     const std::string& source, std::size_t instances, epoch_id commit) {
  instant lowest = instant::highest();
  for (std::size_t i = 0; i < instances; ++i) {
    const source_cut* at = nullptr;
    for (const auto& c : cuts)
      if (c.stage == source && c.instance == i && c.epoch <= commit) at = &c;
    if (at && at->end) continue;
    instant newest = instant::lowest();
    for (std::size_t n = 0; at && n < at->rows; ++n)
      newest = std::max(newest, rows[n * instances + i].at);
    lowest =
        std::min(lowest, newest == instant::lowest() ? newest : instant{newest.us - lateness - 1});
  }
  return lowest;
}

}  // namespace

event_time_run merge_labels(std::uint64_t seed) {
  const world_of_rows w = random_world(seed);
  auto out = std::make_shared<collected<scored>>();
  graph g{"labels"};
  const std::chrono::microseconds late{lateness};
  auto payments = g.source("payments", from::rows<payment>{w.payments})
                      .event_time(&payment::at, late)
                      .key_by(&payment::account)
                      .in_event_time_order(&payment::at, &payment::id);
  auto labels = g.source("labels", from::rows<label>{w.labels})
                    .event_time(&label::at, late)
                    .filter([](const label&) { return true; })
                    .key_by(&label::account)
                    .in_event_time_order(&label::at, &label::id);
  labels.with(payments)
      .scan<account_state>("score", take_label, take_payment)
      .sink("scores", to::collect{out});

  event_time_run made;
  simulation_options options;
  options.scenario = "labels";
  options.step_time = std::chrono::microseconds(10 + seed % 3 * 100);
  made.run = run_simulated(g, seed, options);
  made.problem = made.run.problem + made.run.status.failure;
  if (!made.problem.empty()) return made;

  const auto& used = made.run.used;
  const std::size_t p = std::max<std::size_t>(1, used.parallelism("payments"));
  const std::size_t l = std::max<std::size_t>(1, used.parallelism("labels"));
  const auto& cuts = made.run.cuts;
  for (const epoch_id commit : commits(cuts)) {
    const instant watermark = std::min(watermark_of(w.payments, cuts, "payments", p, commit),
                                       watermark_of(w.labels, cuts, "labels", l, commit));
    const auto want = plain_loop(w, {cuts, "payments", p}, {cuts, "labels", l}, commit, watermark);
    std::vector<scored> shown;
    for (const epoch_id e : out->epochs())
      if (e <= commit)
        for (const auto& row : out->rows_of(e)) shown.push_back(row);
    std::sort(shown.begin(), shown.end());
    if (shown == want) continue;
    made.problem += "at epoch " + std::to_string(commit.value) + ": " +
                    std::to_string(shown.size()) + " rows, a plain loop has " +
                    std::to_string(want.size()) + "; ";
  }
  if (out->size() != w.payments.size())
    made.problem += std::to_string(out->size()) + " rows in the sink at the end";
  for (const auto& one : made.run.status.instances)
    if (one.work.operation.late_rows != 0) made.problem += "; late rows";
  if (!made.problem.empty())
    made.problem += "\nreproduce: SLUICE_SEED=" + std::to_string(seed) + ", labels";
  return made;
}

}  // namespace sluice::sim

#include "sluice/apps/fraud/fraud_graph.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "sluice/apps/fraud/alert_steps.hpp"
#include "sluice/apps/fraud/feature_text.hpp"
#include "sluice/apps/fraud/plain_loop.hpp"
#include "sluice/apps/fraud/settings_sweep.hpp"
#include "sluice/connectors/reject_logs.hpp"
#include "sluice/graph/run.hpp"
#include "sluice/graph/settings.hpp"
#include "sluice/operators/run_status.hpp"
#include "sluice/tests/support/catch.hpp"
#include "sluice/tests/support/child_process.hpp"

using namespace sluice;
using namespace sluice::fraud;
using namespace std::chrono_literals;

namespace {

const std::shared_ptr<const handbook_world>& small_world() {
  static const auto world = std::make_shared<const handbook_world>(
      generate_world({.customers = 200, .terminals = 400, .days = 60, .radius = 12}));
  return world;
}

fraud_steps small_steps() {
  return {.models = models_named("lr"), .limits = {.travel_farther = 24}, .period = {}};
}

finished_run usual_run() {
  return run_over(small_world(), small_steps(), {}, run_record::keep::whole_rows);
}

}  // namespace

TEST_CASE("the graph gives every payment the features and reasons of a plain loop",
          "[fraud_graph][V3][actors]") {
  const auto run = usual_run();
  CHECK(run.counts.read == small_world()->rows.size());
  std::vector<features> expected;
  std::vector<std::uint8_t> reasons;
  std::vector<verdict> answers;
  plain_loop(*small_world(), small_steps().limits, [&](const decided& answer, const examined& row) {
    answers.push_back(answer.answer);
    expected.push_back(features_of(row));
    reasons.push_back(row.reasons);
  });
  CHECK(run.record->kept_features() == expected);
  CHECK(run.record->reasons() == reasons);
  CHECK(run.record->answers() == answers);
  CHECK(fingerprints_of(*run.record).features ==
        "1a29dd3fc82ca130c55ba3873c3be4aa676b644a611c301751376ecdf73ff575");
}

TEST_CASE("alerts stand for every suspicious payment of their hour", "[fraud_graph][actors]") {
  using key = std::tuple<std::uint32_t, std::int64_t, int>;  // customer, hour, strongest reason
  std::map<key, std::pair<std::uint64_t, std::uint32_t>> expected;  // first tx_id, count
  plain_loop(*small_world(), small_steps().limits, [&](const decided&, const examined& row) {
    if (!raises_alert(reason_set::from_bits(row.reasons))) return;
    const key of{row.customer, row.at.seconds() / 3'600, row.reasons & -row.reasons};
    ++expected.try_emplace(of, row.tx_id, 0u).first->second.second;
  });
  const auto run = usual_run();
  std::set<std::pair<std::uint64_t, std::uint32_t>> wanted, found;
  for (const auto& [of, what] : expected) wanted.insert(what);
  for (const auto& alert : run.record->alerts()) found.emplace(alert.row.tx_id, alert.row.count);
  CHECK(found == wanted);
  CHECK(run.record->alerts().size() == wanted.size());
}

TEST_CASE("each day has its hundred best cards", "[fraud_graph][actors]") {
  const auto run = usual_run();
  const score_models models = models_named("lr");
  std::map<std::uint32_t, std::vector<judged_payment>> days;
  plain_loop(*small_world(), small_steps().limits, [&](const decided&, const examined& row) {
    const auto inputs = inputs_of(row);
    double score = 0;
    models.champion->score({&inputs, 1}, {&score, 1});
    days[small_world()->rows[row.tx_id].day()].push_back(
        {small_world()->rows[row.tx_id].day(), row.customer, false, score});
  });
  std::vector<card_day> wanted;
  for (const auto& [day, payments] : days)
    for (const auto& card : top_cards(payments, 100)) wanted.push_back(card);
  auto found = run.record->cards();
  const auto by_rank = [](const card_day& a, const card_day& b) {
    return std::tie(a.day, a.rank) < std::tie(b.day, b.rank);
  };
  std::sort(found.begin(), found.end(), by_rank);
  CHECK(found == wanted);
}

TEST_CASE("instances, batches and markers change nothing that leaves the graph",
          "[fraud_graph][P17][V6][actors]") {
  const auto expected = fingerprints_of(*usual_run().record);
  for (const auto& setting : {run_setting{.every = 10ms, .rows = 64, .parallelism = 4},
                              run_setting{.rows = 1, .parallelism = 2, .policy = batch_policy::off},
                              run_setting{.every = run_setting::at_the_end,
                              .rows = 65'536,
                              .parallelism = 3,
                              .policy = batch_policy::mini}}) {
    CAPTURE(text_of(setting));
    const auto run = run_over(small_world(), small_steps(), setting, run_record::keep::whole_rows);
    CHECK(fingerprints_of(*run.record) == expected);
  }
}

TEST_CASE("a payment is answered without waiting for a marker, whatever the batched path does",
          "[fraud_graph][P17][actors]") {
  graph g{"fraud"};
  g.policy(batch_policy::micro).batch({.every = run_setting::at_the_end});
  compose(g, world_feed{payments_of(small_world())}, small_steps(), {});
  const settings chosen = settings_in_code(g);
  CHECK(chosen.policy("decide") == batch_policy::off);
  CHECK(chosen.policy("decisions") == batch_policy::off);
  CHECK(chosen.policy("terminal windows") == batch_policy::micro);
}

TEST_CASE("what waits for the labels is days, not the whole stream", "[fraud_graph][actors]") {
  graph g{"fraud"};
  g.batch({.rows = 64}).set("credit.rows", 128);  // or the windows of the channels hold it all
  compose(g, world_feed{payments_of(small_world())}, small_steps(), {});
  std::uint64_t most_held = 0;
  run_options options;
  options.report_every = 1ms;
  options.on_status = [&](const run_status& status) {
    for (const auto& one : status.instances)
      if (one.stage == "terminal windows")
        most_held = std::max(most_held, one.work.operation.held_rows);
  };
  const auto ran = run_graph(g, settings_in_code(g), options);
  REQUIRE(ran);
  CHECK(ran.value().finished);
  CHECK(most_held > 0);
  CHECK(most_held < small_world()->rows.size() / 6);  // some seven days of sixty
}

TEST_CASE("a file with bad rows is read to its end, and read is good and bad",
          "[fraud_graph][F22][actors]") {
  const scratch_folder folder;
  std::string text = world_text(*small_world());
  const std::size_t third_line = text.find('\n', text.find('\n', text.find('\n') + 1) + 1) + 1;
  text.insert(third_line, "not,a,row\n7,1,1,1,1,9,9\n");
  graph g{"fraud"};
  run_record record{small_world()->rows.size(), run_record::keep::whole_rows};
  compose(g, world_feed{payments_in_file(folder.write("world.csv", text))}, small_steps(),
          record.sinks());
  const auto log = std::make_shared<memory_reject_log>();
  run_options options;
  options.rejects = [&](const std::string&) { return log; };
  const auto ran = run_graph(g, settings_in_code(g), options);
  REQUIRE(ran);
  REQUIRE(ran.value().finished);
  std::uint64_t good = 0, bad = 0;
  for (const auto& one : ran.value().instances)
    if (one.role == "source" && one.stage != "clock" && one.stage != "labels") {
      good += one.source.rows;
      bad += one.source.rejected;
    }
  CHECK(good == small_world()->rows.size());
  CHECK(bad == 2);
  CHECK(log->count() == 2);
  CHECK(fingerprints_of(record).features ==
        "1a29dd3fc82ca130c55ba3873c3be4aa676b644a611c301751376ecdf73ff575");
}

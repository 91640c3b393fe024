#include "sluice/apps/fraud/verify.hpp"

#include "sluice/apps/fraud/settings_sweep.hpp"
#include "sluice/apps/fraud/slow_sinks.hpp"

namespace sluice::fraud {

namespace {

using namespace std::chrono_literals;

constexpr std::string_view small_features =
    "1a29dd3fc82ca130c55ba3873c3be4aa676b644a611c301751376ecdf73ff575";
constexpr world_parameters small_world{
    .customers = 200, .terminals = 400, .days = 60, .radius = 12};

const std::vector<std::chrono::milliseconds> intervals{10ms, 100ms, 1000ms, 5000ms,
                                                       run_setting::at_the_end};
const std::vector<std::size_t> batches{1, 64, 1024, 8192, 65'536};
const std::vector<std::size_t> parallelisms{1, 2, 4};

using shared_world = std::shared_ptr<const handbook_world>;

shared_world make_world(const world_parameters& parameters) {
  return std::make_shared<const handbook_world>(generate_world(parameters));
}

fraud_steps steps_over(const fraud_steps& steps, const shared_world& world) {
  fraud_steps made = steps;
  made.limits.travel_farther = 2 * world->parameters.radius;
  return made;
}

// V1, V2, V4, V5, and V6 for the corners of the sweep: the usual settings, small batches with many
// markers spread over instances, the largest batches with none; each in one process and on three.
void verify_full_stream(const fraud_steps& given, printed_verdict& verdict) {
  const auto world = make_world({});
  const fraud_steps steps = steps_over(given, world);
  const auto run = run_over(world, steps, {}, run_record::keep::whole_rows);
  verdict.add(count_verdict(*world, run.counts, *run.record));
  verdict.add(truth_verdict(*world));
  verdict.add(table_verdict(*world, *run.record, steps.period));
  verdict.add(rule_verdict(*world, *run.record));
  const fingerprints found = fingerprints_of(*run.record);
  verdict.add({"V3", "features of the full stream, sha256 " + found.features,
               found.features == features_of_full_stream});
  verdict.add(sweep_verdict(
      "full stream", world, steps, found,
      {{.every = 10ms, .rows = 64, .parallelism = 4},
       {.every = run_setting::at_the_end, .rows = 65'536, .parallelism = 2},
       {.nodes = 3},
       {.every = 10ms, .rows = 64, .parallelism = 4, .nodes = 3},
       {.every = run_setting::at_the_end, .rows = 65'536, .parallelism = 2, .nodes = 3}}));
}

// V3, and V6 for every combination in one process and on nodes; coarsely with the other policies.
void verify_small_world(const fraud_steps& given, printed_verdict& verdict) {
  const auto world = make_world(small_world);
  const fraud_steps steps = steps_over(given, world);
  const auto run = run_over(world, steps, {}, run_record::keep::whole_rows);
  const fingerprints found = fingerprints_of(*run.record);
  verdict.add({"V3", "features of the small world, sha256 " + found.features,
               found.features == small_features});
  verdict.add(sweep_verdict("small world", world, steps, found,
                            all_settings(intervals, batches, parallelisms, {batch_policy::both})));
  verdict.add(
      sweep_verdict("small world, 2 and 3 nodes", world, steps, found,
                    all_settings(intervals, batches, parallelisms, {batch_policy::both}, {2, 3})));
  verdict.add(
      sweep_verdict("small world, off micro mini", world, steps, found,
                    all_settings({10ms, 1000ms}, {1, 64, 8192}, {1, 2, 4},
                                 {batch_policy::off, batch_policy::micro, batch_policy::mini})));
}

// V9.
void verify_slow_sinks(const fraud_steps& given, printed_verdict& verdict) {
  const auto world = make_world({});
  const fraud_steps steps = steps_over(given, world);
  verdict.add(slow_alerts_verdict(run_with_slow_sink(world, steps, slow_sink::alerts)));
  verdict.add(slow_features_verdict(run_with_slow_sink(world, steps, slow_sink::features)));
}

}  // namespace

int verify(const fraud_steps& steps, std::string_view part) {
  printed_verdict verdict;
  const auto wanted = [part](std::string_view name) { return part.empty() || part == name; };
  if (wanted("small")) verify_small_world(steps, verdict);
  if (wanted("slow")) verify_slow_sinks(steps, verdict);
  if (wanted("full")) verify_full_stream(steps, verdict);
  return verdict.exit_code();
}

}  // namespace sluice::fraud

#include "sluice/tests/sim/cluster_audit.hpp"

#include <cstdlib>

#include "sluice/graph/run.hpp"
#include "sluice/tests/sim/audit_graph.hpp"
#include "sluice/tests/sim/picky_numbers.hpp"

namespace sluice::sim {

cluster_run audit_on_cluster(std::uint64_t seed,
                             const std::function<void(cluster_options&)>& tune) {
  sim_disk disk{seed * 2 + 1};
  seeded_random random{seed ^ 0xA0D17};
  const std::uint64_t numbers = random.one_of<std::uint64_t>({3, 60, 200});
  const audit_graph audit{disk,
                          {.numbers = numbers, .readers = random.between(1, 3), .rejects = true}};
  cluster_options options;
  options.run.rejects = [&](const std::string&) { return rejects_on(disk); };
  options.run.scenario = "audit on a cluster";
  options.run.chosen = settings_in_code(audit.made());
  const auto combine = seeded_random{seed ^ 0xC0B1}.one_of(
      {pre_aggregate::off, pre_aggregate::on, pre_aggregate::automatic});
  options.run.chosen.assign({.id = setting_id::pre_aggregate,
                             .stage = {},
                             .value = static_cast<std::int64_t>(combine),
                             .origin = {},
                             .losers = {}});
  options.run.shrink.kept_parallel = {"numbers"};
  options.run.most_steps = 1'000'000;
  options.run.most_time = std::chrono::minutes{10};
  options.tells = std::getenv("SLUICE_TELL") ? stderr : nullptr;
  if (tune) tune(options);
  options.look = [&](const meta_truth& truth, epoch_id closed, bool finished) {
    return audit.look(truth, closed, {.finished = finished, .left_over = true});
  };
  options.on_sealed = [&](const manifest& decided) { return audit.prepared(decided); };
  return run_cluster_with_faults(audit.made(), disk, seed, options);
}

void two_coordinators(cluster_options& options) {
  options.two_coordinators = true;
  options.most_faults = 3;
  options.faults.unsure = false;
}

}  // namespace sluice::sim

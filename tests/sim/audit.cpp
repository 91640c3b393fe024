#include "sluice/tests/sim/audit.hpp"

#include "sluice/state/file_meta_store.hpp"
#include "sluice/tests/sim/audit_graph.hpp"

namespace sluice::sim {

crashed_run audit_with_crashes(std::uint64_t seed) {
  sim_disk disk{seed * 2 + 1};
  const audit_graph audit{disk, 400};
  crash_options options;
  options.run.scenario = "audit with crashes";
  options.run.shrink.kept_parallel = {"numbers"};
  options.run.most_steps = 400'000;
  epoch_id closed;
  options.run.on_epoch = [&](epoch_id epoch, std::uint64_t) { closed = epoch; };
  options.look = [&](bool finished) {
    const auto truth = file_meta_store{disk.open()}.load();
    if (!truth) return truth.failure().message;
    return audit.look(truth.value().value_or(meta_truth{}), closed, finished);
  };
  return run_with_crashes(audit.made(), disk, seed, options);
}

}  // namespace sluice::sim

#include "sluice/tests/sim/audit.hpp"

#include "sluice/state/file_meta_store.hpp"
#include "sluice/tests/sim/audit_graph.hpp"
#include "sluice/tests/sim/picky_numbers.hpp"

namespace sluice::sim {

namespace {

crashed_run audit(std::uint64_t seed, bool drained, crash_options options) {
  sim_disk disk{seed * 2 + 1};
  const audit_graph audited{disk, {.rejects = true}};
  options.run.rejects = [&](const std::string&) { return rejects_on(disk); };
  options.run.shrink.kept_parallel = {"numbers"};
  options.run.most_steps = 400'000;
  epoch_id closed;
  options.run.on_epoch = [&](epoch_id epoch, std::uint64_t) { closed = epoch; };
  options.look = [&](bool finished) {
    const auto truth = file_meta_store{disk.open()}.load();
    if (!truth) return truth.failure().message;
    return audited.look(truth.value().value_or(meta_truth{}), closed,
                        {.finished = finished, .drained = drained});
  };
  return run_with_crashes(audited.made(), disk, seed, options);
}

}  // namespace

crashed_run audit_with_crashes(std::uint64_t seed) {
  crash_options options;
  options.run.scenario = "audit with crashes";
  return audit(seed, /*drained=*/false, options);
}

crashed_run audit_with_stop(std::uint64_t seed, const asked_stop& stop) {
  crash_options options;
  options.run.scenario = "audit with a stop";
  options.most_crashes = stop.most_crashes;
  std::uint64_t happened = 0;
  options.run.on_event = [&](std::uint64_t, const std::string&, traced kind, std::uint64_t) {
    happened += kind == stop.at ? 1 : 0;
  };
  bool asked = false;
  options.stop = [&] {
    if (asked || happened < stop.nth) return crash_options::wish::go_on;
    asked = true;
    return stop.how;
  };
  return audit(seed, stop.how == crash_options::wish::drain, options);
}

}  // namespace sluice::sim

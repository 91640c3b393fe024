#include "sluice/sim/stepped_system.hpp"

#include <algorithm>
#include <caf/scheduler/test_coordinator.hpp>
#include <unordered_map>
#include <vector>

#include "sluice/records/assert.hpp"
#include "sluice/sim/seeded_random.hpp"
#include "sluice/sim/virtual_time.hpp"

namespace sluice::sim {

namespace {

using std::chrono::nanoseconds;

struct stepped_config : caf::actor_system_config {
  stepped_config() { seam::configure_stepped(*this); }
};

}  // namespace

struct stepped_system::machine {
  stepped_config config;
  caf::actor_system system{config};
  caf::scheduler::test_coordinator& jobs =
      dynamic_cast<caf::scheduler::test_coordinator&>(system.scheduler());
  caf::actor_clock::time_point start = jobs.clock().now();
  seeded_random random;
  bool unequal;
  std::unordered_map<caf::resumable*, caf::actor_id> ids;
  std::vector<unsigned> weights;        // by actor id; 0: not drawn yet
  std::vector<nanoseconds> busy_until;  // by actor id
  std::vector<unsigned> chances;        // of the jobs of one step

  explicit machine(std::uint64_t seed) : random(seed), unequal(!random.once_in(3)) {}

  caf::actor_id id_of(caf::resumable* job) {
    caf::actor_id& id = ids[job];
    if (id == 0) {
      const auto* actor = dynamic_cast<caf::scheduled_actor*>(job);
      SLUICE_ASSERT(actor, "only actors are scheduled");
      id = actor->id();
    }
    return id;
  }
  nanoseconds now() const { return jobs.clock().current_time - start; }
  bool busy(caf::actor_id id) const { return id < busy_until.size() && busy_until[id] > now(); }

  // An actor's chance to be picked against the others'.
  unsigned weight(caf::actor_id id) {
    if (!unequal) return 1;
    if (id >= weights.size()) weights.resize(id + 1);
    if (weights[id] == 0) weights[id] = 1u << random.below(7);
    return weights[id];
  }

  std::optional<std::size_t> pick() {
    chances.clear();
    unsigned all = 0;
    for (auto* job : jobs.jobs) {
      const caf::actor_id id = id_of(job);
      chances.push_back(busy(id) ? 0 : weight(id));
      all += chances.back();
    }
    if (all == 0) return std::nullopt;
    auto at = static_cast<unsigned>(random.below(all));
    std::size_t i = 0;
    while (at >= chances[i]) at -= chances[i++];
    return i;
  }
};

stepped_system::stepped_system(std::uint64_t seed) : machine_(std::make_unique<machine>(seed)) {
  set_virtual_time(nanoseconds{0});
}

stepped_system::~stepped_system() {
  run_out();
  set_virtual_time(nanoseconds{0});
}

void stepped_system::run_out() {
  machine_->jobs.clock().cancel_all();
  while (machine_->jobs.try_run_once()) machine_->jobs.clock().cancel_all();
}

caf::actor_system& stepped_system::actors() { return machine_->system; }

std::optional<std::uint64_t> stepped_system::step() {
  const auto picked = machine_->pick();
  if (!picked) return std::nullopt;
  auto& jobs = machine_->jobs.jobs;
  const auto job = jobs.begin() + static_cast<std::ptrdiff_t>(*picked);
  const caf::actor_id id = machine_->id_of(*job);
  std::rotate(jobs.begin(), job, job + 1);
  machine_->jobs.run_once();
  return id;
}

void stepped_system::keep_busy(std::uint64_t actor, nanoseconds time) {
  auto& until = machine_->busy_until;
  if (actor >= until.size()) until.resize(actor + 1);
  until[actor] = now() + time;
}

bool stepped_system::somebody_busy() const {
  const auto& jobs = machine_->jobs.jobs;
  return std::any_of(jobs.begin(), jobs.end(),
                     [&](auto* job) { return machine_->busy(machine_->id_of(job)); });
}

void stepped_system::pass(nanoseconds time) {
  machine_->jobs.advance_time(time);
  set_virtual_time(now());
}

bool stepped_system::runnable() const {
  const auto& jobs = machine_->jobs.jobs;
  return std::any_of(jobs.begin(), jobs.end(),
                     [&](auto* job) { return !machine_->busy(machine_->id_of(job)); });
}

std::optional<nanoseconds> stepped_system::next_timeout() const {
  const auto& timeouts = machine_->jobs.clock().schedule();
  if (timeouts.empty()) return std::nullopt;
  return std::max(nanoseconds{0}, nanoseconds{timeouts.begin()->first - machine_->start} - now());
}

bool stepped_system::advance() {
  auto next = nanoseconds::max();
  if (const auto timeout = next_timeout()) next = now() + *timeout;
  for (auto* job : machine_->jobs.jobs) {
    const caf::actor_id id = machine_->id_of(job);
    if (machine_->busy(id)) next = std::min(next, machine_->busy_until[id]);
  }
  if (next == nanoseconds::max()) return false;
  pass(std::max(nanoseconds{0}, next - now()));
  return true;
}

nanoseconds stepped_system::now() const { return machine_->now(); }

}  // namespace sluice::sim

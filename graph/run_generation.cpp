#include "sluice/graph/run_generation.hpp"

#include <algorithm>
#include <random>
#include <utility>

#include "sluice/graph/graph_signature.hpp"

namespace sluice {

namespace {

job_id new_job() {
  std::random_device random;
  const auto word = [&] { return std::uint64_t{random()} << 32 | random(); };
  return {{word(), word()}};
}

// Numbers of epochs to reserve with a write (docs/protocol.md 3).
std::uint64_t numbers_of(const plan& planned) {
  return std::max<std::uint64_t>(meta_store::least_reserved, 8 * planned.commit_every);
}

}  // namespace

error undecided(const error& why) {
  return why.code == error_code::malformed ? error{error_code::needs_decision, why.message} : why;
}

result<meta_truth> begin_job(const graph_description& g, meta_store& store) {
  auto found = store.load();
  if (!found) return undecided(found.failure());
  if (!found.value()) {
    meta_answer made = store.create(new_job(), hash_of(g));
    if (made.outcome != meta_outcome::done) return error{error_code::failed, made.message};
    return std::move(made.truth);
  }
  if (found.value()->graph != hash_of(g))
    return error{
        error_code::needs_decision,
        "the checkpoint is of another graph: stages with state, their records or keys have "
        "changed"};
  return std::move(*found.value());
}

result<restoring> begin_generation(const meta_truth& before, const plan& planned,
                                   const checkpoint_place& place,
                                   const std::shared_ptr<work_queue>& queue) {
  meta_answer bumped = place.store->bump_generation(before.generation, numbers_of(planned));
  if (bumped.outcome != meta_outcome::done)
    return error{error_code::failed, "no new generation can begin: " + bumped.message};
  restoring from;
  from.truth = std::move(bumped.truth);
  from.read = place.read;
  from.how = std::make_shared<durability>();
  from.how->generation = from.truth.generation;
  from.how->reserved_to = from.truth.reserved_to;
  from.how->first_after = {from.truth.reserved_to.value - numbers_of(planned)};
  from.how->numbers = numbers_of(planned);
  from.how->queue = queue;
  from.how->store = place.store;
  from.how->write_file = [write = place.write_file, generation = from.truth.generation](
                             const std::string& stage, std::size_t instance, epoch_id epoch,
                             const snapshot_chain::file_content& content) {
    return write(generation, stage, instance, epoch, content);
  };
  from.how->collect = place.collect;
  return from;
}

}  // namespace sluice

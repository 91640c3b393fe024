#include "sluice/graph/run_generation.hpp"

#include <algorithm>
#include <optional>
#include <random>
#include <utility>

#include "sluice/graph/checkpoint_diff.hpp"
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

meta_answer begin(const graph_description& g, generation_id before, std::uint64_t numbers,
                  meta_store& store, generation_start start) {
  switch (start) {
    case generation_start::behind_older:
      return store.take_back_last(before, numbers);
    case generation_start::anew:
      return store.begin_again(before, new_job(), hash_of(g), numbers);
    case generation_start::behind_last:
      break;
  }
  return store.bump_generation(before, numbers);
}

// It is missing if a process died before it had written it, or was older than outlines are: the
// graph is known by its hash alone then.
result<void> see_to_outline(const graph_description& g, const checkpoint_place& place,
                            const meta_truth& truth) {
  auto there = find_outline(place, truth);
  if (!there) return there.failure();
  return there.value() ? result<void>{} : place.keep_outline({truth.job, outline_of(g)});
}

std::string number(epoch_id epoch) { return std::to_string(epoch.value); }

error shown_already(const std::string& who, epoch_id epoch) {
  return {error_code::needs_decision,
          who + " has shown rows of epoch " + number(epoch) +
              ": from an older epoch on they would be shown twice; behind it goes --from last"};
}

// Whether one of the instances of `stage` has shown something of `newest`.
result<void> check_unseen(const stage_node& stage, const manifest& newest) {
  for (const instance_snapshot& one : newest.instances) {
    if (one.stage != stage.name || one.epoch != newest.epoch) continue;
    if (stage.kind == stage_kind::source) {
      const auto saved = source_snapshot_of(one.state);
      if (!saved) return undecided(saved.failure());
      if (!saved.value().prepared.empty())
        return shown_already("the reject log of " + stage.name, newest.epoch);
    } else if (stage.kind == stage_kind::sink && !one.state.empty()) {
      if (!stage.shows)
        return error{error_code::needs_decision, "nobody can tell whether sink " + stage.name +
                                                     " has shown epoch " + number(newest.epoch) +
                                                     "; behind it goes --from last"};
      auto shown = stage.shows({.stage = stage.name, .instance = one.instance, .fields = nullptr},
                               {one.epoch, newest.generation, one.instance, one.state});
      if (!shown) return shown.failure();
      if (shown.value()) return shown_already("sink " + stage.name, newest.epoch);
    }
  }
  return {};
}

// Rows that a sink shows at once it shows again anyway.
result<void> check_unseen(const graph_description& g, const manifest& newest) {
  for (const stage_node& stage : g.stages)
    if (auto unseen = check_unseen(stage, newest); !unseen) return unseen;
  return {};
}

result<generation_start> start_behind(const graph_description& g, const meta_truth& kept,
                                      epoch_id epoch) {
  if (!kept.last()) return error{error_code::refused, "no epoch is kept yet"};
  if (kept.last()->epoch == epoch) return generation_start::behind_last;
  if (kept.sealed.front().epoch != epoch) {
    std::string there;
    for (const manifest& m : kept.sealed) there += (there.empty() ? "" : " and ") + number(m.epoch);
    return error{error_code::refused, "epoch " + number(epoch) + " is not kept; kept is " + there};
  }
  if (auto unseen = check_unseen(g, *kept.last()); !unseen) return unseen.failure();
  return generation_start::behind_older;
}

}  // namespace

result<generation_start> find_start(const graph_description& g,
                                    const std::optional<meta_truth>& kept,
                                    const run_beginning& from) {
  switch (from.at) {
    case run_beginning::kind::epoch:
      return start_behind(g, kept.value_or(meta_truth{}), from.epoch);
    case run_beginning::kind::none:
      if (!kept) break;
      if (kept->last() && !kept->last()->end)
        return error{error_code::needs_decision,
                     "the run that is kept has not ended: epoch " + number(kept->last()->epoch) +
                         " and its state would be lost; go on with --from last, or give it up by "
                         "removing the directory"};
      return generation_start::anew;
    case run_beginning::kind::last:
      break;
  }
  return generation_start::behind_last;
}

error undecided(const error& why) {
  return why.code == error_code::malformed ? error{error_code::needs_decision, why.message} : why;
}

result<meta_truth> begin_job(const graph_description& g, const checkpoint_place& place,
                             generation_start start) {
  auto found = place.store->load();
  if (!found) return undecided(found.failure());
  if (!found.value()) {
    meta_answer made = place.store->create(new_job(), hash_of(g));
    if (made.outcome != meta_outcome::done) return error{error_code::failed, made.message};
    return std::move(made.truth);
  }
  meta_truth& truth = *found.value();
  auto outline = find_outline(place, truth);
  if (!outline) return undecided(outline.failure());
  if (truth.graph == hash_of(g) || start == generation_start::anew) return std::move(truth);
  const kept_checkpoint kept{std::move(truth), std::move(outline).value()};
  return error{error_code::needs_decision,
               "the checkpoint is of another graph. " + compare(kept, outline_of(g)).summary()};
}

result<restoring> begin_generation(const graph_description& g, const meta_truth& before,
                                   const plan& planned, const checkpoint_place& place,
                                   const std::shared_ptr<work_queue>& queue,
                                   generation_start start) {
  meta_answer bumped = begin(g, before.generation, numbers_of(planned), *place.store, start);
  if (bumped.outcome != meta_outcome::done)
    return error{error_code::failed, "no new generation can begin: " + bumped.message};
  if (auto kept = see_to_outline(g, place, bumped.truth); !kept) return undecided(kept.failure());
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

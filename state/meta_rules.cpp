#include "sluice/state/meta_rules.hpp"

#include <limits>
#include <string>
#include <utility>

namespace sluice {

namespace {

constexpr std::size_t most_sealed = 2;

meta_answer refused(std::string why) {
  return {.outcome = meta_outcome::refused, .truth = {}, .message = std::move(why)};
}
meta_answer done(meta_truth truth) {
  return {.outcome = meta_outcome::done, .truth = std::move(truth), .message = {}};
}

// Numbers are reserved by every write, so that none is used twice though none is written down.
meta_answer done_and_reserved(meta_truth truth, std::uint64_t numbers) {
  if (numbers > std::numeric_limits<std::uint64_t>::max() - truth.reserved_to.value)
    return refused("the numbers of epochs are used up: " + std::to_string(truth.reserved_to.value));
  truth.reserved_to.value += numbers;
  return done(std::move(truth));
}

meta_answer other_generation(generation_id there, generation_id wanted) {
  return refused("generation " + std::to_string(wanted.value) +
                 " is not the current one: " + std::to_string(there.value));
}

}  // namespace

meta_answer created(const std::optional<meta_truth>& now, const job_id& job,
                    const graph_hash& graph) {
  if (now) return refused("there is a run already");
  return done({.job = job, .graph = graph, .generation = {}, .reserved_to = {}, .sealed = {}});
}

meta_answer bumped(const std::optional<meta_truth>& now, generation_id expected,
                   std::uint64_t numbers) {
  if (!now) return refused("there is no run");
  if (now->generation != expected) return other_generation(now->generation, expected);
  meta_truth next = *now;
  ++next.generation.value;
  return done_and_reserved(std::move(next), numbers);
}

meta_answer sealed(const std::optional<meta_truth>& now, const manifest& m, std::uint64_t numbers) {
  if (!now) return refused("there is no run");
  if (now->generation != m.generation) return other_generation(now->generation, m.generation);
  const epoch_id last = now->last() ? now->last()->epoch : epoch_id{};
  if (m.epoch <= last)
    return refused("epoch " + std::to_string(m.epoch.value) +
                   " is not behind the last sealed one: " + std::to_string(last.value));
  if (m.epoch > now->reserved_to)
    return refused("epoch " + std::to_string(m.epoch.value) + " is not reserved: the last is " +
                   std::to_string(now->reserved_to.value));
  meta_truth next = *now;
  if (next.sealed.size() == most_sealed) next.sealed.erase(next.sealed.begin());
  next.sealed.push_back(m);
  return done_and_reserved(std::move(next), numbers);
}

meta_answer taken_back(const std::optional<meta_truth>& now, generation_id expected,
                       std::uint64_t numbers) {
  meta_answer answer = bumped(now, expected, numbers);
  if (answer.outcome != meta_outcome::done) return answer;
  if (answer.truth.sealed.size() < most_sealed) return refused("there is no older sealed epoch");
  answer.truth.sealed.pop_back();
  return answer;
}

meta_answer begun_again(const std::optional<meta_truth>& now, generation_id expected,
                        const job_id& job, const graph_hash& graph, std::uint64_t numbers) {
  meta_answer answer = bumped(now, expected, numbers);
  if (answer.outcome != meta_outcome::done) return answer;
  answer.truth.job = job;
  answer.truth.graph = graph;
  answer.truth.sealed.clear();
  return answer;
}

}  // namespace sluice

#include "sluice/sim/watched_meta_store.hpp"

#include <algorithm>
#include <utility>

namespace sluice::sim {

void truth_watch::opened(generation_id generation, epoch_id epoch) {
  if (generation < opening_) return;
  if (generation > opening_) open_.clear();
  opening_ = generation;
  if (std::find(open_.begin(), open_.end(), epoch) == open_.end()) open_.push_back(epoch);
}

void truth_watch::saw(const meta_truth& now, const manifest* sealing) {
  const epoch_id before = newest_.last() ? newest_.last()->epoch : epoch_id{};
  const epoch_id after = now.last() ? now.last()->epoch : epoch_id{};
  if (now.generation < newest_.generation)
    broken("I3: the generation falls from " + std::to_string(newest_.generation.value) + " to " +
           std::to_string(now.generation.value));
  if (after < before)
    broken("I3: the last sealed epoch falls from " + std::to_string(before.value) + " to " +
           std::to_string(after.value));
  if (now.reserved_to < newest_.reserved_to)
    broken("numbers of epochs would be used again: reserved to " +
           std::to_string(now.reserved_to.value) + " after " +
           std::to_string(newest_.reserved_to.value));
  if (sealing) {
    if (sealing->generation != newest_.generation)
      broken("I3: generation " + std::to_string(sealing->generation.value) + " seals under " +
             std::to_string(newest_.generation.value));
    if (sealing->epoch <= before)
      broken("epoch " + std::to_string(sealing->epoch.value) + " is sealed behind " +
             std::to_string(before.value));
    if (sealing->epoch > newest_.reserved_to)
      broken("epoch " + std::to_string(sealing->epoch.value) + " is sealed and not reserved");
    if (opening_ == sealing->generation) {
      if (!open_.empty() && open_.front() != sealing->epoch)
        broken("I10: epoch " + std::to_string(sealing->epoch.value) + " is sealed before " +
               std::to_string(open_.front().value));
      std::erase(open_, sealing->epoch);
    }
  }
  newest_ = now;
}

void truth_watch::broken(std::string what) {
  if (problem_.empty()) problem_ = std::move(what);
}

result<std::optional<meta_truth>> watched_meta_store::load() {
  auto found = beneath_->load();
  // An old coordinator may have kept what it read, so only what is newer says something.
  if (found && found.value() && found.value()->generation >= watch_.newest().generation)
    watch_.saw(*found.value(), nullptr);
  return found;
}

meta_answer watched_meta_store::create(const job_id& job, const graph_hash& graph) {
  meta_answer answer = beneath_->create(job, graph);
  if (answer.outcome == meta_outcome::done) watch_.saw(answer.truth, nullptr);
  return answer;
}

meta_answer watched_meta_store::bump_generation(generation_id expected, std::uint64_t numbers) {
  meta_answer answer = beneath_->bump_generation(expected, numbers);
  if (answer.outcome == meta_outcome::done) watch_.saw(answer.truth, nullptr);
  return answer;
}

meta_answer watched_meta_store::put_commit(const manifest& m, std::uint64_t numbers) {
  meta_answer answer = beneath_->put_commit(m, numbers);
  if (answer.outcome != meta_outcome::done) return answer;
  watch_.saw(answer.truth, &m);
  if (on_sealed_) on_sealed_(m);
  return answer;
}

}  // namespace sluice::sim

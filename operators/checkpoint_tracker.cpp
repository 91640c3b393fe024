#include "sluice/operators/checkpoint_tracker.hpp"

#include <algorithm>
#include <utility>

#include "sluice/records/assert.hpp"

namespace sluice {

checkpoint_tracker::checkpoint_tracker(generation_id generation, std::size_t participants)
    : generation_(generation), ended_(participants) {}

void checkpoint_tracker::opened(epoch_id epoch) {
  SLUICE_ASSERT(open_.empty() || open_.rbegin()->first < epoch, "epochs are opened in order");
  open_[epoch].answers.resize(ended_.size());
}

void checkpoint_tracker::answered(epoch_id epoch, std::size_t who, instance_snapshot snapshot) {
  SLUICE_ASSERT(open_.contains(epoch), "only an open epoch is answered for");
  SLUICE_ASSERT(!answer(epoch, who), "everybody answers once");
  if (snapshot.ended) ended_[who] = {epoch, snapshot};
  open_[epoch].answers[who] = std::move(snapshot);
}

// What `who` says of `epoch`: its answer, or its last one if it had ended before.
const instance_snapshot* checkpoint_tracker::answer(epoch_id epoch, std::size_t who) const {
  const auto& given = open_.at(epoch).answers[who];
  if (given) return &*given;
  return ended_[who] && ended_[who]->epoch < epoch ? &ended_[who]->snapshot : nullptr;
}

std::optional<manifest> checkpoint_tracker::next_to_seal() {
  if (writing_ || open_.empty() || !missing().empty()) return std::nullopt;
  writing_ = true;
  manifest made;
  made.generation = generation_;
  made.epoch = open_.begin()->first;
  made.end = true;
  for (std::size_t who = 0; who < ended_.size(); ++who) {
    made.instances.push_back(*answer(made.epoch, who));
    made.end = made.end && made.instances.back().ended;
  }
  return made;
}

void checkpoint_tracker::sealed() {
  SLUICE_ASSERT(writing_, "what is sealed was given out to be");
  writing_ = false;
  sealed_ = open_.begin()->first;
  open_.erase(open_.begin());
}

std::vector<std::size_t> checkpoint_tracker::missing() const {
  std::vector<std::size_t> silent;
  if (open_.empty()) return silent;
  for (std::size_t who = 0; who < ended_.size(); ++who)
    if (!answer(open_.begin()->first, who)) silent.push_back(who);
  return silent;
}

}  // namespace sluice

#include "sluice/sim/unsure_meta_store.hpp"

namespace sluice::sim {

result<std::optional<meta_truth>> unsure_meta_store::load() {
  if (gone_) return error{error_code::unavailable, "the store does not answer"};
  return beneath_.load();
}

meta_answer unsure_meta_store::create(const job_id& job, const graph_hash& graph) {
  return answer([&] { return beneath_.create(job, graph); });
}
meta_answer unsure_meta_store::bump_generation(generation_id expected, std::uint64_t numbers) {
  return answer([&] { return beneath_.bump_generation(expected, numbers); });
}
meta_answer unsure_meta_store::put_commit(const manifest& m, std::uint64_t numbers) {
  return answer([&] { return beneath_.put_commit(m, numbers); });
}

meta_answer unsure_meta_store::take_back_last(generation_id expected, std::uint64_t numbers) {
  return answer([&] { return beneath_.take_back_last(expected, numbers); });
}
meta_answer unsure_meta_store::begin_again(generation_id expected, const job_id& job,
                                           const graph_hash& graph, std::uint64_t numbers) {
  return answer([&] { return beneath_.begin_again(expected, job, graph, numbers); });
}

template <class Write>
meta_answer unsure_meta_store::answer(Write write) {
  const auto lost = lost_.find(writes_++);
  if (!gone_ && lost == lost_.end()) return write();
  if (!gone_ && lost->second == answer_lost::after) static_cast<void>(write());
  gone_ = true;
  return {.outcome = meta_outcome::unknown, .truth = {}, .message = "the store does not answer"};
}

}  // namespace sluice::sim

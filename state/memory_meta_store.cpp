#include "sluice/state/memory_meta_store.hpp"

#include "sluice/state/meta_rules.hpp"

namespace sluice {

meta_answer memory_meta_store::create(const job_id& job, const graph_hash& graph) {
  return keep(created(*kept_, job, graph));
}
meta_answer memory_meta_store::bump_generation(generation_id expected, std::uint64_t numbers) {
  return keep(bumped(*kept_, expected, numbers));
}
meta_answer memory_meta_store::put_commit(const manifest& m, std::uint64_t numbers) {
  return keep(sealed(*kept_, m, numbers));
}

meta_answer memory_meta_store::take_back_last(generation_id expected, std::uint64_t numbers) {
  return keep(taken_back(*kept_, expected, numbers));
}
meta_answer memory_meta_store::begin_again(generation_id expected, const job_id& job,
                                           const graph_hash& graph, std::uint64_t numbers) {
  return keep(begun_again(*kept_, expected, job, graph, numbers));
}

meta_answer memory_meta_store::keep(meta_answer answer) {
  if (answer.outcome == meta_outcome::done) *kept_ = answer.truth;
  return answer;
}

}  // namespace sluice

#pragma once

#include <cstdint>
#include <map>

#include "sluice/state/meta_store.hpp"

namespace sluice::sim {

/// When the answer to a write is lost.
enum class answer_lost {
  before,  ///< The write never happened.
  after,   ///< It happened.
};

/// Stands before any store and loses answers: the write is `unknown`, and so is every later one,
/// because its coordinator must exit (docs/protocol.md D7). The next coordinator has a new one.
class unsure_meta_store final : public meta_store {
 public:
  /// `beneath` must outlive this.
  explicit unsure_meta_store(meta_store& beneath) : beneath_(beneath) {}

  /// Loses the answer to the write after the next `writes` ones.
  void lose_answer_after(std::uint64_t writes, answer_lost when) { lost_[writes_ + writes] = when; }

  result<std::optional<meta_truth>> load() override;
  meta_answer create(const job_id& job, const graph_hash& graph) override;
  meta_answer bump_generation(generation_id expected, std::uint64_t numbers) override;
  meta_answer put_commit(const manifest& m, std::uint64_t numbers) override;
  meta_answer take_back_last(generation_id expected, std::uint64_t numbers) override;
  meta_answer begin_again(generation_id expected, const job_id& job, const graph_hash& graph,
                          std::uint64_t numbers) override;

 private:
  template <class Write>
  meta_answer answer(Write write);

  meta_store& beneath_;
  std::map<std::uint64_t, answer_lost> lost_;
  std::uint64_t writes_ = 0;
  bool gone_ = false;
};

}  // namespace sluice::sim

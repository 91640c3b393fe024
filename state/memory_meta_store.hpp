#pragma once

#include <memory>
#include <optional>

#include "sluice/state/meta_store.hpp"

namespace sluice {

/// A store that forgets at the end of the process: for a run that is not taken up again, and for
/// tests. Stores made from the same `kept` are two coordinators at one truth; both are called by
/// one thread at a time.
class memory_meta_store final : public meta_store {
 public:
  using truth_ref = std::shared_ptr<std::optional<meta_truth>>;

  memory_meta_store() : memory_meta_store(std::make_shared<std::optional<meta_truth>>()) {}
  explicit memory_meta_store(truth_ref kept) : kept_(std::move(kept)) {}

  result<std::optional<meta_truth>> load() override { return *kept_; }
  meta_answer create(const job_id& job, const graph_hash& graph) override;
  meta_answer bump_generation(generation_id expected, std::uint64_t numbers) override;
  meta_answer put_commit(const manifest& m, std::uint64_t numbers) override;
  meta_answer take_back_last(generation_id expected, std::uint64_t numbers) override;
  meta_answer begin_again(generation_id expected, const job_id& job, const graph_hash& graph,
                          std::uint64_t numbers) override;

 private:
  meta_answer keep(meta_answer answer);

  truth_ref kept_;
};

}  // namespace sluice

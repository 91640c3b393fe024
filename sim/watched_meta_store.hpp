#pragma once

#include <functional>
#include <memory>
#include <string>

#include "sluice/state/meta_store.hpp"

namespace sluice::sim {

/// What has become durable of a run, as somebody sees it who looks at every write of every
/// coordinator (docs/protocol.md I3, I10).
class truth_watch {
 public:
  /// A COMMIT epoch has been injected in `generation`.
  void opened(generation_id generation, epoch_id epoch);
  /// What was written, or read after a start. `sealing`: the write was that of this epoch.
  void saw(const meta_truth& now, const manifest* sealing);

  const meta_truth& newest() const { return newest_; }
  const std::string& problem() const { return problem_; }

 private:
  void broken(std::string what);

  meta_truth newest_;
  generation_id opening_;       // generation of `open_`
  std::vector<epoch_id> open_;  // COMMITs of it that are not sealed, in order
  std::string problem_;
};

/// Stands before a store and shows the watch what it answers.
class watched_meta_store final : public meta_store {
 public:
  /// `watch` outlives this. `on_sealed` is told of every manifest that has become durable.
  watched_meta_store(std::shared_ptr<meta_store> beneath, truth_watch& watch,
                     std::function<void(const manifest&)> on_sealed)
      : beneath_(std::move(beneath)), watch_(watch), on_sealed_(std::move(on_sealed)) {}

  result<std::optional<meta_truth>> load() override;
  meta_answer create(const job_id& job, const graph_hash& graph) override;
  meta_answer bump_generation(generation_id expected, std::uint64_t numbers) override;
  meta_answer put_commit(const manifest& m, std::uint64_t numbers) override;

 private:
  std::shared_ptr<meta_store> beneath_;
  truth_watch& watch_;
  std::function<void(const manifest&)> on_sealed_;
};

}  // namespace sluice::sim

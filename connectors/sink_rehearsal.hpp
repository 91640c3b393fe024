#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sluice/connectors/sink_conformance.hpp"

namespace sluice {

/// What is special about one story of a sink.
struct rehearsal_plan {
  std::string name;                       ///< For findings.
  std::vector<std::size_t> instances{1};  ///< Of successive generations.
  std::size_t at_once = 1;                ///< Epochs decided before the first is committed: 1, 2.
  std::size_t large_row = 0;              ///< Bytes of the large row.
  std::optional<std::size_t> crash_at{};  ///< The step between calls that is the last one.
  std::optional<std::size_t> crash_in{};  ///< The step within the sink that is the last one.
  bool stopped = false;        ///< The crashed process was only stopped, and goes on later.
  bool commits_twice = false;  ///< Every commit is repeated, at once and after the next one.
};

/// Sees a sink through one story: four parts of an input, each in an epoch of its own, from
/// generation to generation.
class sink_rehearsal {
 public:
  sink_rehearsal(const sink_under_test& sink, rehearsal_plan plan)
      : sink_(sink), plan_(std::move(plan)) {}

  /// Returns what went wrong, empty if nothing did.
  std::string run();
  /// Whether the crash that was planned came.
  bool crashed() const { return crashed_; }

 private:
  struct crash {};
  struct finding {
    std::string what;
  };
  struct decided {
    generation_id generation;
    epoch_id epoch;
    std::vector<std::string> prepared;                // by instance
    std::vector<std::vector<std::uint64_t>> numbers;  // by instance
  };
  // What a stopped process still holds.
  struct stopped_process {
    generation_id generation;
    std::vector<std::unique_ptr<sink_writer>> writers;
    prepare_work preparing;  // given out, and not done
    std::vector<commit_work> works;
    std::vector<std::pair<generation_id, epoch_id>> decided;
    epoch_id next_epoch;
    bool resolved = false;  // before that it may not write
    // Of instances that have not resolved, as they were told to then.
    std::vector<std::pair<std::size_t, resolution>> unresolved;
    bool woken = false;
  };

  void generation();
  void begin_generation();
  void do_parts();
  void prepare_part(std::size_t part);
  void commit_decided(const decided& what);
  void end_of_process();
  void step(const std::string& where);
  void wake();
  void look() const;
  void look_for_leftovers() const;
  [[noreturn]] void wrong(const std::string& what) const;
  void check(const result<void>& done, const std::string& what) const;

  std::string text_of(std::uint64_t number) const;
  resolution resolution_of(std::size_t instance) const;

  const sink_under_test& sink_;
  rehearsal_plan plan_;
  std::uint64_t generation_ = 0;
  std::uint64_t epoch_ = 0;
  std::size_t steps_ = 0;
  std::string where_ = "the beginning";
  bool crashed_ = false;
  bool inner_spent_ = false;
  std::size_t instances_ = 0;           // of this generation
  std::size_t resolved_instances_ = 0;  // of them
  bool resolved_ = false;               // by all of them
  bool over_ = false;                   // nothing crashes any more
  std::size_t parts_done_ = 0;          // decided
  std::vector<std::unique_ptr<sink_writer>> writers_;
  prepare_work preparing_;
  std::vector<commit_work> works_;  // of this generation
  std::vector<decided> undecided_;
  std::vector<decided> decided_;
  std::map<std::uint64_t, int> expected_;  // visible
  std::vector<stopped_process> stopped_;
};

}  // namespace sluice

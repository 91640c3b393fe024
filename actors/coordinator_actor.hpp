#pragma once

#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sluice/actors/actor_shell.hpp"
#include "sluice/actors/durability.hpp"
#include "sluice/operators/checkpoint_tracker.hpp"
#include "sluice/operators/epoch_tracker.hpp"
#include "sluice/operators/pacing.hpp"
#include "sluice/operators/progress_deadline.hpp"
#include "sluice/operators/run_status.hpp"

namespace sluice {

/// To the coordinator, first: everybody.
struct assembly_message {
  std::vector<caf::actor> sources;  ///< One may stand for all of a node, as in the next two.
  std::vector<std::size_t> paced;   ///< Sources that tell how far they are, by number.
  std::vector<caf::actor> all;
  std::vector<instance_status> blank;  ///< Names, in the order of the deployment …
  std::vector<std::string> nodes;      ///< … and where each is; empty: here.
  std::vector<caf::actor> sinks;       ///< Who is told what is decided.
  /// In a run with checkpoints, who answers for COMMITs, by number; in the order of the manifest.
  std::vector<std::size_t> answering;
};

/// Counts the epochs of a run and opens them (the shell around `epoch_tracker`).
///
///   assembly  → starts the clock; nobody has anything to say before
///   tick      → opens a marker if one is due
///   exhausted → opens the epoch that carries END
///   passed    → counts a sink; at the last END asks everybody for a report, then ends the run
///   answer    → gathers them; seals the epoch once all are there
///   sealed    → tells the sinks that their epoch is decided; if the record could not be written
///               yet, says so and writes it again a little later
///   progress  → tells the sources how far the slowest has come
///   failed    → ends the run with the reason
///   drain     → passes it on to the sources, unless the run is to be kept
///   keep      → opens one more COMMIT, unless the run drains; ends the run once that is done
///   look      → ends the run if an epoch is open and nothing has moved for the deadline, and names
///               who is waited for
///   report_request → asks everybody; `on_status` is called when all have answered
class coordinator_actor : public caf::event_based_actor {
 public:
  struct options {
    epoch_tracker::options epochs;
    std::uint64_t deadline_ms = 0;              ///< Of an epoch in a run with checkpoints; 0: none.
    std::chrono::milliseconds report_every{0};  ///< 0: no reports but the last.
    std::function<void(const run_status&)> on_status;
    std::function<void(const run_status&)> on_end;
    std::function<void(epoch_id, std::uint64_t elapsed_ms)> on_epoch;  ///< An epoch is done.
    trace_function trace;
    std::shared_ptr<durability> durable;  ///< Null: a run without checkpoints.
  };

  coordinator_actor(caf::actor_config& config, options chosen);
  caf::behavior make_behavior() override;
  void on_exit() override { members_ = {}; }

 private:
  std::uint64_t elapsed_ms();
  void open(const std::optional<epoch_tracker::opening>& due);
  void close_done(epoch_id before);
  void take(const answer_message& answer);
  void take(const sealed_message& sealed);
  void seal_next();
  void write_record();
  void wait_for_store(const std::string& why);
  void schedule_tick();
  void take(const progress_message& progress);
  void moved() { deadline_.moved(elapsed_ms()); }
  void look_for_progress();
  std::string waited_for() const;
  std::string name_of(std::size_t number) const;
  void ask_for_reports();
  void take(const actor_report& report);
  void count_epochs();
  void end(std::string failure);
  void trace(traced kind, std::uint64_t detail);

  options options_;
  epoch_tracker tracker_;
  progress_deadline deadline_;
  struct passed_by {
    epoch_id marker;  // the last one, and …
    epoch_id commit;  // the last COMMIT, which may be older: it waits for the decision
  };
  std::vector<passed_by> passed_;  // by instance, as far as they have said so
  assembly_message members_;
  caf::actor_clock::time_point start_{};
  std::deque<caf::actor_clock::time_point> opened_at_;  // of every epoch that is not done
  pacing pacing_;
  std::optional<checkpoint_tracker> checkpoints_;
  manifest sealing_;       // of the record being written
  std::string waits_for_;  // why it is not written yet
  run_status status_;
  std::size_t reports_missing_ = 0;
  bool ask_again_ = false;  // when the reports under way are in
  bool draining_ = false;   // what was asked for first is what happens
  bool keeping_ = false;
  bool ending_ = false;
  bool ended_ = false;
};

}  // namespace sluice

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(sluice::assembly_message)

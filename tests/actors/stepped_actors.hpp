#pragma once

#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

#include "sluice/actors/coordinator_actor.hpp"
#include "sluice/sim/stepped_system.hpp"

/// Actors under test beside actors that only write down what they are told.
namespace sluice {

/// What a neighbour was told, by kind and in order.
struct heard {
  std::vector<std::uint64_t> rows;  ///< How many, of every batch.
  std::vector<marker> markers;
  std::vector<credit> credits;
  std::vector<open_message> opened;
  std::vector<instant> paces;
  std::vector<progress_message> progress;
  std::vector<marker> passed;
  std::vector<failed_message> failures;
  std::vector<actor_report> reports;
  std::vector<commit_message> commits;
  std::size_t exhausted = 0, drains = 0, asked_for_reports = 0;
};

/// Writes into a `heard` whatever it is told.
class writing_actor : public caf::event_based_actor {
 public:
  writing_actor(caf::actor_config& config, heard& log)
      : caf::event_based_actor(config), log_(log) {}

  caf::behavior make_behavior() override {
    return {
        [this](const rows_message& m) { log_.rows.push_back(m.rows->size()); },
        [this](const marker_message& m) { log_.markers.push_back(m.mark); },
        [this](const credit_message& m) { log_.credits.push_back(m.limit); },
        [this](const open_message& m) { log_.opened.push_back(m); },
        [this](const pace_message& m) { log_.paces.push_back(m.slowest); },
        [this](const progress_message& m) { log_.progress.push_back(m); },
        [this](const passed_message& m) { log_.passed.push_back(m.mark); },
        [this](const failed_message& m) { log_.failures.push_back(m); },
        [this](const actor_report& m) { log_.reports.push_back(m); },
        [this](const commit_message& m) { log_.commits.push_back(m); },
        [this](const exhausted_message&) { ++log_.exhausted; },
        [this](const drain_message&) { ++log_.drains; },
        [this](const report_request&) { ++log_.asked_for_reports; },
    };
  }

 private:
  heard& log_;
};

/// A system in which one message is dealt with at a time, in an order drawn from a seed.
class stepped_actors {
 public:
  explicit stepped_actors(std::uint64_t seed = 1) : system_(seed) {}

  /// An actor that writes into `log`, which has to outlive this.
  caf::actor neighbour(heard& log) { return system_.actors().spawn<writing_actor>(std::ref(log)); }
  /// An actor of the kind under test.
  template <class Actor, class... Args>
  caf::actor spawn(Args&&... args) {
    return system_.actors().spawn<Actor>(std::forward<Args>(args)...);
  }
  template <class M>
  void tell(const caf::actor& to, M message) {
    seam::post(to, std::move(message));
  }
  /// Until every mailbox is empty; time stands still.
  void settle() {
    while (system_.step()) continue;
  }
  /// Moves time on and settles.
  void pass(std::chrono::nanoseconds time) {
    system_.pass(time);
    settle();
  }

 private:
  sim::stepped_system system_;
};

}  // namespace sluice

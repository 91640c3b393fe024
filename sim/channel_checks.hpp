#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "sluice/actors/engine.hpp"
#include "sluice/actors/trace.hpp"

namespace sluice::sim {

/// How far source instance `instance` of `stage` had read when it sent the marker of `epoch`: what
/// is visible at a COMMIT is a function of these rows (docs/protocol.md I2).
struct source_cut {
  std::string stage;
  std::size_t instance = 0;
  epoch_id epoch;
  bool commit = false;
  bool end = false;
  std::uint64_t rows = 0;
  bool operator==(const source_cut&) const = default;
};

/// Watches every channel of a simulated run and says what is broken: I6 (order of rows and markers,
/// epochs that grow, END last and a COMMIT), I7 and I9 (nothing beyond the windows).
class channel_checks {
 public:
  explicit channel_checks(const deployment& planned);
  /// Of several nodes: what else of the same deployment runs, on another one. Ends of channels that
  /// are not there yet are not looked at.
  void join(const deployment& planned);
  /// The process of `actor` has died: its ends of channels are not looked at any more.
  void leave(std::size_t actor);

  /// An event of `actor`, as it happens.
  void saw(std::size_t actor, traced kind, std::uint64_t detail);
  /// Looks at the channels of `actor` after it ran.
  void look(std::size_t actor);
  /// Looks at everything once the run has ended: nothing may be left anywhere.
  void look_at_end();

  /// The first thing found broken; empty if all is well.
  const std::string& problem() const { return problem_; }
  /// Stages that wait for credit and what is queued, for a run that stands still.
  std::string waiting() const;
  const std::vector<source_cut>& cuts() const { return cuts_; }

 private:
  using sent = std::variant<traced_rows, traced_marker>;
  struct channel {
    std::size_t sender, sender_number;      // actor, and number of the channel there
    std::size_t receiver, receiver_number;  // likewise
    std::deque<sent> under_way;             // with the sender's number
    epoch_id last;
    bool ended = false;
    std::uint64_t sent_rows = 0;
    std::uint64_t arrived_rows = 0;
  };
  struct actor_ends {
    planned_instance planned;
    std::vector<std::size_t> out;  // its channels, by number
    std::vector<std::size_t> in;
  };
  struct leaving_marker {  // of a source, until it is on every channel
    std::uint64_t read = 0;
    std::uint64_t sent = 0;
    std::size_t channels = 0;
  };

  void send(channel& c, const sent& what);
  void arrive(channel& c, const sent& what);
  void leave_source(std::size_t actor, const channel& c, const traced_marker& m);
  bool whole(const channel& c) const;
  void check_credit(const channel& c);
  void broken(const channel& c, const std::string& what);
  std::string name(std::size_t actor) const;

  std::vector<actor_ends> actors_;
  std::vector<channel> channels_;
  std::map<std::pair<std::size_t, epoch_id>, leaving_marker> leaving_;
  std::vector<source_cut> cuts_;
  std::string problem_;
};

}  // namespace sluice::sim

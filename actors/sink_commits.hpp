#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <string>

#include "sluice/actors/durability.hpp"
#include "sluice/connectors/sink.hpp"
#include "sluice/messages/marker.hpp"

namespace sluice {

/// The epochs of one sink instance between their marker and their commit (docs/protocol.md E4, E8):
/// gives the works of the writer to the queue, in order. Works of a writer that makes no promise
/// are empty.
class sink_commits {
 public:
  sink_commits(std::shared_ptr<sink_writer> writer, std::shared_ptr<durability> how)
      : writer_(std::move(writer)), how_(std::move(how)) {}

  /// The COMMIT `m` has arrived: makes durable what came before it, then calls `done` on the
  /// queue's thread with what was prepared.
  void prepare(const marker& m, std::function<void(result<std::string>)> done);
  /// `epoch` is decided. True if it waits for that; then makes it visible and calls `done` on the
  /// queue's thread. A second time changes nothing.
  bool commit(epoch_id epoch, std::function<void(result<void>)> done);
  /// A decided epoch is not visible yet.
  bool committing() const;
  /// `epoch` is visible: returns its marker. Closes the writer at END.
  result<marker> committed(epoch_id epoch);

 private:
  struct waiting {
    marker mark;
    bool decided = false;
  };

  std::shared_ptr<sink_writer> writer_;
  std::shared_ptr<durability> how_;
  std::deque<waiting> waiting_;
};

}  // namespace sluice

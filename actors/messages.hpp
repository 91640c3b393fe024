#pragma once

// What the actors of one process say to each other. Batches are shared and immutable, so no message
// is ever copied deeply or sent out of the process: across processes go frames (links/).

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "sluice/actors/caf.hpp"
#include "sluice/actors/source_pump.hpp"
#include "sluice/messages/checkpoint.hpp"
#include "sluice/operators/stage.hpp"
#include "sluice/state/meta_store.hpp"

namespace sluice {

/// One end of a channel: an actor, and the number of the channel at that actor.
struct channel_peer {
  caf::actor actor;
  std::uint32_t channel = 0;
};

/// To every actor, first: who is at the other end of its channels, and who counts the epochs.
struct wire_message {
  std::vector<channel_peer> downstream;  ///< One per outlet channel.
  std::vector<channel_peer> upstream;    ///< One per inlet channel.
  caf::actor coordinator;
};
/// To every actor once all are wired: stages grant their windows, sources begin to read.
struct start_message {};
/// Outlet → inlet: rows. Costs credit.
struct rows_message {
  std::uint32_t channel = 0;
  batch_ptr rows;
  instant watermark;
};
/// Outlet → inlet: a marker, in order with the rows.
struct marker_message {
  std::uint32_t channel = 0;
  marker mark;
};
/// Inlet → outlet: the sender may go that far.
struct credit_message {
  std::uint32_t channel = 0;
  credit limit;
};
/// Coordinator → sources: inject a marker.
struct open_message {
  epoch_id epoch;
  bool commit = false;
  bool last = false;  ///< Of a kept run: be silent behind it.
};
/// To the coordinator, and from it to the sources: stop reading, as if the input ended.
struct drain_message {};
/// To the coordinator: one more COMMIT, at which nothing ends, and stop.
struct keep_message {};
/// A source to itself: read on.
struct pump_message {
  bool woken = false;  ///< After it had nothing to read.
};
/// A stage with policy `mini`, to itself: the timer. The coordinator to itself: a marker may be
/// due.
struct tick_message {};
/// Source → coordinator, if sources wait for each other: how far its event time has come.
struct progress_message {
  std::size_t number = 0;  ///< Of the actor in the deployment.
  instant watermark;
  bool idle = false;  ///< It has nothing to read and steps aside.
  bool operator==(const progress_message&) const = default;
};
/// Coordinator → sources: how far the slowest has come.
struct pace_message {
  instant slowest;
};
/// Source → coordinator: everything is read.
struct exhausted_message {
  std::size_t number = 0;  ///< Of the actor in the deployment.
};
/// Sink → coordinator: everything before this marker is out.
struct passed_message {
  std::size_t number = 0;  ///< Of the actor in the deployment.
  marker mark;
};
/// The thread that writes → a stage: the snapshot of `epoch` is durable, or why not (D2, D3).
struct written_message {
  epoch_id epoch;
  std::optional<blob_ref> file;  ///< Of a stage.
  std::string prepared;          ///< Of a sink.
  std::string failure;           ///< Empty: it is done.
};
/// Source, stage or sink → coordinator: what it remembers at COMMIT `epoch` is durable (E5).
struct answer_message {
  std::size_t number = 0;  ///< Of the actor in the deployment.
  generation_id generation;
  epoch_id epoch;
  instance_snapshot snapshot;
};
/// The thread that writes → coordinator: how the write of a commit record ended (E6).
struct sealed_message {
  meta_answer answer;
  std::string not_shown;  ///< Why the rejected rows of the epoch are not shown; empty: they are.
};
/// Coordinator → sinks and sources: `epoch` is decided (E7).
struct commit_message {
  generation_id generation;
  epoch_id epoch;
};
/// The thread that writes → a sink: `epoch` is visible, or why not (E8).
struct committed_message {
  epoch_id epoch;
  std::string failure;
};
/// Any actor → coordinator: this instance cannot go on.
struct failed_message {
  std::string stage;
  std::string reason;
};
/// Coordinator → any: report. Asked for progress and at the end.
struct report_request {};
/// Counts of one actor; `number` is its place in the deployment.
struct actor_report {
  std::size_t number = 0;
  std::variant<source_counters, stage_counters> counts;
  std::uint64_t busy_ns = 0;        ///< Time spent in handlers.
  std::uint64_t blocked_ns = 0;     ///< Time spent waiting for credit.
  std::vector<credit> most_queued;  ///< Per inlet channel, the most that ever waited.
  std::vector<credit> queued;       ///< Per inlet channel, what waits now …
  std::vector<credit> credit_left;  ///< … and what its sender may still send.
  std::uint64_t queued_rows = 0;    ///< Waiting in its inlets now.
  double output_ratio = 0;          ///< Output ÷ input rows of the last flush.
  bool writing = false;             ///< What it has given away to be written is not written yet.
};

}  // namespace sluice

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(sluice::wire_message)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(sluice::start_message)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(sluice::rows_message)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(sluice::marker_message)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(sluice::credit_message)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(sluice::open_message)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(sluice::drain_message)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(sluice::keep_message)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(sluice::pump_message)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(sluice::tick_message)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(sluice::progress_message)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(sluice::pace_message)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(sluice::exhausted_message)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(sluice::passed_message)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(sluice::written_message)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(sluice::answer_message)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(sluice::sealed_message)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(sluice::commit_message)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(sluice::committed_message)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(sluice::failed_message)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(sluice::report_request)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(sluice::actor_report)

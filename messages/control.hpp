#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "sluice/messages/checkpoint.hpp"
#include "sluice/messages/credit.hpp"
#include "sluice/messages/frame_type.hpp"
#include "sluice/messages/ids.hpp"
#include "sluice/messages/marker.hpp"
#include "sluice/records/instant.hpp"

namespace sluice {

// What processes say to each other besides rows and markers (docs/protocol.md 4). Every frame names
// the generation it belongs to; one of another generation changes nothing (I8). `wire.hpp` makes
// bytes of them. Text is UTF-8; `state`, `plan`, `reason` and `bytes` are any bytes. A `number` is
// the place of a source, a sink or another instance in the deployment, as the plan counts them.

/// Both ways, first on a connection: who is there. Answered by the other's `hello_frame`, or the
/// connection is closed.
struct hello_frame {
  job_id job;
  graph_hash graph;
  std::uint32_t wire_version = 0;
  std::string node;
  incarnation_id incarnation;
  generation_id generation;

  bool operator==(const hello_frame&) const = default;
};

/// Inlet → outlet: how far the sender on a channel may go. Everything is counted since the channel
/// opened and only grows, so a lost or doubled grant does no harm (L4).
struct grant_frame {
  generation_id generation;
  channel_id channel;
  std::uint64_t consumed = 0;  ///< Frames with a smaller number need not be kept any more (L2).
  credit limit;

  bool operator==(const grant_frame&) const = default;
};

/// Why an inlet says where it stands.
enum class resume_reason : std::uint8_t {
  opened = 1,       ///< It has just opened the channel (L5).
  gap = 2,          ///< A frame came that is not the next one (L3).
  reconnected = 3,  ///< The connection is a new one.
  idle = 4,         ///< Nothing came for a while, or only what it has already (L13).
};

/// Inlet → outlet: a grant, and the number of the next frame it waits for (L10). Answered by the
/// frames from there on, if they are to be sent again (5.2).
struct resume_frame {
  grant_frame granted;
  std::uint64_t expected = 0;
  resume_reason why = resume_reason::opened;

  bool operator==(const resume_frame&) const = default;
};

/// To the sender of an old generation: there is a newer one (9.2).
struct fenced_frame {
  generation_id generation;  ///< The newer one.

  bool operator==(const fenced_frame&) const = default;
};

/// Coordinator → nodes: begin `generation`, from `restored` (R4). Answered by `started_frame`.
struct start_frame {
  generation_id generation;
  manifest restored;  ///< Epoch 0: from the beginning.
  std::string plan;   ///< Stages, actors, channels and their nodes, as the planner wrote them.
  manifest before{};  ///< Sealed before `restored`: sinks may owe its commit. Epoch 0: none.

  bool operator==(const start_frame&) const = default;
};

/// Node → coordinator: `generation` is ready to run.
struct started_frame {
  generation_id generation;
  std::string node;

  bool operator==(const started_frame&) const = default;
};

/// Coordinator → sources: inject the marker of `epoch` (E1).
struct open_frame {
  generation_id generation;
  std::uint64_t number = 0;  ///< Of the source.
  epoch_id epoch;
  bool commit = false;
  bool last = false;  ///< The run is kept: nothing is read behind it.

  bool operator==(const open_frame&) const = default;
};

/// An instance → coordinator: its part of COMMIT `epoch` is durable, or why it never will be (E5).
struct ack_frame {
  generation_id generation;
  std::uint64_t number = 0;  ///< Of the instance.
  epoch_id epoch;
  instance_snapshot snapshot;

  bool operator==(const ack_frame&) const = default;
};

/// Coordinator → sinks: `epoch` is sealed, make it visible (E7).
struct commit_frame {
  generation_id generation;
  std::uint64_t number = 0;  ///< Of the sink it is for.
  generation_id decided_by;  ///< The generation that sealed it: whose staged output counts.
  epoch_id epoch;

  bool operator==(const commit_frame&) const = default;
};

/// Node → coordinator: `channel` cannot be resumed; the run has to be rolled back (5.3).
struct link_broken_frame {
  generation_id generation;
  channel_id channel;
  std::string cause;

  bool operator==(const link_broken_frame&) const = default;
};

/// Both ways on the control port, every 200 ms: alive, and what has been heard (10).
struct heartbeat_frame {
  generation_id generation;
  incarnation_id incarnation;
  /// Numbered control frames that have come from the receiver of this: they need not be kept there.
  std::uint64_t received = 0;

  bool operator==(const heartbeat_frame&) const = default;
};

/// Coordinator → all: the run is over (6.6).
struct stop_frame {
  generation_id generation;

  bool operator==(const stop_frame&) const = default;
};

/// Source → coordinator: everything is read. Answered by `open_frame`, in time.
struct exhausted_frame {
  generation_id generation;
  std::uint64_t number = 0;  ///< Of the source.

  bool operator==(const exhausted_frame&) const = default;
};

/// Sink → coordinator: the marker `m` has passed.
struct passed_frame {
  generation_id generation;
  std::uint64_t number = 0;  ///< Of the sink.
  marker m;

  bool operator==(const passed_frame&) const = default;
};

/// Any → coordinator: a stage gave up.
struct failed_frame {
  generation_id generation;
  std::string stage;
  std::string reason;           ///< May be what user code said: any bytes.
  bool needs_decision = false;  ///< What is durable cannot be believed: beginning again is no use.

  bool operator==(const failed_frame&) const = default;
};

/// Source → coordinator: how far event time has come there, or that it steps aside.
struct progress_frame {
  generation_id generation;
  std::uint64_t number = 0;  ///< Of the source.
  instant watermark;
  bool idle = false;

  bool operator==(const progress_frame&) const = default;
};

/// Coordinator → sources: how far the slowest of the others is.
struct pace_frame {
  generation_id generation;
  instant slowest;

  bool operator==(const pace_frame&) const = default;
};

/// Coordinator → sources: stop reading, as if the input ended. Answered by `exhausted_frame`.
struct drain_frame {
  generation_id generation;

  bool operator==(const drain_frame&) const = default;
};

/// Coordinator → nodes: say how the run went. Answered by one `report_frame` an instance.
struct report_request_frame {
  generation_id generation;

  bool operator==(const report_request_frame&) const = default;
};

/// An instance → coordinator: how the run went.
struct report_frame {
  generation_id generation;
  std::uint64_t number = 0;  ///< Of the instance.
  std::string bytes;         ///< As the reporter wrote it; room for a header, `most_header_bytes`.

  bool operator==(const report_frame&) const = default;
};

/// Any frame that is neither rows nor a marker.
using control_frame =
    std::variant<hello_frame, grant_frame, resume_frame, fenced_frame, start_frame, started_frame,
                 open_frame, ack_frame, commit_frame, link_broken_frame, heartbeat_frame,
                 stop_frame, exhausted_frame, passed_frame, failed_frame, progress_frame,
                 pace_frame, drain_frame, report_request_frame, report_frame>;

/// Where a frame belongs: what its prologue says of it besides its type. 0 where it has none.
struct frame_place {
  generation_id generation;
  channel_id channel;
  epoch_id epoch;

  bool operator==(const frame_place&) const = default;
};

frame_type type_of(const control_frame& frame);
frame_place place_of(const control_frame& frame);

}  // namespace sluice

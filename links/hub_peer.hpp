#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sluice/links/batch_frame.hpp"
#include "sluice/links/control_channel.hpp"
#include "sluice/links/incoming_channel.hpp"
#include "sluice/links/outgoing_channel.hpp"
#include "sluice/links/sockets.hpp"
#include "sluice/messages/ids.hpp"
#include "sluice/records/schema.hpp"

namespace sluice {

/// A line to one port of a peer, as its hub tends it:
///
///   none ──make_at──▶ trying ──▶ connected: hello sent ──▶ up: hello answered
///     ▲──────────────── the connection ended, or nobody answered ────────────│
struct hub_line {
  static constexpr std::chrono::milliseconds least_back_off{50};
  static constexpr std::chrono::milliseconds most_back_off{1'000};
  /// A peer that does not answer a hello for that long has not got it.
  static constexpr std::chrono::milliseconds patience{1'000};

  std::string endpoint;  // empty: not joined
  std::unique_ptr<peer_line> line;
  std::chrono::milliseconds make_at{};
  std::chrono::milliseconds back_off = least_back_off;
  std::chrono::milliseconds connected_at{};
  bool connected = false;
  bool up = false;  // to the present incarnation
};

/// The newest connection of a peer to one of our ports that said hello.
struct hub_visit {
  std::uint64_t number = 0;
  std::string connection;  // empty: none
};

/// A hello that may be of a process that has ended since: what came first is not always older.
struct hub_doubt {
  std::uint64_t number = 0;
  std::string connection;
  hello_frame hello;
};

/// What a hub knows of another node.
struct hub_peer {
  std::string name;
  std::string who;             // name and incarnation, in the list of offences
  incarnation_id incarnation;  // zero: never seen
  std::vector<incarnation_id> former;
  bool left = false;  // not spoken with until it is joined again
  bool lost = false;
  std::chrono::milliseconds heard{};
  control_channel control;
  bool owes_answer = false;  // a numbered frame came since the last heartbeat
  hub_line data_line;
  hub_line control_line;
  hub_visit on_data;
  hub_visit on_control;
  std::vector<hub_doubt> doubts[2];  // for each port, one of each incarnation

  bool seen() const { return incarnation != incarnation_id{}; }
};

/// A channel whose outlet is here. `peer` stays as long as the hub.
struct hub_outgoing {
  channel_id channel;
  hub_peer* peer = nullptr;
  outgoing_channel rules;
  bool broken = false;
};

/// A channel whose inlet is here.
struct hub_incoming {
  channel_id channel;
  hub_peer* peer = nullptr;
  incoming_channel rules;
  channel_fields fields;
  frame_limits limits;
  bool opened = false;
  bool broken = false;
};

}  // namespace sluice

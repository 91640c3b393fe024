#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sluice/links/batch_frame.hpp"
#include "sluice/messages/ids.hpp"
#include "sluice/sim/seeded_random.hpp"

namespace sluice::sim {

/// The two ports of a node (docs/protocol.md 4).
enum class port_kind : std::uint8_t { data, control };

/// One start of one node's process.
struct sim_process_name {
  std::string node;
  incarnation_id incarnation;
  bool operator==(const sim_process_name&) const = default;
};

/// A connection from one process to a port of another. Frames go in order as long as it is open;
/// what was under way when it ended may come all the same.
struct sim_connection {
  std::uint64_t number = 0;  ///< Grows from connection to connection.
  port_kind port = port_kind::data;
  sim_process_name client;
  sim_process_name server;
  bool open = true;
  std::chrono::nanoseconds last_due[2] = {};  ///< To the client, to the server.
};
using connection_ref = std::shared_ptr<sim_connection>;

/// A process as the network knows it.
class network_end {
 public:
  virtual ~network_end() = default;
  virtual void arrived(const connection_ref& on, bool at_server, const frame_bytes& frame) = 0;
  /// A connection of which this is the client has ended.
  virtual void disconnected(const connection_ref& which) = 0;
};

/// What the network does to frames: each once in so many times, 0 for never.
struct network_faults {
  std::uint64_t lost = 3;                  ///< A frame under way, when its connection ends.
  std::uint64_t doubled = 6;               ///< One that comes all the same comes once more.
  std::uint64_t dropped = 0;               ///< A frame vanishes although nothing changes.
  std::chrono::microseconds latency{500};  ///< The most, in good times.
  std::chrono::milliseconds late{3'000};   ///< The most for a frame of a connection that ended.
};

/// What becomes of one frame.
enum class frame_fate : std::uint8_t { passes, vanishes, doubles };
/// Asked for every frame that is sent.
using frame_judge =
    std::function<frame_fate(const sim_process_name& from, const sim_process_name& to,
                             std::string_view frame, std::chrono::nanoseconds now)>;

/// What lies between the nodes, in virtual time: connections that carry frames in order, and end
/// (docs/protocol.md 5). Never corrupts. What was sent to a process reaches no later
/// incarnation of its node; what a process has sent may arrive long after its death.
class sim_network {
 public:
  using nanoseconds = std::chrono::nanoseconds;
  /// Without anything from the other side for that long, a connection ends.
  static constexpr std::chrono::milliseconds silence{1'000};

  /// `judge` may be null.
  sim_network(const network_faults& faults, seeded_random& random, frame_judge judge = {})
      : faults_(faults), random_(&random), judge_(std::move(judge)) {}

  /// A process listens at both ports of its node from now on. Whoever did before hears nothing any
  /// more, though it may connect to others.
  void listen(const sim_process_name& who, network_end& end);
  /// A process has ended. `silently`: its machine with it, so that nobody is told.
  void end(const sim_process_name& who, bool silently);

  /// Null if nobody listens there, or nothing gets through.
  connection_ref connect(const sim_process_name& client, const std::string& node, port_kind port);
  /// The client has closed it.
  void close(const connection_ref& which);
  void send(const connection_ref& on, bool to_server, frame_bytes frame);

  /// Nothing gets from node `from` to node `to` until then.
  void block(const std::string& from, const std::string& to, nanoseconds until);
  /// All connections between the two end, and may be made again at once.
  void reset(const std::string& a, const std::string& b);
  /// From now on nothing is lost or doubled, and nothing is blocked.
  void calm();

  /// Time goes on. Frames due by then are delivered by `deliver`.
  void set_time(nanoseconds now);
  bool something_due() const;
  void deliver();
  /// When something is due next; the greatest time if nothing is under way.
  nanoseconds next_due() const;
  /// Frames delivered of connections that had ended.
  std::uint64_t stale() const { return stale_; }
  /// Frames that vanished, and that came once more.
  std::uint64_t lost() const { return lost_; }
  std::uint64_t doubled() const { return doubled_; }

 private:
  struct flight {
    connection_ref on;
    bool to_server = false;
    frame_bytes frame;
  };
  // What happens at a moment that is not the arrival of a frame.
  struct parting {
    connection_ref which;
    std::string from, to;  // only if nothing has got through between these since
  };
  using moment = std::pair<nanoseconds, std::uint64_t>;

  bool strikes(std::uint64_t once_in) { return once_in != 0 && random_->once_in(once_in); }
  nanoseconds delay(nanoseconds most);
  nanoseconds blocked_until(const std::string& from, const std::string& to) const;
  void end_connection(const connection_ref& which);
  void take_off(const connection_ref& on, bool to_server, frame_bytes frame);
  network_end* process(const sim_process_name& who) const;

  network_faults faults_;
  seeded_random* random_;
  frame_judge judge_;
  nanoseconds now_{};
  std::uint64_t numbers_ = 0;
  std::uint64_t order_ = 0;
  std::uint64_t stale_ = 0;
  std::uint64_t lost_ = 0;
  std::uint64_t doubled_ = 0;
  std::map<moment, flight> under_way_;
  std::map<moment, parting> partings_;
  std::vector<connection_ref> connections_;  // that are open
  std::map<std::pair<std::string, std::string>, nanoseconds> blocked_;
  std::vector<std::pair<sim_process_name, network_end*>> processes_;  // that live
  std::map<std::string, incarnation_id> listening_;
};

}  // namespace sluice::sim

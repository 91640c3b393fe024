#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <zmq.hpp>

#include "sluice/links/doorkeeper.hpp"
#include "sluice/links/frame_offences.hpp"
#include "sluice/links/hub.hpp"
#include "sluice/links/hub_peer.hpp"
#include "sluice/links/sockets.hpp"

namespace sluice {

// What the functions of a hub ask its thread to do.
struct join_command {
  std::string peer, data, control;
};
struct leave_command {
  std::string peer;
};
struct begin_command {
  generation_id generation;
  std::vector<hub_channel> channels;
};
struct rows_command {
  channel_id channel;
  batch_ptr rows;
  instant watermark;
};
struct marker_command {
  channel_id channel;
  marker m;
};
struct grant_command {
  channel_id channel;
  credit limit;
};
struct tell_command {
  std::string peer;
  control_frame frame;
};
struct end_command {
  std::chrono::milliseconds patience;  ///< For what was told and is not acknowledged.
};
using hub_command = std::variant<join_command, leave_command, begin_command, rows_command,
                                 marker_command, grant_command, tell_command, end_command>;

/// Who may come in, and who sees to it.
struct guarded_door {
  allow_list allowed;
  doorkeeper keeper;

  guarded_door(zmq::context_t& context, allow_list list)
      : allowed(std::move(list)), keeper(context, allowed) {}
};

/// What a hub is made with.
struct hub_sockets {
  std::unique_ptr<guarded_door> door;  ///< Null: no keys.
  std::unique_ptr<bound_port> data;
  std::unique_ptr<bound_port> control;
};

/// Where other threads leave commands, and wake the hub's.
class command_queue {
 public:
  command_queue();
  ~command_queue();
  command_queue(const command_queue&) = delete;
  command_queue& operator=(const command_queue&) = delete;

  void put(hub_command command);
  /// Everything that was put since, in that order. `to` gives its memory for the next ones.
  void take(std::vector<hub_command>& to);
  int descriptor() const { return descriptor_; }  ///< Readable if there is something.

 private:
  std::mutex mutex_;
  std::vector<hub_command> commands_;
  int descriptor_ = -1;
};

/// What the thread of a hub does. Everything but `counters` on that thread.
class hub_thread {
 public:
  using milliseconds = std::chrono::milliseconds;

  hub_thread(hub_options options, hub_listener& listener, zmq::context_t& context,
             hub_sockets sockets);

  /// Until an `end_command` whose time is up, or that finds nothing left to be acknowledged.
  void run(command_queue& commands);

  hub_counters counters() const;

 private:
  enum class port : std::size_t { data = 0, control = 1 };

  // Commands, in the order in which they were given.
  void take(std::vector<hub_command>& commands);
  void done(join_command& c);
  void done(leave_command& c);
  void done(begin_command& c);
  void done(rows_command& c);
  void done(marker_command& c);
  void done(grant_command& c);
  void done(tell_command& c);
  void done(end_command& c);
  void aim(hub_line& line, const std::string& endpoint);
  void open_channel(const hub_channel& c);

  // Lines (hub_lines.cpp).
  void tend(hub_peer& peer, hub_line& line);
  void make(hub_peer& peer, hub_line& line);
  void refused(const hub_peer& peer, hub_line& line);
  void drop(hub_line& line);
  void drain(hub_peer& peer, hub_line& line);
  void arrived_on_line(hub_peer& peer, hub_line& line, std::string_view frame);
  void answered(hub_peer& peer, hub_line& line, const hello_frame& hello);
  void credit_arrived(hub_peer& peer, std::string_view frame, const frame_finding& found);
  bool reachable(const hub_peer& peer) const;
  bool send_control(hub_peer& peer, const frame_bytes& frame);
  void flush(hub_peer& peer);
  void beat(hub_peer& peer);

  // Who may connect, and say what (hub_door.cpp).
  void say_if_insecure() const;
  void watch_door();
  void count_refusals(bound_port& at);
  std::string cannot_join(const hub_peer& peer, const std::string& endpoint) const;
  bool is_impostor(const incoming_frame& in) const;
  bool may_say(const hub_peer& peer, frame_type type) const;

  // Ports (hub_ports.cpp).
  void drain(port at);
  void arrived(port at, incoming_frame& in);
  void greeted(port at, const std::string& connection, const hello_frame& hello);
  void rows_arrived(hub_peer& peer, std::string_view frame, const frame_finding& found);
  void control_arrived(hub_peer& peer, std::string_view frame, const frame_finding& found);
  void fenced(hub_peer& peer, std::string_view frame, const frame_finding& found);
  bool may_fence(const hub_peer& peer, std::string_view frame);
  std::optional<hello_frame> read_hello(const std::string& who, std::string_view frame,
                                        const frame_finding& found);
  bool same_run(const hello_frame& hello);
  bool doubtful(const hub_peer& peer, incarnation_id incarnation) const;
  void believe(hub_peer& peer);
  bool meet(hub_peer& peer, incarnation_id incarnation);
  void heard(hub_peer& peer);
  void bad(const std::string& who, std::string_view what);

  void say(hub_incoming& channel, const control_frame& what);
  void write(hub_outgoing& channel);
  template <class Channel>
  void give_up(Channel& channel, const std::string& cause);
  void give_up_all(const hub_peer& peer, const std::string& cause);

  void wait(const command_queue& commands);
  void tick();
  bool all_acknowledged() const;
  void close();
  void publish();
  void count_channels(hub_counters& into) const;
  bound_port& bound(port at) { return at == port::data ? *data_ : *control_; }
  hub_peer& peer_named(const std::string& name);
  frame_bytes bytes_of(const control_frame& frame, std::uint64_t seq = 0) const;
  frame_bytes hello() const;
  void log(const std::string& line) const;

  hub_options options_;
  hub_listener& listener_;
  zmq::context_t& context_;
  std::unique_ptr<guarded_door> door_;  // null: no keys
  std::unique_ptr<bound_port> data_;
  std::unique_ptr<bound_port> control_;

  generation_id generation_;
  std::map<std::string, hub_peer> peers_;       // none ever goes: channels point at them
  std::map<std::string, hub_peer*> visits_[2];  // by routing id, for each port
  std::map<channel_id, hub_outgoing> outgoing_;
  std::map<channel_id, hub_incoming> incoming_;
  frame_offences offences_;
  std::uint64_t lines_made_ = 0;
  std::optional<end_command> ending_;
  milliseconds ends_at_{};
  bool more_ = false;  // a socket was left before it was empty

  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
  milliseconds now_{};
  milliseconds ticked_{};
  milliseconds beaten_{};
  std::vector<zmq::pollitem_t> polled_;
  incoming_frame in_;
  hub_counters seen_;  // but for the channels and peers that are there
  mutable std::mutex shown_mutex_;
  hub_counters shown_;
};

}  // namespace sluice

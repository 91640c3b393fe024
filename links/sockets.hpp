#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include <zmq.hpp>

#include "sluice/links/batch_frame.hpp"
#include "sluice/links/keys.hpp"
#include "sluice/records/result.hpp"

namespace sluice {

// The two kinds of sockets of a hub, with the options of docs/protocol.md 14.2. Used by its thread.

/// What `receive` found.
enum class reception { nothing, frame, second_part };

/// A frame that came in. `bytes` is empty after a second part.
struct incoming_frame {
  std::string connection;  ///< Routing id; empty on a line.
  std::string user;        ///< Node whose key the connection has; empty at a port without keys.
  zmq::message_t bytes;

  std::string_view view() const { return {bytes.data<char>(), bytes.size()}; }
  /// The frame, to be kept; `bytes` is empty then. A short one has no owner and stays in `bytes`:
  /// ZeroMQ reads 8 KiB at a time, and each frame that lies in there would keep all of it.
  frame_bytes keep();
};

/// Tells what becomes of the connections of a socket.
class socket_monitor {
 public:
  /// `name` sets it apart from others in the context. `socket` outlives it. Throws `zmq::error_t`.
  socket_monitor(zmq::context_t& context, zmq::socket_t& socket, const std::string& name,
                 int events);
  ~socket_monitor();
  socket_monitor(const socket_monitor&) = delete;
  socket_monitor& operator=(const socket_monitor&) = delete;

  /// The next event, one of ZeroMQ's; 0 if none waits.
  int next();
  zmq::socket_ref socket() { return told_; }

 private:
  zmq::socket_t& watched_;
  zmq::socket_t told_;
};

/// Encrypts a connection: the own keys, and at its connecting end the key of who must be at the
/// other.
struct line_keys {
  const key_pair& own;
  std::string server;  ///< Public, Z85.
};

/// A port that others connect to: a bound ROUTER, and a monitor that tells of those who fail to.
class bound_port {
 public:
  /// With keys only CURVE connections come through, if the `doorkeeper` of the context lets them.
  /// `name` sets this monitor apart from others in the context. Errors name the address.
  static result<std::unique_ptr<bound_port>> bind(zmq::context_t& context,
                                                  const std::string& endpoint,
                                                  const std::string& name, const key_pair* keys);

  const std::string& address() const { return address_; }  ///< With the port it got.
  reception receive(incoming_frame& to);
  /// True if it takes from what waits a handshake that failed. Asked until there is none.
  bool next_refusal();
  /// False if there is no such connection any more.
  bool send(std::string_view connection, frame_bytes frame);
  void linger(std::chrono::milliseconds time) {
    socket_.set(zmq::sockopt::linger, int(time.count()));
  }
  zmq::socket_ref socket() { return socket_; }
  zmq::socket_ref monitor() { return monitor_.socket(); }

 private:
  bound_port(zmq::context_t& context, const std::string& name);

  zmq::socket_t socket_;
  socket_monitor monitor_;
  std::string address_;
  bool keyed_ = false;
};

/// One connection to a port of a peer: a DEALER, and a monitor that tells what becomes of it. It
/// tries until it is connected; a connection that ends is not to be used again, though the socket
/// would make another: that one would have the same name.
class peer_line {
 public:
  /// `refused`: only with keys, one end does not know that of the other.
  enum class event { none, connected, disconnected, refused };

  /// Throws `zmq::error_t` if `endpoint` is none. `number` sets this monitor apart from others in
  /// the context. Null `keys`: as it is.
  peer_line(zmq::context_t& context, const std::string& endpoint, const std::string& routing_id,
            std::uint64_t number, const line_keys* keys);

  /// Asked until there is none.
  event next_event();
  reception receive(incoming_frame& to);
  /// False if it is not connected.
  bool send(frame_bytes frame);
  void linger(std::chrono::milliseconds time) {
    socket_.set(zmq::sockopt::linger, int(time.count()));
  }
  zmq::socket_ref socket() { return socket_; }
  zmq::socket_ref monitor() { return monitor_.socket(); }

 private:
  zmq::socket_t socket_;
  socket_monitor monitor_;
};

}  // namespace sluice

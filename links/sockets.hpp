#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include <zmq.hpp>

#include "sluice/links/batch_frame.hpp"
#include "sluice/records/result.hpp"

namespace sluice {

// The two kinds of sockets of a hub, with the options of docs/protocol.md 14.2. Used by its thread.

/// What `receive` found.
enum class reception { nothing, frame, second_part };

/// A frame that came in. `bytes` is empty after a second part.
struct incoming_frame {
  std::string connection;  ///< Routing id; empty on a line.
  zmq::message_t bytes;

  std::string_view view() const { return {bytes.data<char>(), bytes.size()}; }
};

/// A port that others connect to: a bound ROUTER.
class bound_port {
 public:
  /// Errors name the address.
  static result<std::unique_ptr<bound_port>> bind(zmq::context_t& context,
                                                  const std::string& endpoint);

  const std::string& address() const { return address_; }  ///< With the port it got.
  reception receive(incoming_frame& to);
  /// False if there is no such connection any more.
  bool send(std::string_view connection, frame_bytes frame);
  void linger(std::chrono::milliseconds time) {
    socket_.set(zmq::sockopt::linger, int(time.count()));
  }
  zmq::socket_ref socket() { return socket_; }

 private:
  explicit bound_port(zmq::context_t& context);

  zmq::socket_t socket_;
  std::string address_;
};

/// One connection to a port of a peer: a DEALER, and a monitor that tells what becomes of it. It
/// tries until it is connected; a connection that ends is not to be used again, though the socket
/// would make another: that one would have the same name.
class peer_line {
 public:
  enum class event { none, connected, disconnected };

  /// Throws `zmq::error_t` if `endpoint` is none. `number` sets this monitor apart from others in
  /// the context.
  peer_line(zmq::context_t& context, const std::string& endpoint, const std::string& routing_id,
            std::uint64_t number);

  /// Asked until there is none.
  event next_event();
  reception receive(incoming_frame& to);
  /// False if it is not connected.
  bool send(frame_bytes frame);
  void linger(std::chrono::milliseconds time) {
    socket_.set(zmq::sockopt::linger, int(time.count()));
  }
  zmq::socket_ref socket() { return socket_; }
  zmq::socket_ref monitor() { return monitor_; }

 private:
  zmq::socket_t socket_;
  zmq::socket_t monitor_;
};

}  // namespace sluice

#include "sluice/links/sockets.hpp"

#include <cstring>
#include <utility>

#include "sluice/links/frame.hpp"

namespace sluice {

namespace {

using namespace std::chrono_literals;

constexpr int handshake_ms = 3'000;
constexpr int heartbeat_ms = 200;
constexpr int heartbeat_timeout_ms = 1'000;
constexpr int reconnect_ms = 50;
constexpr int most_reconnect_ms = 1'000;

zmq::socket_t prepared(zmq::context_t& context, zmq::socket_type type) {
  namespace option = zmq::sockopt;
  zmq::socket_t socket(context, type);
  socket.set(option::maxmsgsize, static_cast<std::int64_t>(frame_limits{}.frame_bytes));
  socket.set(option::sndhwm, 0);  // credit bounds memory
  socket.set(option::rcvhwm, 0);
  socket.set(option::handshake_ivl, handshake_ms);
  socket.set(option::heartbeat_ivl, heartbeat_ms);
  socket.set(option::heartbeat_timeout, heartbeat_timeout_ms);
  socket.set(option::heartbeat_ttl, heartbeat_timeout_ms);
  socket.set(option::immediate, true);
  socket.set(option::linger, 0);
  return socket;
}

// The bytes stay where they are until ZeroMQ has done with them, on a thread of its own.
zmq::message_t message_of(frame_bytes frame) {
  auto* const keep = new std::shared_ptr<const void>(std::move(frame.owner));
  const auto release = [](void*, void* kept) {
    delete static_cast<std::shared_ptr<const void>*>(kept);
  };
  return {const_cast<char*>(frame.bytes.data()), frame.bytes.size(), release, keep};
}

// Receives the rest of a message whose first part should be its only one.
reception single_part(zmq::socket_t& socket, zmq::message_t& part) {
  if (!part.more()) return reception::frame;
  zmq::message_t more;
  do {
    if (!socket.recv(more, zmq::recv_flags::dontwait)) break;
  } while (more.more());
  part.rebuild();
  return reception::second_part;
}

}  // namespace

bound_port::bound_port(zmq::context_t& context)
    : socket_(prepared(context, zmq::socket_type::router)) {
  socket_.set(zmq::sockopt::router_mandatory, true);
  socket_.set(zmq::sockopt::router_handover, false);
}

result<std::unique_ptr<bound_port>> bound_port::bind(zmq::context_t& context,
                                                     const std::string& endpoint) {
  std::unique_ptr<bound_port> port(new bound_port(context));
  if (zmq_bind(port->socket_.handle(), endpoint.c_str()) != 0)
    return error{error_code::unavailable,
                 "cannot listen at " + endpoint + " (" + zmq_strerror(zmq_errno()) + ")"};
  port->address_ = port->socket_.get(zmq::sockopt::last_endpoint);
  return port;
}

reception bound_port::receive(incoming_frame& to) {
  zmq::message_t id;
  if (!socket_.recv(id, zmq::recv_flags::dontwait)) return reception::nothing;
  to.connection.assign(id.data<char>(), id.size());
  to.bytes.rebuild();
  if (!id.more() || !socket_.recv(to.bytes, zmq::recv_flags::dontwait)) return reception::frame;
  return single_part(socket_, to.bytes);
}

bool bound_port::send(std::string_view connection, frame_bytes frame) {
  // HWM 0 makes neither part wait; an unknown connection is known from the first.
  if (zmq_send(socket_.handle(), connection.data(), connection.size(), ZMQ_SNDMORE | ZMQ_DONTWAIT) <
      0)
    return false;
  zmq::message_t message = message_of(std::move(frame));
  return zmq_msg_send(message.handle(), socket_.handle(), ZMQ_DONTWAIT) >= 0;
}

peer_line::peer_line(zmq::context_t& context, const std::string& endpoint,
                     const std::string& routing_id, std::uint64_t number)
    : socket_(prepared(context, zmq::socket_type::dealer)),
      monitor_(context, zmq::socket_type::pair) {
  namespace option = zmq::sockopt;
  socket_.set(option::routing_id, routing_id);
  socket_.set(option::reconnect_ivl, reconnect_ms);
  socket_.set(option::reconnect_ivl_max, most_reconnect_ms);
  socket_.set(option::connect_timeout, handshake_ms);
  const std::string watching = "inproc://monitor-" + std::to_string(number);
  monitor_.set(option::linger, 0);
  if (zmq_socket_monitor(socket_.handle(), watching.c_str(),
                         ZMQ_EVENT_HANDSHAKE_SUCCEEDED | ZMQ_EVENT_DISCONNECTED) != 0)
    throw zmq::error_t();
  monitor_.connect(watching);
  socket_.connect(endpoint);
}

peer_line::event peer_line::next_event() {
  zmq::message_t what, where;
  if (!monitor_.recv(what, zmq::recv_flags::dontwait)) return event::none;
  if (what.more() && !monitor_.recv(where, zmq::recv_flags::dontwait)) return event::none;
  std::uint16_t number = 0;
  std::memcpy(&number, what.data(), sizeof number);
  return number == ZMQ_EVENT_DISCONNECTED ? event::disconnected : event::connected;
}

reception peer_line::receive(incoming_frame& to) {
  to.bytes.rebuild();
  if (!socket_.recv(to.bytes, zmq::recv_flags::dontwait)) return reception::nothing;
  return single_part(socket_, to.bytes);
}

bool peer_line::send(frame_bytes frame) {
  zmq::message_t message = message_of(std::move(frame));
  return zmq_msg_send(message.handle(), socket_.handle(), ZMQ_DONTWAIT) >= 0;
}

}  // namespace sluice

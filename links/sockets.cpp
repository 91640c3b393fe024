#include "sluice/links/sockets.hpp"

#include <cstring>
#include <utility>

#include "sluice/links/doorkeeper.hpp"
#include "sluice/links/frame.hpp"

namespace sluice {

namespace {

using namespace std::chrono_literals;

constexpr int handshake_ms = 3'000;
constexpr int heartbeat_ms = 200;
constexpr int heartbeat_timeout_ms = 1'000;
constexpr int reconnect_ms = 50;
constexpr std::size_t least_kept = 16 * 1024;  // bytes
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

constexpr int failed_handshakes = ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL |
                                  ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL |
                                  ZMQ_EVENT_HANDSHAKE_FAILED_AUTH;

void listen_to_ipv6(zmq::socket_t& socket, const std::string& endpoint) {
  if (endpoint.find('[') != endpoint.npos) socket.set(zmq::sockopt::ipv6, true);
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

frame_bytes incoming_frame::keep() {
  if (bytes.size() < least_kept) return {nullptr, view()};
  const auto kept = std::make_shared<const zmq::message_t>(std::move(bytes));
  return {kept, {kept->data<char>(), kept->size()}};
}

// A thread of ZeroMQ waits for room to tell: there is always some, and as long as it tells anything
// there is somebody to be told.
socket_monitor::socket_monitor(zmq::context_t& context, zmq::socket_t& socket,
                               const std::string& name, int events)
    : watched_(socket), told_(context, zmq::socket_type::pair) {
  const std::string watching = "inproc://monitor-" + name;
  told_.set(zmq::sockopt::linger, 0);
  told_.set(zmq::sockopt::rcvhwm, 0);
  if (zmq_socket_monitor(socket.handle(), watching.c_str(), events) != 0) throw zmq::error_t();
  told_.connect(watching);
}

socket_monitor::~socket_monitor() { zmq_socket_monitor(watched_.handle(), nullptr, 0); }

int socket_monitor::next() {
  zmq::message_t what, where;
  if (!told_.recv(what, zmq::recv_flags::dontwait)) return 0;
  if (what.more() && !told_.recv(where, zmq::recv_flags::dontwait)) return 0;
  std::uint16_t number = 0;
  std::memcpy(&number, what.data(), sizeof number);
  return number;
}

bound_port::bound_port(zmq::context_t& context, const std::string& name)
    : socket_(prepared(context, zmq::socket_type::router)),
      monitor_(context, socket_, name, failed_handshakes) {
  socket_.set(zmq::sockopt::router_mandatory, true);
  socket_.set(zmq::sockopt::router_handover, false);
}

result<std::unique_ptr<bound_port>> bound_port::bind(zmq::context_t& context,
                                                     const std::string& endpoint,
                                                     const std::string& name,
                                                     const key_pair* keys) {
  std::unique_ptr<bound_port> port(new bound_port(context, name));
  listen_to_ipv6(port->socket_, endpoint);
  if (keys != nullptr) {
    port->keyed_ = true;
    port->socket_.set(zmq::sockopt::curve_server, true);
    port->socket_.set(zmq::sockopt::curve_secretkey, keys->secret_key);
    port->socket_.set(zmq::sockopt::zap_domain, doorkeeper::domain);
  }
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
  to.user.clear();
  if (!id.more() || !socket_.recv(to.bytes, zmq::recv_flags::dontwait)) return reception::frame;
  if (keyed_)
    if (const char* const user = zmq_msg_gets(to.bytes.handle(), "User-Id")) to.user = user;
  return single_part(socket_, to.bytes);
}

bool bound_port::next_refusal() { return monitor_.next() != 0; }

bool bound_port::send(std::string_view connection, frame_bytes frame) {
  // HWM 0 makes neither part wait; an unknown connection is known from the first.
  if (zmq_send(socket_.handle(), connection.data(), connection.size(), ZMQ_SNDMORE | ZMQ_DONTWAIT) <
      0)
    return false;
  zmq::message_t message = message_of(std::move(frame));
  return zmq_msg_send(message.handle(), socket_.handle(), ZMQ_DONTWAIT) >= 0;
}

peer_line::peer_line(zmq::context_t& context, const std::string& endpoint,
                     const std::string& routing_id, std::uint64_t number, const line_keys* keys)
    : socket_(prepared(context, zmq::socket_type::dealer)),
      monitor_(context, socket_, std::to_string(number),
               ZMQ_EVENT_HANDSHAKE_SUCCEEDED | ZMQ_EVENT_DISCONNECTED |
                   (keys != nullptr ? failed_handshakes : 0)) {
  namespace option = zmq::sockopt;
  socket_.set(option::routing_id, routing_id);
  socket_.set(option::reconnect_ivl, reconnect_ms);
  socket_.set(option::reconnect_ivl_max, most_reconnect_ms);
  socket_.set(option::connect_timeout, handshake_ms);
  listen_to_ipv6(socket_, endpoint);
  if (keys != nullptr) {
    socket_.set(option::curve_publickey, keys->own.public_key);
    socket_.set(option::curve_secretkey, keys->own.secret_key);
    socket_.set(option::curve_serverkey, keys->server);
  }
  socket_.connect(endpoint);
}

peer_line::event peer_line::next_event() {
  const int happened = monitor_.next();
  if (happened == 0) return event::none;
  if ((happened & failed_handshakes) != 0) return event::refused;
  return happened == ZMQ_EVENT_DISCONNECTED ? event::disconnected : event::connected;
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

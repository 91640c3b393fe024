#include "sluice/tests/links/raw_dealer.hpp"

#include "sluice/links/batch_frame.hpp"
#include "sluice/links/frame.hpp"
#include "sluice/tests/links/hub_end.hpp"
#include "sluice/tests/support/catch.hpp"

namespace sluice {

raw_dealer::raw_dealer(const std::string& endpoint, const std::string& routing_id,
                       const std::optional<dealer_keys>& keys)
    : socket_(context_, zmq::socket_type::dealer) {
  namespace option = zmq::sockopt;
  if (!routing_id.empty()) socket_.set(option::routing_id, routing_id);
  socket_.set(option::linger, 0);
  socket_.set(option::sndhwm, 0);
  socket_.set(option::rcvtimeo, 30'000);
  if (keys) {
    socket_.set(option::curve_publickey, keys->own.public_key);
    socket_.set(option::curve_secretkey, keys->own.secret_key);
    socket_.set(option::curve_serverkey, keys->server);
  }
  socket_.connect(endpoint);
}

void raw_dealer::send(const std::string& bytes, bool more) {
  socket_.send(zmq::buffer(bytes), more ? zmq::send_flags::sndmore : zmq::send_flags::none);
}

std::string raw_dealer::receive() {
  zmq::message_t message;
  REQUIRE(socket_.recv(message));
  return message.to_string();
}

control_frame raw_dealer::read() {
  const std::string frame = receive();
  const frame_expectation of{{}, hub_job, {1}, [](const frame_head&) { return frame_fault::none; }};
  return read_control_frame(frame, find_fault(frame, of).head).value();
}

std::string hello_of(const connection_name& who) {
  return control_bytes(hub_job,
                       hello_frame{hub_job, {1}, frame_version, who.node, who.incarnation, {1}})
      .value();
}

std::string marker_of(std::uint32_t channel, std::uint64_t epoch) {
  return std::string(
      marker_frame({{epoch}, true, false, false, {5}}, {hub_job, {1}, {channel}, epoch - 1}).bytes);
}

}  // namespace sluice

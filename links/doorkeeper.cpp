#include "sluice/links/doorkeeper.hpp"

#include <algorithm>
#include <utility>

namespace sluice {

namespace {

// Parts of a request.
enum part : std::size_t { version, request_id, domain_asked, address, identity, mechanism, key };
constexpr std::size_t parts_of_curve = 7;
constexpr const char* spoken_version = "1.0";

}  // namespace

door_answer answer_at_door(const std::vector<std::string>& request, const allow_list& allowed) {
  const auto answer = [&](const char* code, const char* text, std::string node) {
    const std::string id = request.size() > request_id ? request[request_id] : std::string{};
    return std::vector<std::string>{spoken_version, id, code, text, std::move(node), {}};
  };
  if (request.size() != parts_of_curve || request[version] != spoken_version ||
      request[domain_asked] != doorkeeper::domain || request[mechanism] != "CURVE" ||
      request[key].size() != key_bytes)
    return {answer("400", "CURVE only", {}), false, "a connection without a key"};
  key_value value{};
  std::copy(request[key].begin(), request[key].end(), value.begin());
  const allowed_key* const found = allowed.with_key(value);
  if (found == nullptr)
    return {answer("400", "unknown key", {}), false,
            "key " + to_z85(value) + " of " + request[address] + ": not in the allow-list"};
  return {answer("200", "", found->node), true, {}};
}

doorkeeper::doorkeeper(zmq::context_t& context, const allow_list& allowed)
    : socket_(context, zmq::socket_type::rep), allowed_(allowed) {
  socket_.set(zmq::sockopt::linger, 0);
  socket_.set(zmq::sockopt::sndhwm, 0);
  socket_.set(zmq::sockopt::rcvhwm, 0);
  socket_.bind("inproc://zeromq.zap.01");
}

std::optional<door_answer> doorkeeper::answer_next() {
  std::vector<std::string> request;
  zmq::message_t part;
  do {
    if (!socket_.recv(part, zmq::recv_flags::dontwait)) return std::nullopt;
    request.push_back(part.to_string());
  } while (part.more());
  door_answer answer = answer_at_door(request, allowed_);
  for (std::size_t i = 0; i < answer.parts.size(); ++i)
    socket_.send(zmq::buffer(answer.parts[i]),
                 i + 1 < answer.parts.size() ? zmq::send_flags::sndmore : zmq::send_flags::none);
  return answer;
}

}  // namespace sluice

#pragma once

#include <optional>
#include <string>
#include <vector>

#include <zmq.hpp>

#include "sluice/links/allow_list.hpp"

namespace sluice {

/// What is answered to a request of ZeroMQ's authentication protocol (rfc.zeromq.org/spec/27).
struct door_answer {
  std::vector<std::string> parts;
  bool let_in = false;
  std::string refused;  ///< Who was not let in, for the log: key and address; no secrets.
};

/// Judges a request, by the parts it consists of: only a CURVE key in the list is let in, under the
/// name of its node.
door_answer answer_at_door(const std::vector<std::string>& request, const allow_list& allowed);

/// The ZAP handler of a context: decides which CURVE connections come through. There is one a
/// context. Used by the hub's thread; `allowed` outlives it.
class doorkeeper {
 public:
  /// The ZAP domain of every port.
  static constexpr const char* domain = "sluice";

  /// Begins to listen for requests; before any port is bound.
  doorkeeper(zmq::context_t& context, const allow_list& allowed);

  /// Answers a request that waits. Nothing if there is none.
  std::optional<door_answer> answer_next();
  zmq::socket_ref socket() { return socket_; }

 private:
  zmq::socket_t socket_;
  const allow_list& allowed_;
};

}  // namespace sluice

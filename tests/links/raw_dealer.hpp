#pragma once

#include <optional>
#include <string>

#include <zmq.hpp>

#include "sluice/links/connection_name.hpp"
#include "sluice/links/keys.hpp"
#include "sluice/messages/control.hpp"

namespace sluice {

/// With which keys a `raw_dealer` comes.
struct dealer_keys {
  key_pair own;
  std::string server;  ///< Public.
};

/// Speaks to a port of a hub as any program could.
class raw_dealer {
 public:
  explicit raw_dealer(const std::string& endpoint, const std::string& routing_id = {},
                      const std::optional<dealer_keys>& keys = {});

  void send(const std::string& bytes, bool more = false);
  /// The next message; fails the test after half a minute.
  std::string receive();
  /// The next control frame of generation 1.
  control_frame read();

 private:
  zmq::context_t context_;
  zmq::socket_t socket_;
};

/// The hello of such a process, in the run of hub_end.hpp.
std::string hello_of(const connection_name& who);
/// The marker of `epoch` as the frame with number `epoch - 1` on `channel` in generation 1.
std::string marker_of(std::uint32_t channel, std::uint64_t epoch);

}  // namespace sluice

#pragma once

#include <cstdint>
#include <string>

namespace sluice {

/// How far away an endpoint can be reached from.
enum class endpoint_reach : std::uint8_t {
  this_machine,  ///< `ipc://…`, or TCP with a loopback address in numbers.
  network,       ///< Any other TCP: also names, as whoever answers them decides what they mean.
  none,          ///< Nothing that hubs speak over.
};

/// Judges an endpoint as ZeroMQ spells it: `tcp://127.0.0.1:9000`, `tcp://[::1]:0`, `ipc:///run/x`.
endpoint_reach reach_of(const std::string& endpoint);

}  // namespace sluice

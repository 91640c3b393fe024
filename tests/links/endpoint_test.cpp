#include "sluice/links/endpoint.hpp"

#include "sluice/tests/support/catch.hpp"

namespace sluice {

TEST_CASE("only ipc and loopback addresses in numbers are on this machine", "[endpoint][F1501]") {
  for (const char* here : {"ipc:///run/sluice/data", "ipc://@abstract", "tcp://127.0.0.1:9000",
                           "tcp://127.255.0.9:0", "tcp://[::1]:9000", "tcp://127.0.0.1:*"}) {
    INFO(here);
    CHECK(reach_of(here) == endpoint_reach::this_machine);
  }
  // A name means what its resolver says; a `;` puts a source address in front of where it goes.
  for (const char* elsewhere :
       {"tcp://10.0.0.1:9000", "tcp://0.0.0.0:0", "tcp://*:9000", "tcp://localhost:9000",
        "tcp://127.evil.example:9000", "tcp://127.0.0.1:0;10.0.0.1:9000", "tcp://[::]:9000",
        "tcp://[2001:db8::1]:9000", "tcp://lo:9000", "tcp://127.1:9000", "tcp://[::1]x:9000",
        "tcp://[::ffff:10.0.0.1]:9000", "tcp://:9000"}) {
    INFO(elsewhere);
    CHECK(reach_of(elsewhere) == endpoint_reach::network);
  }
  for (const char* other : {"", "ipc://", "tcp://", "tcp://127.0.0.1", "inproc://zeromq.zap.01",
                            "pgm://x:1", "udp://127.0.0.1:1", "TCP://127.0.0.1:1", "127.0.0.1:1"}) {
    INFO(other);
    CHECK(reach_of(other) == endpoint_reach::none);
  }
}

}  // namespace sluice

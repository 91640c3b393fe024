#include "sluice/links/sockets.hpp"

#include <memory>
#include <string>

#include "sluice/tests/support/catch.hpp"
#include "sluice/tests/support/child_process.hpp"

namespace sluice {

TEST_CASE("what happens after its monitor has gone stops no connection", "[sockets][F8]") {
  scratch_folder folder;
  const std::string endpoint = "ipc://" + folder.file("port");
  zmq::context_t near, far;
  zmq::socket_t dealer(near, zmq::socket_type::dealer);
  dealer.set(zmq::sockopt::linger, 0);
  dealer.set(zmq::sockopt::immediate, true);
  auto watching = std::make_unique<socket_monitor>(near, dealer, "dealer", ZMQ_EVENT_ALL);
  dealer.connect(endpoint);
  for (int round = 0; round < 3; ++round) {
    INFO(round);
    // Connected, told of it, disconnected.
    zmq::socket_t router(far, zmq::socket_type::router);
    router.set(zmq::sockopt::rcvtimeo, 100);
    router.set(zmq::sockopt::linger, 0);
    router.bind(endpoint);
    // What goes into the end of the connection before is lost.
    bool came = false;
    for (int tries = 0; !came && tries < 300; ++tries) {
      zmq::message_t name;
      static_cast<void>(dealer.send(zmq::str_buffer("word"), zmq::send_flags::dontwait));
      came = router.recv(name).has_value();
    }
    REQUIRE(came);
    if (watching) {
      CHECK(watching->next() != 0);
      watching.reset();
    }
  }
}

}  // namespace sluice

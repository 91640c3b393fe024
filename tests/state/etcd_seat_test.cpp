#include "sluice/state/etcd_seat.hpp"

#include <csignal>

#include "sluice/tests/state/etcd_places.hpp"
#include "sluice/tests/support/catch.hpp"
#include "sluice/tests/support/tcp_proxy.hpp"

using namespace std::chrono_literals;

namespace sluice {

namespace {

const seat_holder first{"worker-1", {{1, 2}}, {"tcp://127.0.0.1:7000"}};
const seat_holder second{"worker-2", {{3, 4}}, {}};

// Where nothing is to be lost, a loaded machine may take its time.
constexpr etcd_timing patient{
    .request = {.connect = 5000ms, .whole = 5000ms}, .patience = 0ms, .pause = 0ms};

std::string text_of(const etcd_address& address) {
  return "etcd" + address.servers[0].substr(4) + address.prefix;
}

// Waits, with a deadline, until nobody has the seat: the store's own answer.
bool becomes_free(etcd_seat& seat) {
  const auto until = std::chrono::steady_clock::now() + 60s;
  while (std::chrono::steady_clock::now() < until)
    if (const auto who = seat.holder(); who && !who.value()) return true;
  return false;
}

}  // namespace

TEST_CASE("the seat in etcd is one's until it is given up", "[etcd_seat]") {
  const etcd_address address = new_etcd_address();
  etcd_seat mine{address, patient}, other{address, patient};
  CHECK_FALSE(mine.holder().value());
  CHECK_FALSE(mine.keep(0ms));
  REQUIRE(mine.try_take(first, 0ms).value());
  CHECK(mine.try_take(first, 0ms).value());
  CHECK_FALSE(other.try_take(second, 0ms).value());
  CHECK(other.holder().value() == first);
  CHECK(mine.held(1499ms));
  CHECK_FALSE(mine.held(1500ms));
  mine.give_up();
  CHECK_FALSE(mine.held(0ms));
  REQUIRE(other.try_take(second, 0ms).value());
  CHECK(mine.holder().value() == second);
}

TEST_CASE("a seat that is kept stays, one that is not goes by itself", "[etcd_seat]") {
  const etcd_address address = new_etcd_address();
  etcd_seat mine{address, patient}, other{address, patient};
  REQUIRE(mine.try_take(first, 0ms).value());
  // Kept for longer than a lease lives: the lease of the other one, never renewed, is the clock.
  etcd_seat clock{new_etcd_address(), patient}, look{address, patient};
  REQUIRE(clock.try_take(second, 0ms).value());
  auto now = 0ms;
  const auto until = std::chrono::steady_clock::now() + 60s;
  do {
    REQUIRE(std::chrono::steady_clock::now() < until);
    REQUIRE(mine.keep(now += 500ms));
    REQUIRE(look.holder().value() == first);
  } while (clock.holder().value());
  REQUIRE(becomes_free(other));
  CHECK(other.try_take(second, 0ms).value());
  CHECK_FALSE(mine.keep(now + 500ms));  // etcd does not know it any more
  CHECK_FALSE(mine.held(now));
}

TEST_CASE("a holder that does not reach etcd has lost the seat in time", "[etcd_seat][F26]") {
  const etcd_address address = new_etcd_address();
  tcp_proxy network{running_etcd().port()};
  etcd_seat mine{{{"http://127.0.0.1:" + std::to_string(network.port())}, address.prefix, {}}};
  REQUIRE(mine.try_take(first, 0ms).value());
  network.swallow(tcp_proxy::direction::forth, true);
  CHECK(mine.keep(500ms));
  CHECK(mine.keep(1000ms));
  CHECK(mine.held(1499ms));
  CHECK_FALSE(mine.keep(1500ms));
  network.swallow(tcp_proxy::direction::forth, false);
  network.reset();
  CHECK_FALSE(mine.keep(1600ms));
}

TEST_CASE("a seat whose taking is in doubt is not left taken", "[etcd_seat][F26]") {
  const etcd_address address = new_etcd_address();
  tcp_proxy network{running_etcd().port()};
  etcd_seat mine{{{"http://127.0.0.1:" + std::to_string(network.port())}, address.prefix, {}}};
  etcd_seat other{address, patient};
  network.swallow(tcp_proxy::direction::back, true);
  CHECK_FALSE(mine.try_take(first, 0ms));
  CHECK_FALSE(mine.held(0ms));
  REQUIRE(becomes_free(other));
  CHECK(other.try_take(second, 0ms).value());
}

TEST_CASE("the seat of a killed process is free once etcd says so", "[etcd_seat][F26]") {
  const std::string store = text_of(new_etcd_address());
  child_process holding{{SEAT_PROGRAM, store, "a"}};
  REQUIRE(holding.prints("taken\n"));
  child_process waiting{{SEAT_PROGRAM, store, "b"}};
  REQUIRE(waiting.prints("waiting\n"));
  holding.send(SIGKILL);
  REQUIRE(waiting.prints("taken\n"));
  waiting.send(SIGTERM);
  CHECK(waiting.wait() == 0);
  etcd_seat look{parse_etcd_address(store).value(), patient};
  CHECK_FALSE(look.holder().value());  // given up, not run out
}

TEST_CASE("a process that was stopped knows that it has lost the seat", "[etcd_seat][F26]") {
  const std::string store = text_of(new_etcd_address());
  child_process holding{{SEAT_PROGRAM, store, "a"}};
  REQUIRE(holding.prints("taken\n"));
  holding.send(SIGSTOP);
  child_process waiting{{SEAT_PROGRAM, store, "b"}};
  REQUIRE(waiting.prints("taken\n"));
  holding.send(SIGCONT);
  CHECK(holding.wait() == 3);
  CHECK(holding.out() == "taken\nlost\n");
}

}  // namespace sluice

#include "sluice/state/coordinator_seat.hpp"

#include "sluice/state/directory_seat.hpp"
#include "sluice/state/open_meta_store.hpp"
#include "sluice/tests/support/catch.hpp"
#include "sluice/tests/support/child_process.hpp"

using namespace std::chrono_literals;

namespace sluice {

namespace {

const seat_holder first{"worker-1", {{1, 0xFEDCBA9876543210}}, {"tcp://h:1", "ipc:///tmp/x y"}};
const seat_holder second{"worker-2", {{3, 4}}, {}};

}  // namespace

TEST_CASE("a holder is written so that people can read it", "[coordinator_seat]") {
  CHECK(
      seat_text(first) ==
      "sluice coordinator 1\nnode worker-1\n"
      "incarnation 0000000000000001fedcba9876543210\naddress tcp://h:1\naddress ipc:///tmp/x y\n");
  CHECK(read_seat_text(seat_text(first)).value() == first);
  CHECK(read_seat_text(seat_text(second)).value() == second);
}

TEST_CASE("what names no coordinator is told", "[coordinator_seat]") {
  const std::string good = seat_text(first);
  for (std::size_t cut = 0; cut < good.size(); ++cut) {
    const auto read = read_seat_text(good.substr(0, cut));
    const bool whole_line = cut > 0 && good[cut - 1] == '\n';
    if (!read) continue;
    CAPTURE(cut);
    CHECK(whole_line);
    CHECK(read.value().node == first.node);
  }
  for (const char* text :
       {"", "x", "sluice coordinator 2\nnode a\n", "sluice coordinator 1\nnode a\nincarnation 12\n",
        "sluice coordinator 1\nnode a\nincarnation "
        "000000000000000g0000000000000000\n"})
    CHECK_FALSE(read_seat_text(text));
  CHECK_FALSE(read_seat_text(good + "more\n"));
}

TEST_CASE("the seat in a directory is one process's until it is gone", "[coordinator_seat]") {
  scratch_folder folder;
  const auto opened = [&] { return open_coordinator_seat(folder.file("store")).value(); };
  auto mine = opened(), other = opened();
  CHECK_FALSE(mine->holder().value());
  CHECK_FALSE(mine->held(0ms));
  CHECK_FALSE(mine->keep(0ms));
  REQUIRE(mine->try_take(first, 0ms).value());
  CHECK(mine->try_take(first, 0ms).value());
  CHECK_FALSE(other->try_take(second, 0ms).value());
  CHECK(other->holder().value() == first);
  CHECK(mine->holder().value() == first);
  CHECK(mine->keep(1000000ms));
  CHECK(mine->held(1000000ms));

  mine->give_up();
  CHECK_FALSE(mine->held(0ms));
  CHECK_FALSE(other->holder().value());
  REQUIRE(other->try_take(second, 0ms).value());
  CHECK(mine->holder().value() == second);
  other.reset();  // without a word
  CHECK(mine->try_take(first, 0ms).value());
}

TEST_CASE("a seat that names nobody is told with its place", "[coordinator_seat]") {
  scratch_folder folder;
  directory_seat mine{folder.path()}, other{folder.path()};
  REQUIRE(mine.try_take(first, 0ms).value());
  folder.write("coordinator/seat", "nonsense\n");
  const auto who = other.holder();
  REQUIRE_FALSE(who);
  CHECK(who.failure().message == folder.file("coordinator/seat") + ": this names no coordinator");
}

TEST_CASE("a store is opened by its text", "[open_meta_store]") {
  scratch_folder folder;
  CHECK_FALSE(open_meta_store(folder.file("made")).value()->load().value());
  CHECK(folder.has("made/holder"));
  CHECK(open_meta_store("etcd://127.0.0.1:1/x"));
  CHECK(open_meta_store("zk://a").failure().message ==
        "zk://a: character 1: etcd:// or etcds:// expected, or a directory");
  CHECK(open_meta_store("etcd://a/x").failure().message ==
        "etcd://a/x: character 9: : and a port expected");
  CHECK(open_coordinator_seat("").failure().message ==
        "a directory or etcd://HOST:PORT/PREFIX expected");
}

}  // namespace sluice

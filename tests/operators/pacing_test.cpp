#include "sluice/operators/pacing.hpp"

#include "sluice/tests/support/catch.hpp"

namespace sluice {

namespace {

using told = std::optional<instant>;
constexpr instant nothing_read = instant::lowest();
constexpr instant ended = instant::highest();
constexpr bool idle = true, reading = false;

// Sources 3 and 7, as their numbers in a deployment may be.
pacing of_two() {
  pacing made;
  made.add(3);
  made.add(7);
  return made;
}

}  // namespace

TEST_CASE("the slowest source is told when it moves", "[pacing]") {
  pacing of = of_two();
  CHECK(of.reached(3, {100}, reading) == told{});  // 7 has read nothing
  CHECK(of.reached(7, {40}, reading) == told{{40}});
  CHECK(of.reached(3, {200}, reading) == told{});
  CHECK(of.reached(7, {300}, reading) == told{{200}});
}

TEST_CASE("a source that is idle is not waited for until it comes back", "[pacing][X20]") {
  pacing of = of_two();
  CHECK(of.reached(3, {100}, reading) == told{});
  CHECK(of.reached(7, nothing_read, idle) == told{{100}});  // it never had a row
  CHECK(of.reached(3, {200}, reading) == told{{200}});
  CHECK(of.reached(7, {150}, reading) == told{});  // behind what was told
  CHECK(of.reached(3, {300}, reading) == told{});
  CHECK(of.reached(7, {250}, reading) == told{{250}});
}

TEST_CASE("a source that has ended is not waited for, rows or none", "[pacing][X20]") {
  pacing of = of_two();
  CHECK(of.reached(3, {100}, reading) == told{});
  CHECK(of.reached(7, ended, reading) == told{{100}});
}

TEST_CASE("while all are idle or ended, the slowest stays where it is", "[pacing][X20]") {
  pacing of = of_two();
  of.add(9);
  CHECK(of.reached(3, {100}, reading) == told{});
  CHECK(of.reached(7, {50}, reading) == told{});
  CHECK(of.reached(9, ended, reading) == told{{50}});
  CHECK(of.reached(7, {50}, idle) == told{{100}});
  CHECK(of.reached(3, {100}, idle) == told{});
  CHECK(of.reached(3, {120}, reading) == told{{120}});  // not held by itself
  CHECK(of.reached(7, {130}, reading) == told{});
  CHECK(of.reached(3, {900}, reading) == told{{130}});  // and the two still wait for each other
}

}  // namespace sluice

#include "sluice/operators/scan.hpp"

#include "sluice/operators/ordered_scan.hpp"
#include "sluice/tests/operators/operation_fixture.hpp"
#include "sluice/tests/support/catch.hpp"

namespace sluice {

namespace {

struct reading {
  std::uint32_t sensor;
  instant at;
  std::uint64_t id;
  bool operator==(const reading&) const = default;
};
SLUICE_RECORD(reading, sensor, at, id);
struct reset {
  std::uint64_t id;
  std::uint32_t sensor;
  instant at;
  bool operator==(const reset&) const = default;
};
SLUICE_RECORD(reset, id, sensor, at);
struct running {
  std::uint32_t sensor;
  std::uint64_t id;
  std::uint64_t before;  // readings of the sensor since the last reset
  bool operator==(const running&) const = default;
};
SLUICE_RECORD(running, sensor, id, before);

void note_reading(std::uint64_t& seen, const reading& in, rows<running> out) {
  out.push({in.sensor, in.id, seen++});
}
void note_reset(std::uint64_t& seen, const reset&, rows<running>) { seen = 0; }

using arrival_scan =
    scan_operation<reading, running, std::uint64_t, decltype(&note_reading), std::uint32_t>;
using time_scan = ordered_scan_operation<running, std::uint64_t, std::tuple<std::uint32_t>,
                                         ordered_input<reset, decltype(&note_reset)>,
                                         ordered_input<reading, decltype(&note_reading)>>;

time_scan resets_and_readings() {
  return time_scan{
      ordered_input<reset, decltype(&note_reset)>{{1}, {2, 0, true}, &note_reset},
      ordered_input<reading, decltype(&note_reading)>{{0}, {1, 2, true}, &note_reading}};
}

using results = std::vector<running>;

}  // namespace

TEST_CASE("scans tell how much memory their keys take", "[scan][F1401]") {
  CHECK(arrival_scan{{0}, &note_reading}.counters().state_bytes > 0);
  CHECK(resets_and_readings().counters().state_bytes > 0);
}

TEST_CASE("a scan takes rows as they arrive, with the state of their key", "[scan]") {
  arrival_scan s{{0}, &note_reading};
  kept_outputs out;
  s.process(0, batch_with<reading>({{1, {30}, 100}, {2, {20}, 101}, {1, {10}, 102}}), out);
  CHECK(out.rows<running>() == results{{1, 100, 0}, {2, 101, 0}, {1, 102, 1}});
  s.process(0, batch_with<reading>({{2, {0}, 103}}), out);
  CHECK(out.rows<running>().back() == running{2, 103, 1});
  CHECK_FALSE(s.caches());
  CHECK(s.counters().keys == 2);
  CHECK(s.counters().state_accesses == 8);
}

TEST_CASE("what a scan makes of one batch is cut at the bounds", "[scan]") {
  arrival_scan s{{0}, &note_reading};
  kept_outputs out{{.rows = 2}};
  s.process(0, batch_with<reading>({{1, {}, 0}, {1, {}, 1}, {1, {}, 2}}), out);
  REQUIRE(out.batches().size() == 2);
  CHECK(out.batches()[0]->size() == 2);
}

TEST_CASE("an event-time scan waits for the watermark and takes rows in order of time",
          "[ordered_scan][F602]") {
  auto s = resets_and_readings();
  kept_outputs out;
  s.process(1, batch_with<reading>({{1, {30}, 3}, {1, {10}, 1}, {1, {20}, 2}}), out);
  s.advance({9}, out);
  out.resume(s);
  CHECK(out.rows<running>().empty());
  CHECK(s.counters().held_rows == 3);
  s.process(0, batch_with<reset>({{50, 1, {15}}}), out);
  s.advance({20}, out);
  out.resume(s);
  CHECK(out.rows<running>() == results{{1, 1, 0}, {1, 2, 0}});
  s.advance(instant::highest(), out);
  out.resume(s);
  CHECK(out.rows<running>().back() == running{1, 3, 1});
  CHECK(s.counters().held_rows == 0);
}

TEST_CASE("at one instant the first input comes first", "[ordered_scan][F602]") {
  auto s = resets_and_readings();
  kept_outputs out;
  s.process(1, batch_with<reading>({{1, {10}, 7}, {1, {10}, 6}}), out);
  s.process(1, batch_with<reading>({{1, {5}, 1}}), out);
  s.process(0, batch_with<reset>({{0, 1, {10}}}), out);
  s.advance({10}, out);
  out.resume(s);
  CHECK(out.rows<running>() == results{{1, 1, 0}, {1, 6, 0}, {1, 7, 1}});
}

TEST_CASE("late rows are counted and leave by the port of their input", "[ordered_scan][F404]") {
  auto s = resets_and_readings();
  kept_outputs out;
  s.advance({100}, out);
  s.process(1, batch_with<reading>({{1, {100}, 1}, {1, {101}, 2}, {2, {99}, 3}}), out);
  s.process(0, batch_with<reset>({{9, 1, {50}}}), out);
  s.advance({200}, out);
  out.resume(s);
  CHECK(out.rows<reading>(2) == std::vector<reading>{{1, {100}, 1}, {2, {99}, 3}});
  CHECK(out.rows<reset>(1) == std::vector<reset>{{9, 1, {50}}});
  CHECK(out.rows<running>() == results{{1, 2, 0}});
  CHECK(s.counters().late_rows == 3);
}

TEST_CASE("what is released is given on a batch at a time", "[ordered_scan]") {
  auto s = resets_and_readings();
  kept_outputs out{{.rows = 10}};
  std::vector<reading> all;
  for (std::uint64_t i = 0; i < 35; ++i) all.push_back({1, {static_cast<std::int64_t>(i)}, i});
  s.process(1, batch_with(all), out);
  s.advance({100}, out);
  CHECK(out.batches().empty());
  CHECK(s.resume(out));
  CHECK(out.rows<running>().size() == 10);
  out.resume(s);
  CHECK(out.rows<running>().size() == 35);
  for (std::uint64_t i = 0; i < 35; ++i) CHECK(out.rows<running>()[i] == running{1, i, i});
}

}  // namespace sluice

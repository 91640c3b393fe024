#include "sluice/actors/report_bytes.hpp"

#include "sluice/tests/support/catch.hpp"

namespace sluice {

namespace {

// Every field has a value of its own.
actor_report report_of_source() {
  source_counters counts{.rows = 1, .bytes = 2, .batches = 3, .progress = {}};
  counts.batch_rows.add(4);
  counts.batch_rows.add(70'000);
  counts.markers = 5;
  counts.blocked_times = 6;
  counts.rejected = 7;
  counts.progress = {.done = 8, .total = 9};
  counts.watermark = {-10};
  counts.watermark_of_rows = {11};
  actor_report report;
  report.number = 12;
  report.counts = counts;
  report.busy_ns = 13;
  report.blocked_ns = 14;
  return report;
}

actor_report report_of_stage() {
  stage_counters counts{.rows_in = 1, .bypass = {}, .wire = {}, .operation = {}};
  counts.bytes_in = 2;
  counts.batches_in = 3;
  counts.rows_out = 4;
  counts.bytes_out = 5;
  counts.batches_out = 6;
  counts.batch_rows.add(7);
  counts.markers = 8;
  counts.timer_wakeups = 9;
  counts.blocked_times = 10;
  for (std::size_t i = 0; i < counts.flushes.size(); ++i) counts.flushes[i] = 11 + i;
  counts.most_gathered = 21;
  counts.bypass = {.to_bypass = 22, .to_gathering = 23};
  counts.bypass_ratio = 0.25;
  counts.wire = {.rows_in = 45,
                 .rows_out = 46,
                 .switched = {.to_bypass = 47, .to_gathering = 48},
                 .switch_ratio = 0.75,
                 .ratio = 0.125};
  counts.operation.state_accesses = 24;
  counts.operation.late_rows = 25;
  counts.operation.keys = 26;
  counts.operation.held_rows = 27;
  counts.operation.state_bytes = 28;
  actor_report report;
  report.number = 29;
  report.counts = counts;
  report.busy_ns = 30;
  report.blocked_ns = 31;
  report.most_queued = {{32, 33}, {34, 35}};
  report.queued = {{36, 37}, {38, 39}};
  report.credit_left = {{40, 41}, {42, 43}};
  report.queued_rows = 44;
  report.output_ratio = 0.5;
  return report;
}

void check_same(const actor_report& got, const actor_report& sent) {
  CHECK(got.number == sent.number);
  CHECK(got.busy_ns == sent.busy_ns);
  CHECK(got.blocked_ns == sent.blocked_ns);
  CHECK(got.most_queued == sent.most_queued);
  CHECK(got.queued == sent.queued);
  CHECK(got.credit_left == sent.credit_left);
  CHECK(got.queued_rows == sent.queued_rows);
  CHECK(got.output_ratio == sent.output_ratio);
  CHECK(got.counts.index() == sent.counts.index());
}

}  // namespace

TEST_CASE("the report of a source arrives as it was sent", "[report_bytes]") {
  const actor_report sent = report_of_source();
  const auto got = read_report(report_bytes(sent));
  REQUIRE(got);
  check_same(got.value(), sent);
  const auto& a = std::get<source_counters>(got.value().counts);
  const auto& b = std::get<source_counters>(sent.counts);
  CHECK(a.rows == b.rows);
  CHECK(a.bytes == b.bytes);
  CHECK(a.batches == b.batches);
  CHECK(a.batch_rows == b.batch_rows);
  CHECK(a.markers == b.markers);
  CHECK(a.blocked_times == b.blocked_times);
  CHECK(a.rejected == b.rejected);
  CHECK(a.progress.done == b.progress.done);
  CHECK(a.progress.total == b.progress.total);
  CHECK(a.watermark == b.watermark);
  CHECK(a.watermark_of_rows == b.watermark_of_rows);
}

TEST_CASE("the report of a stage arrives as it was sent", "[report_bytes]") {
  const actor_report sent = report_of_stage();
  const auto got = read_report(report_bytes(sent));
  REQUIRE(got);
  check_same(got.value(), sent);
  const auto& a = std::get<stage_counters>(got.value().counts);
  const auto& b = std::get<stage_counters>(sent.counts);
  CHECK(a.rows_in == b.rows_in);
  CHECK(a.bytes_in == b.bytes_in);
  CHECK(a.batches_in == b.batches_in);
  CHECK(a.rows_out == b.rows_out);
  CHECK(a.bytes_out == b.bytes_out);
  CHECK(a.batches_out == b.batches_out);
  CHECK(a.batch_rows == b.batch_rows);
  CHECK(a.markers == b.markers);
  CHECK(a.timer_wakeups == b.timer_wakeups);
  CHECK(a.blocked_times == b.blocked_times);
  CHECK(a.flushes == b.flushes);
  CHECK(a.most_gathered == b.most_gathered);
  CHECK(a.bypass.to_bypass == b.bypass.to_bypass);
  CHECK(a.bypass.to_gathering == b.bypass.to_gathering);
  CHECK(a.bypass_ratio == b.bypass_ratio);
  CHECK(a.wire.rows_in == b.wire.rows_in);
  CHECK(a.wire.rows_out == b.wire.rows_out);
  CHECK(a.wire.switched == b.wire.switched);
  CHECK(a.wire.switch_ratio == b.wire.switch_ratio);
  CHECK(a.wire.ratio == b.wire.ratio);
  CHECK(a.operation.state_accesses == b.operation.state_accesses);
  CHECK(a.operation.late_rows == b.operation.late_rows);
  CHECK(a.operation.keys == b.operation.keys);
  CHECK(a.operation.held_rows == b.operation.held_rows);
  CHECK(a.operation.state_bytes == b.operation.state_bytes);
}

TEST_CASE("a report that is cut short or goes on is refused", "[report_bytes]") {
  for (const actor_report& sent : {report_of_source(), report_of_stage()}) {
    const std::string whole = report_bytes(sent);
    for (std::size_t bytes = 0; bytes < whole.size(); ++bytes) {
      const auto cut = read_report(std::string_view{whole}.substr(0, bytes));
      if (!cut) continue;
      FAIL("taken with " << bytes << " of " << whole.size() << " bytes");
    }
    const auto longer = read_report(whole + '\0');
    REQUIRE_FALSE(longer);
    CHECK(longer.failure().code == error_code::malformed);
  }
}

TEST_CASE("a report that announces more channels than it has is refused", "[report_bytes]") {
  std::string bytes = report_bytes(report_of_stage());
  // The last list: its count, then two credits.
  bytes[bytes.size() - 2 * 16 - 2] = '\x7f';
  CHECK_FALSE(read_report(bytes));
}

}  // namespace sluice

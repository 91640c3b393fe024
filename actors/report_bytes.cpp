#include "sluice/actors/report_bytes.hpp"

#include <array>
#include <bit>
#include <cstdint>
#include <utility>

#include "sluice/state/snapshot_bytes.hpp"

namespace sluice {

namespace {

// One list of the fields for both ways.
struct writing {
  snapshot_writer to;
  template <plain_value T>
  void operator()(T& value) {
    to.value(value);
  }
  std::size_t count(std::size_t n) {
    to.count(n);
    return n;
  }
};

struct reading {
  snapshot_reader from;
  template <plain_value T>
  void operator()(T& value) {
    value = from.value<T>();
  }
  std::size_t count(std::size_t) { return from.count(2 * sizeof(std::uint64_t)); }
};

template <class Way, class... T>
void all(Way& way, T&... values) {
  (way(values), ...);
}

// A histogram is its counts and their sum.
template <class Way, const auto& Bounds>
void all(Way& way, histogram<Bounds>& values) {
  using words = std::array<std::uint64_t, sizeof(histogram<Bounds>) / sizeof(std::uint64_t)>;
  auto raw = std::bit_cast<words>(values);
  for (auto& word : raw) way(word);
  values = std::bit_cast<histogram<Bounds>>(raw);
}

template <class Way>
void all(Way& way, std::vector<credit>& list) {
  list.resize(way.count(list.size()));
  for (auto& one : list) all(way, one.rows, one.bytes);
}

template <class Way>
void all(Way& way, source_counters& c) {
  all(way, c.rows, c.bytes, c.batches);
  all(way, c.batch_rows);
  all(way, c.markers, c.blocked_times, c.rejected, c.progress.done, c.progress.total,
      c.watermark.us, c.watermark_of_rows.us);
}

template <class Way>
void all(Way& way, stage_counters& c) {
  all(way, c.rows_in, c.bytes_in, c.batches_in, c.rows_out, c.bytes_out, c.batches_out);
  all(way, c.batch_rows);
  all(way, c.markers, c.timer_wakeups, c.blocked_times);
  for (auto& flushes : c.flushes) way(flushes);
  all(way, c.most_gathered, c.bypass.to_bypass, c.bypass.to_gathering, c.bypass_ratio);
  all(way, c.wire.rows_in, c.wire.rows_out, c.wire.switched.to_bypass, c.wire.switched.to_gathering,
      c.wire.switch_ratio, c.wire.ratio);
  all(way, c.operation.state_accesses, c.operation.late_rows, c.operation.keys,
      c.operation.held_rows, c.operation.state_bytes);
}

template <class Way>
void all(Way& way, actor_report& r) {
  std::uint64_t number = r.number;
  bool of_source = std::holds_alternative<source_counters>(r.counts);
  all(way, number, of_source, r.busy_ns, r.blocked_ns, r.queued_rows, r.output_ratio, r.writing);
  r.number = number;
  if (!of_source && r.counts.index() == 0) r.counts = stage_counters{};
  std::visit([&](auto& counts) { all(way, counts); }, r.counts);
  all(way, r.most_queued);
  all(way, r.queued);
  all(way, r.credit_left);
}

}  // namespace

std::string report_bytes(const actor_report& report) {
  actor_report copy = report;
  writing way;
  all(way, copy);
  return way.to.take();
}

result<actor_report> read_report(std::string_view bytes) {
  reading way{snapshot_reader{bytes}};
  actor_report report;
  all(way, report);
  if (auto whole = way.from.finish(); !whole) return whole.failure();
  return report;
}

}  // namespace sluice

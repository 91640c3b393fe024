#include "sluice/bench/frame_codec.hpp"

#include <chrono>
#include <numeric>
#include <stdexcept>
#include <utility>

#include "sluice/bench/harness/allocations.hpp"
#include "sluice/bench/link_work.hpp"
#include "sluice/links/batch_frame.hpp"
#include "sluice/records/crc32c.hpp"

namespace sluice::bench {
namespace {

using steady = std::chrono::steady_clock;

constexpr frame_number here{.job = {{1, 1}}, .generation = {1}, .channel = {0}, .seq = 1};

std::uint64_t sum_of(const column_batch& rows) {
  std::uint64_t sum = 0;
  for (std::size_t column = 0; column < 3; ++column) {
    const auto* const values = rows.values<std::uint64_t>(column);
    sum = std::accumulate(values, values + rows.size(), sum);
  }
  return sum;
}

}  // namespace

frame_codec::frame_codec(std::size_t batch_rows)
    : batch_(std::make_shared<column_batch>(schema_of<linked_row>(), pool_, batch_rows)) {
  std::uint64_t next = 0;
  for (std::size_t column = 0; column < 3; ++column)
    for (std::size_t row = 0; row < batch_rows; ++row)
      batch_->values<std::uint64_t>(column)[row] = mix(next++);
  batch_->resize(batch_rows);
}

outcome frame_codec::run(std::uint64_t rows) {
  const frame_expectation wanted{.limits = {},
                                 .job = here.job,
                                 .generation = here.generation,
                                 .standing = [](const frame_head&) { return frame_fault::none; }};
  const std::size_t batch_rows = batch_->size();
  const std::uint64_t times = (rows + batch_rows - 1) / batch_rows;
  outcome out{.rows = times * batch_rows};
  batch_ptr sent = std::exchange(batch_, nullptr);
  std::uint64_t last = 0;
  // Each frame's checksums are taken out again at once: they are most of the time, and what the
  // machine makes of them changes from second to second.
  steady::duration codec{}, checksums{};
  std::uint32_t all = 0;
  const std::uint64_t allocated = allocations();
  for (std::uint64_t i = 0; i < times; ++i) {
    const auto begun = steady::now();
    const frame_bytes frame = rows_frame(std::move(sent), {}, here, pool_);
    const std::string_view bytes = frame.bytes;
    const frame_finding found = find_fault(bytes, wanted);
    auto got = read_rows_frame(frame, found.head, schema_of<linked_row>(), pool_, wanted.limits);
    if (found.fault != frame_fault::none || !got) throw std::runtime_error("a bad frame");
    const auto coded = steady::now();
    for (std::uint32_t once = 0; once < 2; ++once)
      all ^= crc32c(bytes.substr(prologue_bytes),
                    crc32c(bytes.substr(0, prologue_bytes - sizeof once), once));
    checksums += steady::now() - coded;
    codec += coded - begun;
    last = i + 1 == times ? sum_of(*got.value().rows) : 0;
    sent = std::static_pointer_cast<const column_batch>(frame.owner);
  }
  if (all == 1) throw std::runtime_error("not to be left out");
  out.allocations = allocations() - allocated;
  out.wall_s = std::chrono::duration<double>(codec - checksums).count();
  out.cpu_s = out.wall_s;
  out.result = {batch_rows, {{"sum", last}}};
  batch_ = std::const_pointer_cast<column_batch>(sent);
  return out;
}

}  // namespace sluice::bench

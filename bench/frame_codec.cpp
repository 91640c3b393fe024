#include "sluice/bench/frame_codec.hpp"

#include <numeric>
#include <stdexcept>
#include <utility>

#include "sluice/bench/harness/stopwatch.hpp"
#include "sluice/bench/link_work.hpp"
#include "sluice/links/batch_frame.hpp"
#include "sluice/records/crc32c.hpp"

namespace sluice::bench {
namespace {

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
  batch_ptr sent = std::exchange(batch_, nullptr), read;
  std::string_view bytes;
  stopwatch codec;
  codec.start();
  for (std::uint64_t i = 0; i < times; ++i) {
    frame_bytes frame = rows_frame(std::move(sent), {}, here, pool_);
    bytes = frame.bytes;
    const frame_finding found = find_fault(bytes, wanted);
    read = nullptr;  // its buffer is that of the next
    auto got = read_rows_frame(bytes, found.head, schema_of<linked_row>(), pool_, wanted.limits);
    if (found.fault != frame_fault::none || !got) throw std::runtime_error("a bad frame");
    read = std::move(got).value().rows;
    sent = std::static_pointer_cast<const column_batch>(frame.owner);
  }
  codec.stop();
  out.allocations = codec.allocated();

  stopwatch checksums;
  std::uint32_t all = 0;
  checksums.start();
  for (std::uint64_t i = 0; i < 2 * times; ++i)
    all ^= crc32c(bytes) + static_cast<std::uint32_t>(i);
  checksums.stop();
  if (all == 1) throw std::runtime_error("not to be left out");
  out.wall_s = codec.wall_s() - checksums.wall_s();
  out.cpu_s = out.wall_s;
  out.result = {batch_rows, {{"sum", sum_of(*read)}}};
  batch_ = std::const_pointer_cast<column_batch>(sent);
  return out;
}

}  // namespace sluice::bench

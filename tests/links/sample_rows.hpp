#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "sluice/links/batch_frame.hpp"
#include "sluice/records/batch.hpp"
#include "sluice/records/record.hpp"

namespace sluice {

/// A record with every kind of part: values, bits of validity, bools, text.
struct sample {
  std::uint64_t id;
  bool on;
  std::optional<bool> maybe;
  std::string_view name;
  std::optional<std::string_view> note;
};
SLUICE_RECORD(sample, id, on, maybe, name, note);

inline constexpr job_id sample_job{{0x0102030405060708, 0x1112131415161718}};
inline constexpr frame_number sample_number{sample_job, {7}, {3}, 5};

/// `count` rows, the same every time, in a batch with room for `room` more.
inline batch_ptr sample_rows(std::size_t count, const buffer_pool& pool, std::size_t room = 0) {
  batch_builder<sample> out{pool, {.rows = count + room, .bytes = SIZE_MAX}};
  for (std::size_t i = 0; i < count; ++i) {
    const bool odd = i % 2 != 0;
    out.push({i, odd, odd ? std::optional<bool>{true} : std::nullopt, odd ? "größer" : "x",
              odd ? std::nullopt : std::optional<std::string_view>{"note"}});
  }
  return out.take();
}

/// What a receiver of `sample_number` expects.
inline frame_expectation expectation_of(std::uint64_t seq) {
  return {{}, sample_job, {7}, [seq](const frame_head& head) {
            if (head.place.channel != channel_id{3}) return frame_fault::unknown_channel;
            if (!has_sequence(head.type) || head.seq == seq) return frame_fault::none;
            return head.seq < seq ? frame_fault::repeated : frame_fault::ahead;
          }};
}

}  // namespace sluice

#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sluice/connectors/sink.hpp"
#include "sluice/records/batch.hpp"

namespace sluice::test {

using lines = std::vector<std::string>;

/// A small record.
struct pair_row {
  std::int64_t id;
  std::string_view name;
};
SLUICE_RECORD(pair_row, id, name);

enum class colour : std::uint8_t { red, green };

/// A record with every type of field there is.
struct everything {
  bool on;
  std::int8_t tiny;
  std::int16_t small;
  std::int32_t middle;
  std::int64_t large;
  std::uint8_t tiny_count;
  std::uint16_t small_count;
  std::uint32_t middle_count;
  std::uint64_t large_count;
  float single;
  double precise;
  instant at;
  std::string_view text;
  colour tone;
  std::optional<std::int64_t> maybe;
  std::optional<std::string_view> word;
};
SLUICE_RECORD(everything, on, tiny, small, middle, large, tiny_count, small_count, middle_count,
              large_count, single, precise, at, text, tone, maybe, word);

/// The smallest values, largest values that every database holds, and what text must survive.
inline std::vector<everything> everything_there_is() {
  using all = everything;
  return {
      all{false, -128, -32768, INT32_MIN, INT64_MIN, 0, 0, 0, 0, -1.5f, -1e-300,
          instant::from_seconds(0), "", colour::red, std::nullopt, std::nullopt},
      all{true,
          127,
          32767,
          INT32_MAX,
          INT64_MAX,
          255,
          65535,
          UINT32_MAX,
          INT64_MAX,
          16777216.0f,
          0.1,
          {1'522'540'800'500'001},
          "tab\t, line\n, return\r, \\N and \\. and \"é\"",
          colour::green,
          7,
          ""},
  };
}

template <class T>
batch_ptr batch_of(const std::vector<T>& rows) {
  batch_builder<T> out{buffer_pool{}};
  for (const T& row : rows) out.push(row);
  return out.take();
}

/// What says why `sink` refuses rows of `T` before anything runs; nothing if it does not.
template <class T, class Sink>
std::string why_refused(const Sink& sink) {
  const auto tried = sink.try_open({.stage = "out", .fields = &schema_of<T>()});
  return tried ? "" : tried.failure().message;
}

/// Writes `rows` with a sink in a run without checkpoints.
template <class T, class Sink>
result<void> write_once(const Sink& sink, const std::vector<T>& rows) {
  auto writer = sink.open({.stage = "out", .fields = &schema_of<T>()});
  if (!writer) return writer.failure();
  if (auto written = writer.value()->write(*batch_of(rows)); !written) return written;
  if (auto flushed = writer.value()->flush({1}); !flushed) return flushed;
  return writer.value()->close();
}

}  // namespace sluice::test

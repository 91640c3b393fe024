#include <bit>
#include <cmath>
#include <cstdio>
#include <initializer_list>
#include <limits>
#include <random>
#include <string>

#include "sluice/connectors/csv.hpp"
#include "sluice/connectors/json_lines.hpp"
#include "sluice/tests/connectors/temporary_folder.hpp"
#include "sluice/tests/connectors/transcript.hpp"
#include "sluice/tests/support/catch.hpp"

namespace sluice {

namespace {

using test::lines;
using test::temporary_folder;
using test::transcript;

struct texts {
  std::string_view a, b, c, d;
};
SLUICE_RECORD(texts, a, b, c, d);

struct values {
  bool truth;
  std::int8_t tiny;
  std::uint64_t large;
  std::optional<std::int64_t> maybe;
  float f32;
  double f64;
  instant at;
  std::string_view text;
  std::optional<std::string_view> note;
};
SLUICE_RECORD(values, truth, tiny, large, maybe, f32, f64, at, text, note);

// What csv_peer.py prints.
lines peer(const lines& arguments) {
  std::string command = PYTHON " " CSV_PEER;
  for (const auto& argument : arguments) command.append(" ").append(argument);
  std::FILE* out = ::popen(command.c_str(), "r");
  REQUIRE(out != nullptr);
  std::string text;
  char piece[4096];
  while (const std::size_t n = std::fread(piece, 1, sizeof piece, out)) text.append(piece, n);
  INFO(command);
  REQUIRE(::pclose(out) == 0);  // python3 is needed by this test
  lines rows;
  for (std::size_t at = 0; at < text.size(); at = text.find('\n', at) + 1)
    rows.push_back(text.substr(at, text.find('\n', at) - at));
  return rows;
}

// Fields as csv_peer.py prints them.
std::string in_hex(std::initializer_list<std::string_view> fields) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (const std::string_view field : fields) {
    if (!text.empty()) text += ' ';
    if (field.empty()) text += '-';
    for (const char c : field) {
      text += digits[static_cast<unsigned char>(c) >> 4];
      text += digits[c & 15];
    }
  }
  return text;
}

std::string random_text(std::mt19937_64& random) {
  static const std::vector<std::string> parts{
      "a", ",",   "\"", "\n", "\r", "\t", "\\", " ", "\x01", "\x7f", "\xc3\xa9", "\xf0\x9f\x98\x80",
      "{", "text"};
  std::string text;
  for (std::size_t i = random() % 8; i > 0; --i) text += parts[random() % parts.size()];
  return text;
}

template <class F>
F random_number(std::mt19937_64& random) {
  if (random() % 3 == 0) return static_cast<F>(static_cast<std::int64_t>(random() % 2'000)) / 100;
  using bits = std::conditional_t<sizeof(F) == 4, std::uint32_t, std::uint64_t>;
  const F any = std::bit_cast<F>(static_cast<bits>(random()));
  return std::isfinite(any) ? any : F{-0.0f};
}

// `count` random rows; the rows as a transcript shows them are what is to be read back.
batch_ptr random_values(std::mt19937_64& random, std::size_t count) {
  batch_builder<values> out{buffer_pool{}, {.rows = count, .bytes = SIZE_MAX}};
  for (std::size_t i = 0; i < count; ++i) {
    const std::string text = random_text(random), note = random_text(random);
    values row{};
    row.truth = random() % 2 == 0;
    row.tiny = static_cast<std::int8_t>(random());
    row.large = random();
    if (random() % 2 == 0) row.maybe = static_cast<std::int64_t>(random());
    row.f32 = random_number<float>(random);
    row.f64 = random_number<double>(random);
    row.at = {static_cast<std::int64_t>(random()) >> (random() % 40)};
    row.text = text;
    if (random() % 2 == 0) row.note = note;
    out.push(row);
  }
  return out.take();
}

template <class Sink>
void write_rows(const Sink& sink, const column_batch& rows) {
  auto writer = sink.open({.stage = "out", .fields = &rows.fields()});
  REQUIRE(writer);
  REQUIRE(writer.value()->write(rows));
  REQUIRE(writer.value()->flush({1}));
  REQUIRE(writer.value()->close());
}

lines shown_rows(const column_batch& rows) {
  lines all;
  for (std::size_t row = 0; row < rows.size(); ++row) all.push_back(test::shown(rows, row));
  return all;
}

}  // namespace

TEST_CASE("what Python's csv module writes is read as it was meant", "[csv][F22]") {
  const temporary_folder folder;
  const lines seeds{"1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14"};
  lines arguments{"write"};
  arguments.insert(arguments.end(), seeds.begin(), seeds.end());
  arguments.push_back(folder.path(""));
  const lines expected = peer(arguments);

  lines got;
  for (const auto& seed : seeds) {
    got.push_back("= " + seed);
    auto opened = from::csv<texts>{folder.path(seed + ".csv")}.open({});
    REQUIRE(opened);
    for (read_state state = read_state::more; state != read_state::end;) {
      auto read = opened.value()->read();
      REQUIRE(read);
      state = read.value().state;
      if (!read.value().rows) continue;
      const batch<texts> view{*read.value().rows};
      for (std::size_t i = 0; i < view.size(); ++i) {
        const texts row = view[i];
        got.push_back(in_hex({row.a, row.b, row.c, row.d}));
      }
    }
  }
  CHECK(got == expected);
  CHECK(got.size() > 1'000);
}

TEST_CASE("what is written as CSV is read by Python's csv module as it was meant", "[csv]") {
  const temporary_folder folder;
  std::mt19937_64 random{11};
  const batch_ptr rows = random_values(random, 300);
  write_rows(to::csv{folder.path("out.csv")}, *rows);

  const lines got = peer({"read", folder.path("out.csv")});
  REQUIRE(got.size() == 301);
  const batch<values> view{*rows};
  for (std::size_t i = 0; i < view.size(); ++i) {
    const values row = view[i];
    const std::string tiny = std::to_string(row.tiny), large = std::to_string(row.large);
    CHECK(got[i + 1].starts_with(in_hex({row.truth ? "true" : "false", tiny, large})));
    CHECK(got[i + 1].ends_with(in_hex({to_string(row.at), row.text, row.note.value_or("")})));
  }
}

TEST_CASE("rows written as CSV or JSON lines are read back exactly", "[csv][json_lines]") {
  const unsigned seed = GENERATE(1u, 2u, 3u, 4u);
  std::mt19937_64 random{seed};
  const temporary_folder folder;
  const batch_ptr rows = random_values(random, 2'000);
  INFO("seed " << seed);

  write_rows(to::csv{folder.path("rows.csv")}, *rows);
  const transcript csv = test::read_all([&](const source_context& at) {
    return from::csv<values>{folder.path("rows.csv")}.open(at);
  });
  CHECK(csv.rejects.empty());
  CHECK(csv.rows == shown_rows(*rows));

  write_rows(to::json_lines{folder.path("rows.jsonl")}, *rows);
  const transcript json = test::read_all([&](const source_context& at) {
    return from::json_lines<values>{folder.path("rows.jsonl")}.open(at);
  });
  CHECK(json.rejects.empty());
  CHECK(json.rows == shown_rows(*rows));
}

}  // namespace sluice

#include "sluice/records/column_batch.hpp"

#include <numeric>
#include <random>
#include <string>
#include <vector>

#include "sluice/records/batch.hpp"
#include "sluice/tests/support/catch.hpp"

namespace sluice {

namespace {

struct mixed {
  std::uint8_t small;
  std::optional<std::int64_t> number;
  std::string_view text;
  std::optional<std::string_view> note;
  double amount;
};
SLUICE_RECORD(mixed, small, number, text, note, amount);

// A row that owns its text, and the same row from a batch.
struct owned {
  std::uint8_t small;
  std::optional<std::int64_t> number;
  std::string text;
  std::optional<std::string> note;
  double amount;
  bool operator==(const owned&) const = default;
};

owned own(const mixed& m) {
  return {m.small, m.number, std::string(m.text),
          m.note ? std::optional<std::string>(*m.note) : std::nullopt, m.amount};
}

std::vector<owned> rows_of(const column_batch& rows) {
  std::vector<owned> all;
  const batch<mixed> view{rows};
  for (std::size_t i = 0; i < view.size(); ++i) all.push_back(own(view[i]));
  return all;
}

std::vector<owned> random_rows(std::mt19937& random, std::size_t count) {
  std::vector<owned> rows(count);
  for (auto& row : rows) {
    row.small = static_cast<std::uint8_t>(random());
    if (random() % 3 != 0) row.number = static_cast<std::int64_t>(random()) - 1'000'000'000;
    row.text.assign(random() % 40, static_cast<char>('a' + random() % 26));
    if (random() % 2 != 0) row.note.emplace(random() % 300, 'n');
    row.amount = static_cast<double>(random()) / 7;
  }
  return rows;
}

batch_ptr batch_of(const std::vector<owned>& rows, const buffer_pool& pool) {
  batch_builder<mixed> out{pool, {.rows = rows.size() + 1, .bytes = SIZE_MAX}};
  for (const auto& row : rows)
    out.push({row.small, row.number, row.text,
              row.note ? std::optional<std::string_view>(*row.note) : std::nullopt, row.amount});
  return out.take();
}

}  // namespace

TEST_CASE("columns are aligned and behind the room for a frame's head", "[column_batch]") {
  const column_batch rows{schema_of<mixed>(), buffer_pool{}, 100};
  const auto* first = reinterpret_cast<const std::byte*>(rows.values<std::uint8_t>(0));
  for (std::size_t c = 0; c < rows.fields().fields.size(); ++c) {
    const auto* values = rows.values<std::byte>(c);
    CHECK(reinterpret_cast<std::uintptr_t>(values) % 64 == 0);
    CHECK(values >= first);
    if (rows.validity(c)) CHECK(reinterpret_cast<std::uintptr_t>(rows.validity(c)) % 64 == 0);
  }
  CHECK(rows.validity(0) == nullptr);
  CHECK(rows.validity(1) != nullptr);
  CHECK(rows.capacity() == 100);
  CHECK(rows.empty());
  CHECK(rows.bytes() == 0);
}

TEST_CASE("text that outgrows its room moves all columns and loses nothing", "[column_batch]") {
  std::mt19937 random{1};
  const std::vector<owned> rows = random_rows(random, 2000);
  const batch_ptr all = batch_of(rows, buffer_pool{});
  CHECK(rows_of(*all) == rows);
}

TEST_CASE("a row written again replaces the first attempt", "[column_batch]") {
  column_batch rows{schema_of<mixed>(), buffer_pool{}, 4};
  const auto write = [&](std::size_t row, std::string_view text) {
    rows.values<std::uint8_t>(0)[row] = 1;
    rows.set_valid(1, row, false);
    rows.values<std::int64_t>(1)[row] = 0;
    rows.set_text(2, row, text);
    rows.set_valid(3, row, true);
    rows.set_text(3, row, text);
    rows.values<double>(4)[row] = 0.5;
  };
  write(0, "first");
  write(1, std::string(5000, 'x'));  // a reader finds this row bad and leaves it
  write(1, "second");
  rows.resize(2);
  CHECK(rows.text_at(2, 0) == "first");
  CHECK(rows.text_at(2, 1) == "second");
  CHECK(rows.text_at(3, 1) == "second");
  CHECK(rows.text_bytes(2) == 11);
}

TEST_CASE("bytes count values and text of the rows there are", "[column_batch]") {
  const std::vector<owned> rows{{1, 2, "abc", "de", 1.5}, {1, std::nullopt, "", std::nullopt, 0}};
  const batch_ptr all = batch_of(rows, buffer_pool{});
  CHECK(schema_of<mixed>().row_bytes == 1 + 8 + 4 + 4 + 8);
  CHECK(all->bytes() == 2 * 25 + 5);
}

TEST_CASE("appended rows are the rows chosen, whatever room the batch began with",
          "[column_batch]") {
  const unsigned seed = GENERATE(1u, 2u, 3u, 4u, 5u);
  std::mt19937 random{seed};
  const buffer_pool pool;
  const std::vector<owned> rows = random_rows(random, 500);
  const batch_ptr all = batch_of(rows, pool);

  column_batch picked{schema_of<mixed>(), pool, 1000};  // no room for text yet
  std::vector<owned> expected;
  while (expected.size() < 900) {
    std::vector<std::uint32_t> chosen(random() % 60);
    for (auto& row : chosen) row = static_cast<std::uint32_t>(random() % rows.size());
    picked.append(*all, chosen);
    for (const auto row : chosen) expected.push_back(rows[row]);
    const std::size_t first = random() % rows.size();
    const std::size_t count = random() % std::min<std::size_t>(rows.size() - first + 1, 40);
    picked.append(*all, first, count);
    expected.insert(expected.end(), rows.begin() + static_cast<std::ptrdiff_t>(first),
                    rows.begin() + static_cast<std::ptrdiff_t>(first + count));
  }
  CHECK(rows_of(picked) == expected);
}

TEST_CASE("a slice is the rows asked for", "[column_batch]") {
  std::mt19937 random{9};
  const buffer_pool pool;
  const std::vector<owned> rows = random_rows(random, 100);
  const batch_ptr all = batch_of(rows, pool);
  CHECK(rows_of(*slice(*all, 0, 100, pool)) == rows);
  CHECK(rows_of(*slice(*all, 13, 1, pool)) == std::vector<owned>{rows[13]});
  CHECK(rows_of(*slice(*all, 99, 1, pool)) == std::vector<owned>{rows[99]});
  CHECK(slice(*all, 50, 0, pool)->empty());
  CHECK_FALSE(all->dense());
  CHECK(slice(*all, 0, 100, pool)->dense());  // room for what there is
}

TEST_CASE("room for text is a hint for the next batch", "[column_batch]") {
  const buffer_pool pool;
  const batch_ptr first = batch_of({{1, 1, std::string(3000, 'x'), "y", 0}}, pool);
  const std::vector<std::uint32_t> room = first->text_room();
  REQUIRE(room.size() == 5);
  CHECK(room[2] >= 3000);
  column_batch next{schema_of<mixed>(), pool, 10, room};
  const auto* before = next.values<std::byte>(0);
  next.set_text(2, 0, std::string(3000, 'z'));
  CHECK(next.values<std::byte>(0) == before);
}

}  // namespace sluice

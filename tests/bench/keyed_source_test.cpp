#include "sluice/bench/graphs/keyed_source.hpp"

#include <map>

#include "sluice/tests/support/catch.hpp"

namespace sluice::bench {
namespace {

using counted = std::map<std::pair<std::uint64_t, std::int64_t>, int>;

source_context instance(std::size_t number, std::size_t of, const std::string& position = {}) {
  source_context at;
  at.instance = number;
  at.instances = of;
  at.bounds.rows = 64;
  at.position = position;
  return at;
}

// Reads at most so many batches; returns where it then is.
std::string read(const keyed_source& from, const source_context& at, counted& into,
                 int batches = 1'000'000) {
  auto opened = from.open(at);
  REQUIRE(opened);
  source_reader& reader = *opened.value();
  for (bool more = true; more && batches > 0; --batches) {
    auto got = reader.read();
    REQUIRE(got);
    more = got.value().state != read_state::end;
    if (!got.value().rows) continue;
    const batch<keyed_row> rows{*got.value().rows};
    for (std::size_t i = 0; i < rows.size(); ++i) ++into[{rows[i].key, rows[i].value}];
  }
  return reader.position();
}

constexpr keyed_stretch some{
    .input = {distribution::uniform, 100, key_kind::opaque}, .rows = 1000, .passes = 3};

// What all rows come to, by a plain loop.
counted all_of(const keyed_stretch& of) {
  const keyed_rows rows{of.input};
  counted all;
  for (std::uint64_t id = 0; id < of.warm_rows(); ++id) ++all[{rows.key_of(id), 0}];
  for (std::uint64_t row = 0; row < of.rows; ++row) {
    std::uint64_t key = 0;
    std::int64_t value = 0;
    rows.fill(row, {&key, 1}, {&value, 1});
    all[{key, value}] += static_cast<int>(of.passes);
  }
  return all;
}

}  // namespace

TEST_CASE("the instances of a source make every row once in every pass", "[bench]") {
  const std::size_t instances = GENERATE(1, 2, 3);
  counted made;
  for (std::size_t i = 0; i < instances; ++i) read({some}, instance(i, instances), made);
  CHECK(made == all_of(some));
}

TEST_CASE("a source of keyed rows goes on where it was", "[bench]") {
  const int batches = GENERATE(0, 1, 2, 20, 40);  // among those that warm up, and behind them
  counted made;
  const std::string position = read({some}, instance(1, 2), made, batches);
  read({some}, instance(1, 2, position), made);
  read({some}, instance(0, 2), made);
  CHECK(made == all_of(some));
}

TEST_CASE("a source that is told to end does so behind a pass", "[bench]") {
  int asked = 0;
  keyed_source from{some, {.over = [&] { return ++asked == 3; }}};
  counted made;
  read(from, instance(0, 1), made);
  keyed_stretch two = some;
  two.passes = 2;
  CHECK(made == all_of(two));
}

}  // namespace sluice::bench

#include "sluice/records/batch.hpp"

#include <string>
#include <vector>

#include "sluice/tests/support/catch.hpp"

namespace sluice {

namespace {

enum class shape : std::int16_t { round = -3, square = 300 };

struct plain {
  std::uint32_t id;
  bool on;
  shape form;
  std::optional<float> weight;
  instant at;
};
SLUICE_RECORD(plain, id, on, form, weight, at);

struct word {
  std::string_view text;
};
SLUICE_RECORD(word, text);

struct no_fields {};
SLUICE_RECORD(no_fields);

}  // namespace

TEST_CASE("rows come back as they were pushed", "[batch_builder]") {
  const std::vector<plain> rows{{1, true, shape::round, 1.5f, {7}},
                                {2, false, shape::square, std::nullopt, {-7}},
                                {4'000'000'000, true, shape::square, -0.0f, instant::lowest()}};
  batch_builder<plain> out{buffer_pool{}};
  CHECK(out.empty());
  for (const auto& row : rows) out.push(row);
  CHECK(out.size() == 3);
  const batch_ptr done = out.take();
  CHECK(out.empty());
  CHECK(out.take() == nullptr);

  const batch<plain> view{*done};
  REQUIRE(view.size() == 3);
  for (std::size_t i = 0; i < 3; ++i) CHECK(same_fields(view[i], rows[i]));
  CHECK(view.column(&plain::form)[1] == shape::square);
  CHECK(view.column(&plain::weight)[1] == std::nullopt);
  CHECK(view.column(&plain::at)[2] == instant::lowest());
}

TEST_CASE("a batch is full at its bound of rows", "[batch_builder]") {
  batch_builder<plain> out{buffer_pool{}, {.rows = 2}};
  CHECK_FALSE(out.full_for({}));
  out.push({});
  CHECK_FALSE(out.full_for({}));
  out.push({});
  CHECK(out.full_for({}));
}

TEST_CASE("a batch is full at its bound of bytes, and takes at least one row", "[batch_builder]") {
  batch_builder<plain> few{buffer_pool{}, {.rows = 1000, .bytes = 3 * 19}};
  CHECK(schema_of<plain>().row_bytes == 19);
  for (int i = 0; i < 3; ++i) {
    CHECK_FALSE(few.full_for({}));
    few.push({});
  }
  CHECK(few.full_for({}));

  batch_builder<word> words{buffer_pool{}, {.rows = 1000, .bytes = 20}};
  const std::string huge(100, 'x');
  CHECK_FALSE(words.full_for({huge}));  // travels alone
  words.push({huge});
  CHECK(words.full_for({""}));
  CHECK(words.take()->text_at(0, 0) == huge);
  words.push({"12345678"});
  CHECK_FALSE(words.full_for({"1234"}));
  CHECK(words.full_for({"12345"}));
}

TEST_CASE("in steady state a builder allocates nothing", "[batch_builder]") {
  const buffer_pool pool;
  batch_builder<word> out{pool, {.rows = 100}};
  std::uint64_t allocated = 0;
  for (int round = 0; round < 50; ++round) {
    for (int i = 0; i < 100; ++i) out.push({"some text that takes a little room"});
    CHECK(out.take()->size() == 100);
    if (round == 2) allocated = pool.allocations();
  }
  CHECK(pool.allocations() == allocated);
}

TEST_CASE("rows without fields are counted", "[batch_builder]") {
  batch_builder<no_fields> out{buffer_pool{}, {.rows = 10}};
  for (int i = 0; i < 10; ++i) out.push({});
  CHECK(out.full_for({}));
  const batch_ptr rows = out.take();
  CHECK(rows->size() == 10);
  CHECK(rows->bytes() == 0);
}

}  // namespace sluice

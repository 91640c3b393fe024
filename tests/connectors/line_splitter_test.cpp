#include "sluice/connectors/line_splitter.hpp"

#include <random>
#include <string>
#include <vector>

#include "sluice/tests/support/catch.hpp"

namespace sluice {

namespace {

struct cut {
  std::string text;
  std::uint64_t offset = 0, number = 0;
  bool over_long = false;
  bool operator==(const cut&) const = default;
};

std::vector<cut> split(const std::string& text, std::size_t limit, std::size_t piece = SIZE_MAX,
                       std::size_t block = 1024) {
  input_window in{memory_bytes(text, piece), block};
  line_splitter lines{limit};
  std::vector<cut> all;
  for (;;) {
    const auto line = lines.next(in);
    REQUIRE(line);
    if (line.value().state == line_state::end) return all;
    all.push_back({std::string(line.value().text), line.value().offset, line.value().number,
                   line.value().state == line_state::over_long});
  }
}

}  // namespace

TEST_CASE("a window that is filled without being used grows by doubling", "[input_window]") {
  input_window in{memory_bytes(std::string(1 << 20, 'x')), 1};
  int fills = 0;
  while (in.rest().size() < 1 << 20) {
    REQUIRE(in.fill());
    ++fills;
  }
  CHECK(fills == 21);
  CHECK_FALSE(in.ended());
  REQUIRE(in.fill());
  CHECK(in.ended());
}

TEST_CASE("behind what was read stands a 0, whatever stood there before", "[input_window]") {
  input_window in{memory_bytes(std::string(100, '}'), 10), 10};
  for (;;) {
    const auto state = in.fill();
    REQUIRE(state);
    CHECK(in.rest().data()[in.rest().size()] == '\0');
    if (state.value() == bytes_state::end) break;
    in.use(in.rest().size() - 1);
  }
}

TEST_CASE("a window tells where its rest stands in the input", "[input_window]") {
  input_window in{memory_bytes("\xef\xbb\xbf"
                               "abcdef",
                               2),
                  4};
  REQUIRE(in.skip_byte_order_mark());
  CHECK(in.offset() == 3);
  CHECK(in.rest() == "a");
  in.use(1);
  REQUIRE(in.fill());
  CHECK(in.rest() == "bc");
  CHECK(in.offset() == 4);
}

TEST_CASE("lines end in LF or CRLF, the last one need not end", "[line_splitter]") {
  CHECK(split("", 9).empty());
  CHECK(split("a", 9) == std::vector<cut>{{"a", 0, 1}});
  CHECK(split("a\n\r\nb\r\n\rc\r\r\n\n", 9) ==
        std::vector<cut>{{"a", 0, 1}, {"", 2, 2}, {"b", 4, 3}, {"\rc\r", 7, 4}, {"", 12, 5}});
}

TEST_CASE("the line end does not count towards the limit", "[line_splitter]") {
  for (const std::size_t piece : {std::size_t{1}, std::size_t{2}, SIZE_MAX}) {
    CHECK(split("1234\r\n12345\r\n1234", 4, piece, 1) ==
          std::vector<cut>{{"1234", 0, 1}, {"12345", 6, 2, true}, {"1234", 13, 3}});
    CHECK(split("12345", 4, piece, 1) == std::vector<cut>{{"12345", 0, 1, true}});
    CHECK(split("1234567", 4, piece, 1) == std::vector<cut>{{"1234567", 0, 1, true}});
  }
}

TEST_CASE("what is kept of a line over the limit does not depend on how the input is cut",
          "[line_splitter]") {
  for (const std::size_t size : {line_splitter::kept - 1, line_splitter::kept,
                                 line_splitter::kept + 1, line_splitter::kept + 2})
    for (const char* end : {"", "\r", "\r\n", "\n", "\r\nnext"}) {
      const std::string text = std::string(size, 'x') + end;
      CHECK(split(text, 10, 1, 1) == split(text, 10));
      CHECK(split(text, 10, 4097, 1) == split(text, 10));
    }
}

TEST_CASE("of a line over the limit the first 4 KiB are kept", "[line_splitter]") {
  const std::string line(100'000, 'x');
  for (const std::size_t piece : {std::size_t{999}, SIZE_MAX})
    CHECK(split("a\n" + line + "\nb", 10'000, piece) ==
          std::vector<cut>{
              {"a", 0, 1}, {line.substr(0, line_splitter::kept), 2, 2, true}, {"b", 100'003, 3}});
}

TEST_CASE("lines do not depend on how the input is cut", "[line_splitter]") {
  std::mt19937 random{3};
  for (int i = 0; i < 2'000; ++i) {
    std::string text;
    for (std::size_t n = random() % 30; n > 0; --n) text += "ab\n\r"[random() % 4];
    const std::vector<cut> whole = split(text, 1000);
    CHECK(split(text, 1000, 1 + random() % 5, 1 + random() % 5) == whole);
    for (const auto& line : whole) CHECK(text.substr(line.offset, line.text.size()) == line.text);
  }
}

}  // namespace sluice

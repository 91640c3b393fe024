#include <fstream>
#include <sstream>
#include <string>

#include "sluice/links/batch_frame.hpp"
#include "sluice/records/batch.hpp"
#include "sluice/records/record.hpp"
#include "sluice/tests/support/catch.hpp"

namespace sluice {

namespace {

struct payment {
  std::uint32_t card;
  std::optional<std::int64_t> cents;
  std::string_view shop;
};
SLUICE_RECORD(payment, card, cents, shop);

// The frame that docs/wire-format.md shows: lines of an offset, bytes, `; what they are`.
std::string shown_frame() {
  std::ifstream document(SLUICE_DOCS "/wire-format.md");
  std::string frame, line;
  while (std::getline(document, line)) {
    std::istringstream words(line.substr(0, line.find(';')));
    std::size_t offset = 0;
    std::string word;
    if (line.size() < 5 || line.find_first_not_of("0123456789") != 3 || !(words >> offset))
      continue;
    CAPTURE(line);
    CHECK(offset == frame.size());
    while (words >> word) {
      std::size_t times = 0;
      if (word == "*" && words >> times)
        frame.append(times - 1, frame.back());
      else
        frame += static_cast<char>(std::stoi(word, nullptr, 16));
    }
  }
  return frame;
}

std::string in_hex(std::string_view bytes) {
  std::string text;
  for (const char c : bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    text += digits[static_cast<unsigned char>(c) / 16];
    text += digits[static_cast<unsigned char>(c) % 16];
  }
  return text;
}

}  // namespace

TEST_CASE("the frame in the description of the format is the one that is made", "[wire][U65]") {
  const buffer_pool pool;
  batch_builder<payment> rows{pool, {.rows = 2, .bytes = SIZE_MAX}};
  rows.push({7, 1250, "caf\xc3\xa9"});
  rows.push({9, std::nullopt, "x"});
  const frame_number at{{{0x1111111111111111, 0x2222222222222222}}, {3}, {5}, 42};
  const frame_bytes made = rows_frame(rows.take(), instant::from_seconds(1), at, pool);
  CHECK(in_hex(made.bytes) == in_hex(shown_frame()));
}

}  // namespace sluice

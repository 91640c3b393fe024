#include <algorithm>
#include <string>

#include "sluice/connectors/csv.hpp"
#include "sluice/connectors/csv_reader.hpp"
#include "sluice/tests/connectors/transcript.hpp"
#include "sluice/tests/support/catch.hpp"

namespace sluice {

namespace {

using test::input_manner;
using test::lines;
using test::read_csv;
using test::transcript;

struct pair {
  std::int32_t id;
  std::string_view text;
};
SLUICE_RECORD(pair, id, text);

// The most bytes a reader made room for at once: what is held is at most twice that.
std::size_t largest_room = 0;

// `head`, then `unit` over and over to `bytes` bytes, then `tail`; never in memory at once.
class long_bytes final : public byte_source {
 public:
  long_bytes(std::string head, std::string unit, std::size_t bytes, std::string tail)
      : head_(std::move(head)), unit_(std::move(unit)), bytes_(bytes), tail_(std::move(tail)) {}

  result<bytes_read> read(std::span<char> room) override {
    largest_room = std::max(largest_room, room.size());
    std::size_t n = 0;
    for (; n < room.size() && at_ < head_.size() + bytes_ + tail_.size(); ++n, ++at_)
      room[n] = at_ < head_.size()            ? head_[at_]
                : at_ < head_.size() + bytes_ ? unit_[(at_ - head_.size()) % unit_.size()]
                                              : tail_[at_ - head_.size() - bytes_];
    return bytes_read{n, n == 0 ? bytes_state::end : bytes_state::some};
  }

 private:
  std::string head_, unit_;
  std::size_t bytes_;
  std::string tail_;
  std::size_t at_ = 0;
};

transcript read_long(std::unique_ptr<byte_source> bytes) {
  return test::read_all([&](const source_context& at) -> result<std::unique_ptr<source_reader>> {
    auto files = input_files::of("in.csv", std::move(bytes));
    if (!files) return files.failure();
    return csv_reader::open(std::move(files).value(), schema_of<pair>(), {}, at);
  });
}

constexpr std::size_t hundred_mb = 100'000'000;

}  // namespace

TEST_CASE("a field of 100 MB is one bad row and is never held in memory", "[csv][F22]") {
  largest_room = 0;
  SECTION("without quotes") {
    const transcript told =
        read_long(std::make_unique<long_bytes>("id,text\n1,a\n2,", "x", hundred_mb, "\n3,c\n"));
    CHECK(told.rows == lines{"1|a", "3|c"});
    CHECK(told.rejects == lines{"3@12 a row over the limit: 2," + std::string(4094, 'x')});
  }
  SECTION("in quotes") {
    const transcript told =
        read_long(std::make_unique<long_bytes>("id,text\n1,a\n2,\"", "x", hundred_mb, "\"\n3,c\n"));
    CHECK(told.rows == lines{"1|a", "3|c"});
    CHECK(told.rejects ==
          lines{"3@12 a field in quotes is over the limit: 2,\"" + std::string(4093, 'x')});
  }
  SECTION("with nothing behind") {
    const transcript told =
        read_long(std::make_unique<long_bytes>("id,text\n1,a\n2,", "x", hundred_mb, ""));
    CHECK(told.rows == lines{"1|a"});
    CHECK(told.rejects.size() == 1);
  }
  CHECK(largest_room > 0);
  CHECK(largest_room <= std::size_t{32} << 20);
}

TEST_CASE("a line of a million columns is one bad row", "[csv][F22]") {
  std::string text = "id,text\n1,a\n";
  for (int i = 0; i < 1'000'000; ++i) text += "7,";
  text += "7\n3,c\n";
  const transcript told = read_csv(text, schema_of<pair>());
  CHECK(told.rows == lines{"1|a", "3|c"});
  REQUIRE(told.rejects.size() == 1);
  CHECK(told.rejects[0].starts_with("3@12 1000001 fields instead of 2: 7,7,7,"));
}

TEST_CASE("a head line of a million columns is an error", "[csv][F22]") {
  std::string text = "id,text";
  for (int i = 0; i < 1'000'000; ++i) text += ",x";
  CHECK(read_csv(text + "\n", schema_of<pair>()).failure ==
        "in.csv: 1000002 columns in the head line");
}

TEST_CASE("fields and rows at the limit are read, beyond it they are bad", "[csv][F22]") {
  const csv_options options{.max_field = 10, .max_row = 20};
  const input_manner bytewise{.piece = 1, .block = 1};
  const auto read = [&](const std::string& rows, const input_manner& manner) {
    return read_csv("id,text\n" + rows, schema_of<pair>(), options, manner);
  };
  for (const input_manner& manner : {input_manner{}, bytewise}) {
    CHECK(read("1,0123456789\n2,b\n", manner).rows == lines{"1|0123456789", "2|b"});
    CHECK(read("1,\"0123456789\"\n2,b\n", manner).rows == lines{"1|0123456789", "2|b"});
    CHECK(read("1,0123456789x\n2,b\n", manner).rejects ==
          lines{"2@8 text (text): over the limit: 1,0123456789x"});
    CHECK(read("1,\"0123456789x\"\n2,b\n", manner).rejects ==
          lines{"2@8 a field in quotes is over the limit: 1,\"0123456789x\""});
    CHECK(read("1,\"01\n45\n78\nx\"\n2,b\n", manner).rows == lines{"1|01\n45\n78\nx", "2|b"});
    CHECK(read("1,\"01\n45\n78\nxyz\"\n2,b\n", manner).rows == lines{"2|b"});
  }
}

TEST_CASE("a row over the limit is rejected wherever the input is cut", "[csv][F22]") {
  const csv_options options{.max_field = 100, .max_row = 20};
  const std::string text = "id,text\n1,a\n2,0123456789012345678901234567890123456789\n3,c\n";
  for (const std::size_t piece : {1u, 7u, 64u}) {
    const transcript told =
        read_csv(text, schema_of<pair>(), options, {.piece = piece, .block = piece});
    CHECK(told.rows == lines{"1|a", "3|c"});
    CHECK(told.rejects.size() == 1);
  }
}

}  // namespace sluice

#include "sluice/connectors/console.hpp"

#include <memory>
#include <string>

#include "sluice/records/batch.hpp"
#include "sluice/tests/support/catch.hpp"

namespace sluice {

namespace {

struct count {
  std::string_view word;
  std::int64_t times;
  std::optional<double> share;
};
SLUICE_RECORD(count, word, times, share);

// What a console sink printed so far.
class printed {
 public:
  printed() : file_(::open_memstream(&text_, &size_)) {}
  ~printed() {
    std::fclose(file_);
    std::free(text_);
  }
  printed(const printed&) = delete;
  printed& operator=(const printed&) = delete;

  std::FILE* file() const { return file_; }
  std::string text() const { return {text_, size_}; }

 private:
  char* text_ = nullptr;
  std::size_t size_ = 0;
  std::FILE* file_;
};

std::unique_ptr<sink_writer> open_console(std::FILE* out, to::epoch_heads heads,
                                          std::size_t instance = 0, std::size_t instances = 1) {
  const to::console console{
      {.heads = heads, .out = out, .time_of_day = [] { return std::string{"14:03:59"}; }}};
  auto writer = console.open({"out", instance, instances, &schema_of<count>()});
  REQUIRE(writer);
  return std::move(writer).value();
}

void write(sink_writer& writer, std::initializer_list<count> rows) {
  batch_builder<count> out{buffer_pool{}};
  for (const auto& row : rows) out.push(row);
  REQUIRE(writer.write(*out.take()));
}

}  // namespace

TEST_CASE("the rows of an epoch are printed at its end below its number and the time",
          "[console][P15][S21]") {
  const printed out;
  const auto writer = open_console(out.file(), to::epoch_heads::shown);
  write(*writer, {{"to", 2, 0.5}});
  write(*writer, {{"be", 2, {}}});
  CHECK(out.text().empty());
  REQUIRE(writer->flush({1}));
  CHECK(out.text() == "epoch 1  14:03:59\nto\t2\t0.5\nbe\t2\t\n");
  REQUIRE(writer->flush({2}));
  write(*writer, {{"or", 1, {}}});
  REQUIRE(writer->flush({3}));
  CHECK(out.text() == "epoch 1  14:03:59\nto\t2\t0.5\nbe\t2\t\nepoch 3  14:03:59\nor\t1\t\n");
}

TEST_CASE("head lines can be left out", "[console]") {
  const printed out;
  const auto writer = open_console(out.file(), to::epoch_heads::hidden);
  write(*writer, {{"to", 2, {}}});
  REQUIRE(writer->flush({1}));
  CHECK(out.text() == "to\t2\t\n");
}

TEST_CASE("several instances say which one prints", "[console]") {
  const printed out;
  const auto first = open_console(out.file(), to::epoch_heads::shown, 0, 2);
  const auto second = open_console(out.file(), to::epoch_heads::shown, 1, 2);
  write(*first, {{"a", 1, {}}});
  write(*second, {{"b", 1, {}}});
  REQUIRE(second->flush({1}));
  REQUIRE(first->flush({1}));
  CHECK(out.text() == "epoch 1  14:03:59  2 of 2\nb\t1\t\nepoch 1  14:03:59  1 of 2\na\t1\t\n");
}

TEST_CASE("text cannot break the line or steer the terminal", "[console]") {
  const printed out;
  const auto writer = open_console(out.file(), to::epoch_heads::hidden);
  write(*writer, {{"a\tb\nc\\d\r\x1b[31m\x7f \xc3\xa9", 1, {}}});
  REQUIRE(writer->flush({1}));
  CHECK(out.text() == "a\\tb\\nc\\\\d\\x0d\\x1b[31m\\x7f \xc3\xa9\t1\t\n");
}

TEST_CASE("an epoch with very many rows is printed in pieces", "[console]") {
  const printed out;
  const auto writer = open_console(out.file(), to::epoch_heads::shown);
  const std::string text(1000, 'x');
  for (int i = 0; i < 1100; ++i) write(*writer, {{text, 1, {}}});
  CHECK(out.text().starts_with("epoch open  14:03:59\nxxx"));
  REQUIRE(writer->flush({4}));
  CHECK(out.text().find("\nepoch 4  14:03:59\nxxx") != std::string::npos);
  std::size_t rows = 0;
  for (const char c : out.text()) rows += c == '\t' ? 1 : 0;
  CHECK(rows == 2 * 1100);
}

TEST_CASE("a console that cannot be written is an error", "[console]") {
  std::FILE* full = std::fopen("/dev/full", "w");
  REQUIRE(full != nullptr);
  const auto writer = open_console(full, to::epoch_heads::shown);
  write(*writer, {{"a", 1, {}}});
  const auto flushed = writer->flush({1});
  std::fclose(full);
  REQUIRE_FALSE(flushed);
  CHECK(flushed.failure() ==
        error{error_code::no_space, "cannot write to the console (no space left on device)"});
}

}  // namespace sluice

// KH: a key hash that an exchange and the table behind it both need: computed twice, or carried
// between them as a column of 8 bytes a row (docs/decisions/key-hash.md).

#include <array>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sluice/bench/harness/program.hpp"
#include "sluice/bench/harness/stopwatch.hpp"
#include "sluice/bench/inputs/random.hpp"
#include "sluice/records/hash.hpp"

namespace sluice::bench {
namespace {

constexpr std::size_t batch_rows = 8192;
constexpr std::size_t under_way = 4;  // batches between exchange and table
constexpr std::size_t text_width = 8;

struct integer_keys {
  std::vector<std::uint64_t> keys;
  integer_keys() {
    for (std::uint64_t i = 0; i < batch_rows; ++i) keys.push_back(mix(i));
  }
  std::uint64_t operator[](std::size_t row) const { return keys[row]; }
};

struct text_keys {
  std::string letters;
  text_keys() {
    for (std::uint64_t i = 0; i < batch_rows * text_width; ++i)
      letters += static_cast<char>('a' + scaled(mix(i), 26));
  }
  std::string_view operator[](std::size_t row) const {
    return std::string_view{letters}.substr(row * text_width, text_width);
  }
};

template <class Keys>
void hash(const Keys& keys, std::span<std::uint64_t> hashes) {
  for (std::size_t row = 0; row < hashes.size(); ++row) hashes[row] = hash_key(keys[row]);
}

// Stands for the table: uses every hash once.
std::uint64_t use(std::span<const std::uint64_t> hashes) {
  std::uint64_t sum = 0;
  for (const std::uint64_t h : hashes) sum += h >> 8;
  return sum;
}

template <class Keys>
outcome run(const Keys& keys, std::uint64_t rows, bool carried) {
  std::array<std::vector<std::uint64_t>, under_way> columns;
  for (auto& column : columns) column.resize(batch_rows);
  std::vector<std::uint64_t> scratch(batch_rows);
  stopwatch watch;
  watch.start();
  std::uint64_t sum = 0;
  for (std::uint64_t batch = 0; batch < rows / batch_rows; ++batch) {
    auto& column = carried ? columns[batch % under_way] : scratch;
    hash(keys, column);
    if (carried) {
      // The table works on the batch that was hashed `under_way` - 1 batches ago.
      sum += use(batch < under_way - 1 ? std::span<const std::uint64_t>{column}
                                       : columns[(batch + 1) % under_way]);
    } else {
      hash(keys, scratch);
      sum += use(scratch);
    }
  }
  watch.stop();
  return {.rows = rows,
          .result = {.rows = rows, .sums = {{"hashes", sum}}},
          .wall_s = watch.wall_s(),
          .cpu_s = watch.cpu_s(),
          .allocations = watch.allocated()};
}

template <class Keys>
contest kind(const std::string& name, std::uint64_t rows) {
  const auto keys = std::make_shared<const Keys>();
  std::uint64_t sum = 0;
  for (std::size_t row = 0; row < batch_rows; ++row) sum += hash_key((*keys)[row]) >> 8;
  return {.name = name,
          .expected = {.rows = rows, .sums = {{"hashes", sum * (rows / batch_rows)}}},
          .lines = {{.variant = name + "/carried",
                     .contender = "carried",
                     .bound = "again",
                     .settings = json_object{}.add("batch.rows", batch_rows)}},
          .prepare = [=] {
            return std::vector<contender>{{"again", [=] { return run(*keys, rows, false); }},
                                          {"carried", [=] { return run(*keys, rows, true); }}};
          }};
}

std::vector<contest> key_kinds(size s) {
  const std::uint64_t rows = std::uint64_t{1} << (s == size::smoke ? 20 : 25);
  return {kind<integer_keys>("integer", rows), kind<text_keys>("text of 8 bytes", rows)};
}

}  // namespace
}  // namespace sluice::bench

int main(int argc, char** argv) {
  return sluice::bench::run_program({.bench = "KH", .contests = sluice::bench::key_kinds}, argc,
                                    argv);
}

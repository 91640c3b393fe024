// A graph whose output can be checked row by row, run by the fault tests: every number once in
// `rows`, what has been counted and summed of each key in `sums`, whenever that changes, and how
// many numbers each key had in `ends`, once.

#include "sluice/sluice.hpp"

namespace {

struct numbered {
  std::uint64_t row;
  std::uint64_t key;
  std::uint64_t value;
};
SLUICE_RECORD(numbered, row, key, value);

struct key_count {
  std::uint64_t key;
  std::uint64_t count;
};
SLUICE_RECORD(key_count, key, count);

struct key_sum {
  std::uint64_t key;
  std::uint64_t count;
  std::uint64_t sum;
};
SLUICE_RECORD(key_sum, key, count, sum);

}  // namespace

int main(int argc, char** argv) {
  using namespace sluice;
  std::string folder, totals = "totals";
  std::uint64_t rows = 100'000, rate = 0, parallelism = 1;
  command_line flags{"Counts numbers so that every one of them can be found again."};
  flags.option("out DIR", folder, "writes DIR/rows, DIR/sums and DIR/ends")
      .option("rows N", rows, "numbers to make")
      .option("rate N", rate, "numbers a second; 0: as fast as they are taken")
      .option("parallelism N", parallelism, "instances of the sums and of every sink")
      .option("totals NAME", totals, "name of the stage of sums");
  if (const auto exit_code = flags.read(argc, argv)) return *exit_code;

  graph g{"audit"};
  auto numbers = g.source(
      "numbers", from::generate<numbered>{[](std::uint64_t row, numbered& n) {
                                            n = {row, hash_key(row) % 97, row * 3};
                                          },
                                          {.count = rows, .rate = static_cast<double>(rate)}});
  numbers.sink("rows", to::csv{folder + "/rows"}).parallelism(parallelism);
  numbers.key_by(&numbered::key)
      .aggregate<key_sum>(totals, count(), sum(&numbered::value), emit::updates)
      .parallelism(parallelism)
      .sink("sums", to::csv{folder + "/sums"})
      .parallelism(parallelism);
  numbers.key_by(&numbered::key)
      .aggregate<key_count>("at the end", count(), emit::final)
      .parallelism(parallelism)
      .sink("ends", to::csv{folder + "/ends"})
      .parallelism(parallelism);
  return run(g, flags);
}

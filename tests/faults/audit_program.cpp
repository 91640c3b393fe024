// A graph whose output can be checked row by row, run by the fault tests: every number once in
// `rows`, and what has been counted and summed of each key in `sums`, whenever that changes.

#include "sluice/sluice.hpp"

namespace {

struct numbered {
  std::uint64_t row;
  std::uint64_t key;
  std::uint64_t value;
};
SLUICE_RECORD(numbered, row, key, value);

struct key_sum {
  std::uint64_t key;
  std::uint64_t count;
  std::uint64_t sum;
};
SLUICE_RECORD(key_sum, key, count, sum);

}  // namespace

int main(int argc, char** argv) {
  using namespace sluice;
  std::string folder, totals = "totals", sqlite, postgres;
  std::uint64_t rows = 100'000, rate = 0, parallelism = 1;
  command_line flags{"Counts numbers so that every one of them can be found again."};
  flags.option("out DIR", folder, "writes DIR/rows and DIR/sums")
      .option("sqlite FILE", sqlite, "writes tables rows and sums of this database instead")
      .option("postgres CONNECTION", postgres, "the same of this one")
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
  const auto written = [&](const auto& stream, const char* name) {
    if (!sqlite.empty()) return stream.sink(name, to::sqlite_table{sqlite, name});
    if (!postgres.empty()) return stream.sink(name, to::postgres_table{postgres, name});
    return stream.sink(name, to::csv{folder + '/' + name});
  };
  written(numbers, "rows").parallelism(parallelism);
  written(numbers.key_by(&numbered::key)
              .aggregate<key_sum>(totals, count(), sum(&numbered::value), emit::updates)
              .parallelism(parallelism),
          "sums")
      .parallelism(parallelism);
  return run(g, flags);
}

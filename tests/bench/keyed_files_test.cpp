#include "sluice/bench/graphs/keyed_files.hpp"

#include <fstream>
#include <stdexcept>

#include "sluice/bench/graphs/scratch_folder.hpp"
#include "sluice/tests/support/catch.hpp"

namespace sluice::bench {
namespace {

void write(const scratch_folder& folder, const std::string& name, const std::string& lines) {
  std::ofstream{folder.path(name)} << "key,count,sum\n" << lines;
}

answer sums_of(std::uint64_t count7, std::int64_t sum7, std::uint64_t count9, std::int64_t sum9) {
  keyed_sums sums;
  sums.add(7, count7, sum7);
  sums.add(9, count9, sum9);
  return sums.result();
}

}  // namespace

TEST_CASE("files of totals come to the last total of every key", "[bench]") {
  const scratch_folder folder;
  write(folder, "part-00000.00000000000000000002.csv", "7,3,-30\n");
  write(folder, "part-00000.00000000000000000001.csv", "7,1,10\n9,5,50\n");
  write(folder, "part-00000.00000000000000000010.csv", "7,4,40\n");
  write(folder, ".part-00000.1.00000000000000000011.csv.staged", "7,9,90\n");  // nobody looks there

  CHECK(folded_totals(folder.path(), /*warm=*/false) == sums_of(4, 40, 5, 50));
  CHECK(folded_totals(folder.path(), /*warm=*/true) == sums_of(3, 40, 4, 50));
  CHECK(times(sums_of(2, 20, 1, 10), 2) == sums_of(4, 40, 2, 20));
}

TEST_CASE("a total that comes twice is found", "[bench]") {
  const scratch_folder folder;
  write(folder, "part-00000.00000000000000000001.csv", "7,2,20\n");
  write(folder, "part-00000.00000000000000000002.csv", "7,2,20\n");
  CHECK_THROWS_AS(folded_totals(folder.path(), false), std::runtime_error);
}

TEST_CASE("a total that goes back is found", "[bench]") {
  const scratch_folder folder;
  write(folder, "part-00000.00000000000000000001.csv", "7,3,20\n");
  write(folder, "part-00000.00000000000000000002.csv", "7,2,20\n");
  CHECK_THROWS_AS(folded_totals(folder.path(), false), std::runtime_error);
}

TEST_CASE("a line that is no total is found", "[bench]") {
  const std::string line = GENERATE("7,2\n", "7,2,20", "7,2,x\n", ",2,20\n");
  const scratch_folder folder;
  write(folder, "part-00000.csv", line);
  CHECK_THROWS_AS(folded_totals(folder.path(), false), std::runtime_error);
}

}  // namespace sluice::bench

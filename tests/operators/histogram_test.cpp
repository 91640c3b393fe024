#include "sluice/operators/histogram.hpp"

#include <vector>

#include "sluice/tests/support/catch.hpp"

namespace sluice {

TEST_CASE("a value is counted under the smallest bound it does not exceed", "[histogram][F1401]") {
  histogram<batch_row_bounds> rows;
  for (const std::uint64_t value : {0, 1, 2, 4, 5, 65'536, 65'537}) rows.add(value);
  std::vector<std::uint64_t> up_to;
  for (std::size_t i = 0; i < rows.bounds.size(); ++i) up_to.push_back(rows.up_to(i));
  CHECK(up_to == std::vector<std::uint64_t>{2, 4, 5, 5, 5, 5, 5, 5, 6});
  CHECK(rows.count() == 7);
  CHECK(rows.sum() == 131'085);
}

}  // namespace sluice

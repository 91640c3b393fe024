#include "sluice/operators/restart_policy.hpp"

#include <vector>

#include "sluice/tests/support/catch.hpp"

namespace sluice {

using std::chrono::milliseconds;

TEST_CASE("the pause doubles from failure to failure, up to the longest", "[restart_policy]") {
  restart_policy policy{100};
  std::vector<milliseconds> pauses;
  for (int i = 0; i < 8; ++i) pauses.push_back(policy.failed(0).value());
  CHECK(pauses == std::vector<milliseconds>{milliseconds{100}, milliseconds{200}, milliseconds{400},
                                            milliseconds{800}, milliseconds{1600},
                                            milliseconds{3200}, milliseconds{5000},
                                            milliseconds{5000}});
}

TEST_CASE("a run that commits less than three epochs between its failures gives up",
          "[restart_policy]") {
  restart_policy policy{3};
  CHECK(policy.failed(50));
  CHECK(policy.failed(2));
  CHECK(policy.failed(1));
  CHECK_FALSE(policy.failed(2));
}

TEST_CASE("three commits make a run as good as new", "[restart_policy]") {
  restart_policy policy{2};
  CHECK(policy.failed(0) == milliseconds{100});
  CHECK(policy.failed(0) == milliseconds{200});
  CHECK(policy.failed(3) == milliseconds{100});
  CHECK(policy.failed(2) == milliseconds{200});
  CHECK_FALSE(policy.failed(0));
}

TEST_CASE("where no failure is allowed the first one is the last", "[restart_policy]") {
  CHECK_FALSE(restart_policy{0}.failed(1000));
}

}  // namespace sluice

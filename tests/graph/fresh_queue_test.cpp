#include "sluice/graph/fresh_queue.hpp"

#include <future>

#include "sluice/sim/stepped_queue.hpp"
#include "sluice/tests/support/catch.hpp"

namespace sluice {

TEST_CASE("a process that stood still does none of its works before it has looked around",
          "[fresh_queue][S27][F5]") {
  using namespace std::chrono_literals;
  std::chrono::milliseconds now{1000};
  int done = 0;
  const auto beneath = std::make_shared<sim::stepped_queue>();
  fresh_queue works{beneath, 1500ms, [&] { return now; }};
  const auto one = [&] {
    works.post([&] { ++done; });
    beneath->run_one();
  };
  now += 1500ms;
  one();
  CHECK(done == 1);
  now += 1ms;
  one();
  CHECK(done == 1);
  works.alive();
  one();
  CHECK(done == 2);

  works.post([&] { ++done; });  // while it was awake
  now += 8s;
  beneath->run_one();
  CHECK(done == 2);
}

TEST_CASE("whoever waits for a work that is dropped need not wait any more", "[fresh_queue]") {
  using namespace std::chrono_literals;
  std::chrono::milliseconds now{0};
  const auto beneath = std::make_shared<sim::stepped_queue>();
  fresh_queue works{beneath, 1500ms, [&] { return now; }};
  auto promise = std::make_shared<std::promise<void>>();
  const auto waiting = promise->get_future();
  works.post([promise = std::move(promise)] { promise->set_value(); });
  now += 2s;
  CHECK(waiting.wait_for(0s) == std::future_status::timeout);
  beneath->run_one();
  CHECK(waiting.wait_for(0s) == std::future_status::ready);
}

}  // namespace sluice

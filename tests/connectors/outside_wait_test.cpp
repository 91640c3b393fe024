#include "sluice/connectors/outside_wait.hpp"

#include <string>
#include <vector>

#include "sluice/tests/support/catch.hpp"

namespace sluice {

namespace {

using namespace std::chrono_literals;
using pauses = std::vector<std::chrono::milliseconds>;

// Writes down what it is asked to wait for, and lets the run end behind so many waits.
struct noted_wait final : outside_wait {
  std::size_t most = 100;
  pauses waits;
  std::vector<std::string> why;
  int overs = 0;

  bool wait(const std::string& stage, const std::string& what,
            std::chrono::milliseconds time) override {
    waits.push_back(time);
    why.push_back(stage + ": " + what);
    return waits.size() < most;
  }
  bool waited(const std::string&, const std::string&, std::chrono::milliseconds) override {
    return true;
  }
  void over(const std::string&) override { ++overs; }
};

const error full{error_code::no_space, "cannot write a.base (no space left on device)"};

}  // namespace

TEST_CASE("what finds no room is tried again by name until there is some", "[outside_wait][F13]") {
  noted_wait wait;
  int tries = 0;
  const auto done = tried_until_room(wait, "totals", [&]() -> result<int> {
    if (++tries < 9) return full;
    return 7;
  });
  REQUIRE(done);
  CHECK(done.value() == 7);
  CHECK(wait.waits == pauses{50ms, 100ms, 200ms, 400ms, 800ms, 1600ms, 2000ms, 2000ms});
  CHECK(wait.why[0] == "totals: cannot write a.base (no space left on device)");
  CHECK(wait.overs == 1);
}

TEST_CASE("a run that ends waits for no room", "[outside_wait][F13]") {
  noted_wait wait;
  wait.most = 2;
  int tries = 0;
  const auto done = tried_until_room(wait, "totals", [&]() -> result<int> {
    ++tries;
    return full;
  });
  REQUIRE_FALSE(done);
  CHECK(done.failure() == full);
  CHECK(tries == 2);
  CHECK(wait.overs == 0);
}

TEST_CASE("what goes wrong otherwise is not tried again", "[outside_wait][F14]") {
  noted_wait wait;
  int tries = 0;
  const auto done = tried_until_room(wait, "totals", [&]() -> result<int> {
    ++tries;
    return error{error_code::failed, "cannot sync a.base (input/output error)"};
  });
  REQUIRE_FALSE(done);
  CHECK(tries == 1);
  CHECK(wait.waits.empty());
}

}  // namespace sluice

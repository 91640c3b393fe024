#include "sluice/records/result.hpp"

#include <memory>
#include <string>

#include "sluice/tests/support/catch.hpp"

namespace sluice {

TEST_CASE("a result holds a value or an error", "[result]") {
  const result<std::string> good{"text"};
  CHECK(good);
  CHECK(good.value() == "text");

  const result<std::string> bad{error{error_code::not_found, "no such file"}};
  CHECK_FALSE(bad);
  CHECK(bad.failure() == error{error_code::not_found, "no such file"});
}

TEST_CASE("a value that cannot be copied is moved out of its result", "[result]") {
  result<std::unique_ptr<int>> made{std::make_unique<int>(7)};
  const std::unique_ptr<int> taken = std::move(made).value();
  CHECK(*taken == 7);
}

TEST_CASE("a result without a value succeeds unless it holds an error", "[result]") {
  const result<void> done;
  CHECK(done);
  const result<void> failed{error{error_code::no_space, "disk full"}};
  CHECK_FALSE(failed);
  CHECK(failed.failure().message == "disk full");
}

}  // namespace sluice

#include "sluice/records/result.hpp"

#include <concepts>
#include <memory>
#include <string>

#include "sluice/tests/support/catch.hpp"

namespace sluice {
namespace {

struct shape {
  explicit shape(int n) : corners(n) {}
  virtual ~shape() = default;
  virtual std::string name() const { return "shape"; }
  int corners;
};
struct square final : shape {
  square() : shape(4) {}
  std::string name() const override { return "square"; }
};

using made = result<std::unique_ptr<shape>>;

// As functions that open something return it.
made make_square(bool possible) {
  if (!possible) return error{error_code::refused, "no corner left"};
  return std::make_unique<square>();
}

// Only what becomes the value makes a result of it.
static_assert(std::convertible_to<std::unique_ptr<square>, made>);
static_assert(!std::convertible_to<std::unique_ptr<int>, made>);
static_assert(!std::convertible_to<square*, made>);  // nobody would own it
static_assert(!std::convertible_to<result<std::unique_ptr<square>>, made>);
static_assert(!std::copy_constructible<made> && std::move_constructible<made>);

}  // namespace

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

TEST_CASE("a result of a base is made from what is derived from it", "[result]") {
  made one = make_square(/*possible=*/true);
  REQUIRE(one);
  CHECK(one.value()->name() == "square");
  const made moved = std::move(one);
  CHECK(moved.value()->corners == 4);

  const auto shared = std::make_shared<square>();
  const result<std::shared_ptr<const shape>> same{shared};
  CHECK(same.value() == shared);

  const result<shape> part{square{}};  // as by assignment: the part it is made of
  CHECK(part.value().name() == "shape");
  CHECK(part.value().corners == 4);

  const made none = make_square(/*possible=*/false);
  CHECK_FALSE(none);
  CHECK(none.failure() == error{error_code::refused, "no corner left"});
}

TEST_CASE("a result is whatever was put into it last", "[result]") {
  result<std::string> text{"a literal"};
  CHECK(text.value() == "a literal");
  text = error{error_code::malformed, "cut"};
  CHECK(text.failure().message == "cut");
  text = std::string{"again"};
  CHECK(text.value() == "again");
}

TEST_CASE("a result without a value succeeds unless it holds an error", "[result]") {
  const result<void> done;
  CHECK(done);
  const result<void> failed{error{error_code::no_space, "disk full"}};
  CHECK_FALSE(failed);
  CHECK(failed.failure().message == "disk full");
}

}  // namespace sluice

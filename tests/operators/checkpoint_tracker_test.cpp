#include "sluice/operators/checkpoint_tracker.hpp"

#include <algorithm>
#include <numeric>
#include <random>

#include "sluice/tests/support/catch.hpp"

namespace sluice {
namespace {

constexpr generation_id generation{7};

instance_snapshot answer(std::size_t who, std::uint64_t epoch, bool ended = false) {
  instance_snapshot made;
  made.stage = "stage " + std::to_string(who);
  made.ended = ended;
  made.state = "state at " + std::to_string(epoch);
  made.epoch = {epoch};
  return made;
}

// A tracker of so many, and what became of each epoch.
struct tracked {
  checkpoint_tracker of;
  std::size_t all;

  explicit tracked(std::size_t participants) : of(generation, participants), all(participants) {}
  void answers(std::uint64_t epoch, std::initializer_list<std::size_t> who, bool ended = false) {
    for (const std::size_t one : who) of.answered({epoch}, one, answer(one, epoch, ended));
  }
};

}  // namespace

TEST_CASE("an epoch is sealed once everybody has answered", "[checkpoint_tracker][D4]") {
  tracked t{3};
  t.of.opened({5});
  t.answers(5, {2, 0});
  CHECK_FALSE(t.of.next_to_seal());
  CHECK(t.of.missing() == std::vector<std::size_t>{1});
  t.answers(5, {1});
  const auto made = t.of.next_to_seal();
  REQUIRE(made);
  CHECK(*made == manifest{generation, {5}, false, {answer(0, 5), answer(1, 5), answer(2, 5)}});
  CHECK_FALSE(t.of.next_to_seal());  // given out once
  t.of.sealed();
  CHECK(t.of.last_sealed() == epoch_id{5});
}

TEST_CASE("epochs are sealed in order, one write at a time", "[checkpoint_tracker][I10]") {
  tracked t{2};
  t.of.opened({1});
  t.of.opened({2});
  t.answers(2, {0, 1});
  CHECK_FALSE(t.of.next_to_seal());
  t.answers(1, {0, 1});
  CHECK(t.of.next_to_seal()->epoch == epoch_id{1});
  CHECK_FALSE(t.of.next_to_seal());
  t.of.sealed();
  CHECK(t.of.next_to_seal()->epoch == epoch_id{2});
}

TEST_CASE("who has ended answers no more and stays in every later manifest",
          "[checkpoint_tracker][X10]") {
  tracked t{2};
  t.of.opened({1});
  t.answers(1, {0}, /*ended=*/true);
  t.answers(1, {1});
  CHECK_FALSE(t.of.next_to_seal()->end);
  t.of.sealed();
  t.of.opened({2});
  t.answers(2, {1}, /*ended=*/true);
  const auto last = t.of.next_to_seal();
  REQUIRE(last);
  CHECK(last->end);
  CHECK(last->instances == std::vector{answer(0, 1, true), answer(1, 2, true)});
}

TEST_CASE("the end of a later epoch says nothing about an earlier one",
          "[checkpoint_tracker][X10]") {
  tracked t{2};
  t.of.opened({1});
  t.of.opened({2});
  t.answers(1, {1});
  t.answers(2, {0, 1}, /*ended=*/true);
  CHECK_FALSE(t.of.next_to_seal());
  CHECK(t.of.missing() == std::vector<std::size_t>{0});
  t.answers(1, {0});
  CHECK(t.of.next_to_seal()->instances == std::vector{answer(0, 1), answer(1, 1)});
}

TEST_CASE("every order of answers and writes gives the same manifests",
          "[checkpoint_tracker][X4]") {
  const auto seed = GENERATE(range(1u, 201u));
  CAPTURE(seed);
  std::mt19937 random{seed};
  tracked t{3};
  t.of.opened({1});
  t.of.opened({2});
  std::vector<int> order(6);
  std::iota(order.begin(), order.end(), 0);
  std::shuffle(order.begin(), order.end(), random);
  std::vector<manifest> made;
  bool writing = false;
  for (std::size_t next = 0; next < order.size() || made.size() < 2 || writing;) {
    if (writing && (random() % 2 == 0 || next == order.size())) {
      t.of.sealed();
      writing = false;
    } else if (next < order.size()) {
      const int which = order[next++];
      t.of.answered(
          {1 + static_cast<std::uint64_t>(which / 3)}, static_cast<std::size_t>(which % 3),
          answer(static_cast<std::size_t>(which % 3), 1 + static_cast<std::uint64_t>(which / 3)));
    }
    if (auto sealing = t.of.next_to_seal()) {
      REQUIRE_FALSE(writing);
      writing = true;
      made.push_back(*sealing);
    }
  }
  CHECK(made ==
        std::vector{manifest{generation, {1}, false, {answer(0, 1), answer(1, 1), answer(2, 1)}},
                    manifest{generation, {2}, false, {answer(0, 2), answer(1, 2), answer(2, 2)}}});
}

}  // namespace sluice

#include "sluice/links/frame_offences.hpp"

#include "sluice/tests/support/catch.hpp"

namespace sluice {

using namespace std::chrono_literals;

TEST_CASE("whoever sends a hundred bad frames is cut off", "[frame_offences][F17]") {
  frame_offences seen;
  for (int i = 1; i < 100; ++i) CHECK_FALSE(seen.add("a"));
  CHECK_FALSE(seen.cut_off("a"));
  CHECK(seen.add("a"));
  CHECK(seen.cut_off("a"));
  CHECK_FALSE(seen.add("a"));  // told once
  CHECK_FALSE(seen.cut_off("b"));
}

TEST_CASE("strangers under ever new names take bounded memory", "[frame_offences][F17]") {
  frame_offences seen;
  for (int i = 0; i < 100; ++i) seen.add("a");
  for (int i = 0; i < 50; ++i) seen.add("b");
  for (std::size_t i = 0; i < frame_offences::most_senders; ++i) seen.add(std::to_string(i));
  CHECK(seen.cut_off("a"));
  for (int i = 0; i < 50; ++i) seen.add("b");
  CHECK_FALSE(seen.cut_off("b"));  // forgotten meanwhile
}

TEST_CASE("nobody is spoken of more than once a second", "[frame_offences]") {
  frame_offences seen;
  CHECK(seen.may_say("a", 5ms));
  CHECK_FALSE(seen.may_say("a", 1'004ms));
  CHECK(seen.may_say("b", 1'004ms));
  CHECK(seen.may_say("a", 1'005ms));
}

TEST_CASE("what is wrong with a node is said once, until it changes", "[frame_offences]") {
  frame_offences seen;
  CHECK(seen.may_say_news("a", "another graph", 5ms));
  CHECK_FALSE(seen.may_say_news("a", "another graph", 10'000ms));
  CHECK(seen.may_say_news("b", "another graph", 10'000ms));
  CHECK(seen.may_say_news("a", "another run", 11'000ms));
  // Who changes all the time is not spoken of more often for it.
  CHECK_FALSE(seen.may_say_news("a", "another graph", 11'999ms));
  CHECK(seen.may_say_news("a", "another graph", 12'000ms));
  seen.put_right("a");
  CHECK(seen.may_say_news("a", "another graph", 13'000ms));
}

}  // namespace sluice

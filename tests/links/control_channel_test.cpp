#include "sluice/links/control_channel.hpp"

#include <vector>

#include "sluice/tests/support/catch.hpp"

namespace sluice {

namespace {

using namespace std::chrono_literals;

control_frame open_of(std::uint64_t epoch, generation_id g = {7}) {
  return open_frame{g, 0, {epoch}, true, false};
}

// Numbers of the frames that are to be written at `now`.
std::vector<std::uint64_t> written(control_channel& channel, std::chrono::milliseconds now) {
  std::vector<std::uint64_t> numbers;
  while (const auto out = channel.write(now)) numbers.push_back(out->seq);
  return numbers;
}

using numbers = std::vector<std::uint64_t>;

}  // namespace

TEST_CASE("control frames are numbered in the order in which they are told", "[control_channel]") {
  control_channel channel;
  channel.push(open_of(1));
  channel.push(open_of(2));
  CHECK(channel.write(0ms) == numbered_frame{0, open_of(1)});
  CHECK(channel.write(0ms) == numbered_frame{1, open_of(2)});
  CHECK_FALSE(channel.write(0ms));
  channel.push(open_of(3));
  CHECK(written(channel, 1ms) == numbers{2});
}

TEST_CASE("a control frame is kept until it is acknowledged", "[control_channel]") {
  control_channel channel;
  for (std::uint64_t e = 1; e <= 4; ++e) channel.push(open_of(e));
  CHECK(written(channel, 0ms) == numbers{0, 1, 2, 3});
  CHECK(channel.acknowledged(2, 10ms));
  CHECK(channel.kept() == 2);
  CHECK(channel.acknowledged(1, 10ms));  // late
  CHECK(channel.kept() == 2);
  channel.reconnected(20ms);
  CHECK(channel.write(20ms) == numbered_frame{2, open_of(3)});
  CHECK(channel.acknowledged(4, 30ms));
  CHECK_FALSE(channel.write(30ms));  // the rest came meanwhile
}

TEST_CASE("what was never written cannot be acknowledged", "[control_channel][F17]") {
  control_channel channel;
  channel.push(open_of(1));
  channel.push(open_of(2));
  CHECK(channel.write(0ms));
  CHECK_FALSE(channel.acknowledged(2, 0ms));
  CHECK(channel.kept() == 2);
  CHECK(channel.acknowledged(1, 0ms));
}

TEST_CASE("a control frame without acknowledgement is written again, ever more rarely",
          "[control_channel]") {
  control_channel channel;
  channel.push(open_of(1));
  CHECK(written(channel, 0ms) == numbers{0});
  auto after = [&, now = 0ms](std::chrono::milliseconds wait) mutable {
    now += wait - 1ms;
    channel.tick(now);
    CHECK(written(channel, now).empty());
    now += 1ms;
    channel.tick(now);
    return written(channel, now);
  };
  CHECK(after(200ms) == numbers{0});
  CHECK(after(400ms) == numbers{0});
  CHECK(after(800ms) == numbers{0});
  CHECK(after(1000ms) == numbers{0});
  CHECK(after(1000ms) == numbers{0});
  CHECK(channel.acknowledged(1, 3'400ms));
  channel.push(open_of(2));
  CHECK(written(channel, 4'000ms) == numbers{1});
  channel.tick(4'199ms);
  CHECK(written(channel, 4'199ms).empty());
  channel.tick(4'200ms);
  CHECK(written(channel, 4'200ms) == numbers{1});
  CHECK(channel.counters().resent == 6);
}

TEST_CASE("what has waited to be written is not overdue", "[control_channel]") {
  control_channel channel;
  channel.push(open_of(1));
  channel.tick(5'000ms);  // there was no connection
  CHECK(written(channel, 5'000ms) == numbers{0});
  channel.tick(5'100ms);
  CHECK(written(channel, 5'100ms).empty());
}

TEST_CASE("only the next control frame is taken", "[control_channel]") {
  control_channel channel;
  CHECK_FALSE(channel.take(1));
  CHECK(channel.take(0));
  CHECK_FALSE(channel.take(0));
  CHECK_FALSE(channel.take(UINT64_MAX));
  CHECK(channel.take(1));
  CHECK(channel.received() == 2);
  CHECK(channel.counters() == control_counters{0, 1, 2});
}

TEST_CASE("another incarnation begins from nothing", "[control_channel]") {
  control_channel channel;
  channel.push(open_of(1));
  CHECK(channel.write(0ms));
  CHECK(channel.take(0));
  channel.restart();
  CHECK(channel.kept() == 0);
  CHECK(channel.received() == 0);
  channel.push(open_of(2));
  CHECK(channel.write(0ms) == numbered_frame{0, open_of(2)});
}

TEST_CASE("frames of an older generation are dropped only if they were never written",
          "[control_channel]") {
  control_channel channel;
  channel.push(open_of(1, {7}));
  CHECK(channel.write(0ms));
  channel.push(open_of(2, {7}));
  channel.push(open_of(3, {8}));
  channel.push(open_of(4, {7}));
  channel.forget_before({8});
  CHECK(channel.write(0ms) == numbered_frame{1, open_of(3, {8})});
  CHECK_FALSE(channel.write(0ms));
  channel.reconnected(0ms);
  CHECK(channel.write(0ms) == numbered_frame{0, open_of(1, {7})});
}

TEST_CASE("a frame taken again after a rewind keeps its number", "[control_channel]") {
  control_channel channel;
  channel.push(open_of(1));
  channel.push(open_of(2));
  CHECK(written(channel, 0ms) == numbers{0, 1});
  channel.reconnected(0ms);
  channel.forget_before({8});  // written once: the other end may have it
  CHECK(written(channel, 0ms) == numbers{0, 1});
}

}  // namespace sluice

#include <chrono>
#include <map>
#include <set>
#include <vector>

#include "sluice/links/incoming_channel.hpp"
#include "sluice/sim/sim_link.hpp"
#include "sluice/tests/sim/check_seeds.hpp"
#include "sluice/tests/sim/link_world.hpp"
#include "sluice/tests/support/catch.hpp"

namespace sluice::sim {

namespace {

frame_bytes numbered(std::uint64_t n) {
  auto bytes = std::make_shared<const std::string>(std::to_string(n));
  return {bytes, *bytes};
}

}  // namespace

TEST_CASE("a link that breaks carries every row once and in order",
          "[links][X26][X18][F8][F10][I7][I8][I9][L3][L14]") {
  std::uint64_t frames = 0, resets = 0, resent = 0;
  std::set<std::uint64_t> traces;
  std::uint64_t seeds = 0;
  const std::string problem = first_problem(500, [&](std::uint64_t seed) {
    const link_run once = run_link(seed, {.items = 700, .rolls = 3});
    frames += once.frames;
    resets += once.resets;
    resent += once.resent;
    traces.insert(once.trace);
    ++seeds;
    if (seed % 20 == 0 && once.problem.empty() &&
        run_link(seed, {.items = 700, .rolls = 3}) != once)
      return "seed " + std::to_string(seed) + " ran differently the second time";
    return once.problem;
  });
  CHECK(problem == "");
  CHECK(traces.size() == seeds);
  INFO(frames << " frames, " << resent << " of them again, " << resets << " resets");
  if (seeds >= 500) CHECK(frames >= 1'000'000);
  if (seeds >= 500) CHECK(resets >= 1'000);
  CHECK(resent > 0);
}

TEST_CASE("a simulated wire keeps the order of one connection", "[links]") {
  seeded_random random(1);
  sim_wire wire({0, 0, 0}, random);
  for (std::uint64_t i = 0; i < 100; ++i) wire.put(numbered(i));
  for (std::uint64_t i = 0; i < 100; ++i) CHECK(wire.take()->bytes == std::to_string(i));
  CHECK_FALSE(wire.take());
}

TEST_CASE("a simulated wire does to old frames all that a transport may", "[links][X26]") {
  seeded_random random(7);
  sim_wire wire({3, 3, 10}, random);
  std::map<std::string, int> came;
  int inversions = 0;
  std::uint64_t last = 0;
  for (std::uint64_t i = 0; i < 1000; ++i) {
    wire.put(numbered(i));
    if (i % 20 == 0) wire.reset();
    if (i % 3 != 0) continue;
    if (const auto frame = wire.take()) {
      const std::uint64_t n = std::stoull(std::string(frame->bytes));
      inversions += n < last ? 1 : 0;
      last = n;
      ++came[std::string(frame->bytes)];
    }
  }
  int doubled = 0;
  for (const auto& [frame, times] : came) doubled += times > 1 ? 1 : 0;
  CHECK(inversions > 0);
  CHECK(doubled > 0);
  CHECK(came.size() + wire.size() < 1000);
}

TEST_CASE("an old and a new connection read in turn make one sequence", "[links][X26]") {
  // What was measured: both pipes of one peer are read by turns after it has connected again.
  incoming_channel in({1}, {0}, {1000, 1000});
  in.open({1000, 1000}, {});
  std::vector<std::uint64_t> taken;
  const auto arrive = [&](std::uint64_t seq) {
    frame_head head;
    head.type = frame_type::rows;
    head.place.generation = {1};
    head.seq = seq;
    const auto answer = in.arrive(head, {1, 1}, std::chrono::milliseconds(1));
    if (answer.what == incoming_answer::verdict::deliver) taken.push_back(seq);
    return answer.say;
  };
  for (std::uint64_t seq = 0; seq < 10; ++seq) CHECK_FALSE(arrive(seq));
  // The old pipe holds 10 … 19, of which 13 is lost; the new one begins again at 10.
  std::uint64_t asked = 0;
  std::uint64_t fresh = 10;
  for (std::uint64_t old = 10; old < 20; ++old) {
    if (old != 13 && arrive(old)) ++asked;
    if (arrive(fresh++)) ++asked;
  }
  std::vector<std::uint64_t> all(20);
  for (std::uint64_t i = 0; i < 20; ++i) all[i] = i;
  CHECK(taken == all);
  CHECK(asked <= 1);
}

}  // namespace sluice::sim

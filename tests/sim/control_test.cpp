#include <chrono>
#include <string>

#include "sluice/links/control_channel.hpp"
#include "sluice/links/frame.hpp"
#include "sluice/sim/sim_link.hpp"
#include "sluice/tests/sim/seeds.hpp"
#include "sluice/tests/support/catch.hpp"

namespace sluice::sim {

namespace {

using std::chrono::milliseconds;

constexpr job_id job{{1, 2}};
constexpr std::uint64_t frames_each_way = 300;

struct totals {
  std::uint64_t resets = 0;
  std::uint64_t resent = 0;
  std::uint64_t dropped = 0;
};

// Two processes that tell each other the epochs 1, 2, 3, … over wires that break.
class control_world {
 public:
  explicit control_world(std::uint64_t seed)
      : seed_(seed),
        random_(seed),
        link_({random_.between(1, 6), random_.between(1, 10), 50}, random_) {}

  std::string run(totals& sum) {
    while (problem_.empty() && (told_[0] < frames_each_way || told_[1] < frames_each_way))
      step(sum);
    link_.calm();
    for (int round = 0; problem_.empty() && !finished(); ++round) {
      if (round == 100) problem_ = "stands still";
      now_ += milliseconds(200);
      for (std::size_t end : {0, 1}) {
        ends_[end].tick(now_);
        write(end);
        beat(end);
      }
      while (deliver(0) || deliver(1)) {
      }
    }
    for (const control_channel& end : ends_) {
      sum.resent += end.counters().resent;
      sum.dropped += end.counters().repeated + end.counters().ahead;
    }
    return problem_.empty() ? "" : "seed " + std::to_string(seed_) + ": " + problem_;
  }

 private:
  void step(totals& sum) {
    const std::size_t end = random_.below(2);
    const std::uint64_t what = random_.below(100);
    if (what < 25) {
      if (told_[end] < frames_each_way)
        ends_[end].push(open_frame{{1}, 0, {++told_[end]}, true, false});
    } else if (what < 45) {
      write(end);
    } else if (what < 50) {
      beat(end);
    } else if (what < 90) {
      deliver(end);
    } else if (what < 97) {
      now_ += milliseconds(random_.one_of<std::int64_t>({1, 50, 200, 1000}));
      ends_[end].tick(now_);
    } else if (random_.once_in(3)) {
      link_.reset();
      ++sum.resets;
      if (random_.once_in(2)) ends_[end].reconnected(now_);  // only sometimes is anybody told
    }
  }

  sim_wire& from(std::size_t end) { return end == 0 ? link_.forth : link_.back; }

  void put(std::size_t end, const control_frame& frame, std::uint64_t seq) {
    auto bytes = std::make_shared<const std::string>(control_bytes(job, frame, seq).value());
    from(end).put({bytes, *bytes});
  }

  void write(std::size_t end) {
    while (const auto out = ends_[end].write(now_)) put(end, out->frame, out->seq);
  }

  void beat(std::size_t end) { put(end, heartbeat_frame{{1}, {}, ends_[end].received()}, 0); }

  // What the other end has sent arrives at `end`.
  bool deliver(std::size_t end) {
    const auto frame = from(1 - end).take();
    if (!frame) return false;
    const frame_finding found = find_fault(frame->bytes, {{}, job, {1}, {}});
    const control_frame said = read_control_frame(frame->bytes, found.head).value();
    if (const auto* beat = std::get_if<heartbeat_frame>(&said)) {
      if (!ends_[end].acknowledged(beat->received, now_)) problem_ = "more came than was sent";
    } else if (ends_[end].take(found.head.seq)) {
      if (std::get<open_frame>(said).epoch != epoch_id{++heard_[end]})
        problem_ = "a frame is not the next that was told";
    }
    return true;
  }

  bool finished() const {
    return heard_[0] == frames_each_way && heard_[1] == frames_each_way && ends_[0].kept() == 0 &&
           ends_[1].kept() == 0;
  }

  std::uint64_t seed_;
  seeded_random random_;
  sim_link link_;
  control_channel ends_[2];
  std::uint64_t told_[2] = {0, 0};
  std::uint64_t heard_[2] = {0, 0};
  milliseconds now_{0};
  std::string problem_;
};

}  // namespace

TEST_CASE("a link that breaks carries every control frame once and in order",
          "[links][control_channel][F8][F10]") {
  totals sum;
  const std::string problem =
      first_problem(300, [&](std::uint64_t seed) { return control_world(seed).run(sum); });
  CHECK(problem == "");
  CHECK(sum.resets > 0);
  CHECK(sum.resent > 0);
  CHECK(sum.dropped > 0);
}

}  // namespace sluice::sim

// One control frame of a cluster to which nothing else happens gets lost, or comes twice.
#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "sluice/links/control_channel.hpp"
#include "sluice/links/frame.hpp"
#include "sluice/tests/sim/cluster_audit.hpp"
#include "sluice/tests/support/catch.hpp"

namespace sluice::sim {

namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;

enum class harm { lost_once, doubled, lost_until_recovery };

std::string text_of(harm how) {
  return how == harm::doubled ? "doubled" : how == harm::lost_once ? "lost once" : "lost for good";
}

// The prologue says what a frame is, whatever run it is of.
frame_head head_of(std::string_view frame) {
  return find_fault(frame, {.limits = {},
                            .job = {},
                            .generation = {},
                            .standing = [](const frame_head&) { return frame_fault::none; }})
      .head;
}

struct harmed_run {
  cluster_run run;
  bool harmed = false;
  milliseconds harmed_at{};
  std::string follower;  // the node whose coordinator does not hear it, or that does not hear it
  std::vector<std::string> reasons;
  std::vector<milliseconds> recovered_at;
};

// Runs the audit with the `nth` frame of `type` harmed.
harmed_run run_with(std::uint64_t seed, frame_type type, std::uint64_t nth, harm how) {
  harmed_run result;
  std::uint64_t seen = 0;
  using identity = std::tuple<std::string, std::string, std::uint64_t>;
  std::optional<identity> chosen;  // from, to, number in the sequence
  result.run = audit_on_cluster(seed, [&](cluster_options& o) {
    o.nodes = 3;
    o.most_faults = 0;
    o.faults = no_faults;
    o.on_recovery = [&](const std::string& why, milliseconds at) {
      result.reasons.push_back(why);
      result.recovered_at.push_back(at);
    };
    o.judge = [&](const sim_process_name& from, const sim_process_name& to, std::string_view frame,
                  nanoseconds now) {
      const frame_head head = head_of(frame);
      if (head.type != type) return frame_fate::passes;
      const identity which{from.node, to.node, head.seq};
      if (!chosen && ++seen == nth) {
        chosen = which;
        result.harmed = true;
        result.harmed_at = std::chrono::duration_cast<milliseconds>(now);
        result.follower = from.node == "node-1" ? to.node : from.node;
        return how == harm::doubled ? frame_fate::doubles : frame_fate::vanishes;
      }
      const bool again = how == harm::lost_until_recovery && chosen == which;
      return again && result.reasons.empty() ? frame_fate::vanishes : frame_fate::passes;
    };
  });
  return result;
}

}  // namespace

TEST_CASE("a control frame that is lost once or comes twice costs nothing but time",
          "[sim][cluster][S34][I11]") {
  for (std::uint8_t number = 1; is_frame_type(number); ++number) {
    const auto type = static_cast<frame_type>(number);
    if (!is_numbered(type)) continue;
    for (const harm how : {harm::lost_once, harm::doubled})
      for (std::uint64_t seed = 1; seed <= 8; ++seed)
        for (const std::uint64_t nth : {1, 2, 3, 7}) {
          const harmed_run ran = run_with(seed, type, nth, how);
          INFO(to_string(type) << " number " << nth << " " << text_of(how) << ", seed " << seed);
          REQUIRE(ran.run.run.problem == "");
          CHECK(ran.reasons == std::vector<std::string>{});
        }
  }
}

TEST_CASE("an epoch whose control frame never comes is abandoned, and who it waits for is named",
          "[sim][cluster][S34]") {
  constexpr milliseconds deadline{10'000};
  for (const frame_type type :
       {frame_type::open, frame_type::ack, frame_type::commit, frame_type::passed}) {
    std::uint64_t harmed = 0;
    for (std::uint64_t seed = 1; seed <= 20; ++seed)
      for (const std::uint64_t nth : {1, 4}) {
        const harmed_run ran = run_with(seed, type, nth, harm::lost_until_recovery);
        INFO(to_string(type) << " number " << nth << ", seed " << seed);
        REQUIRE(ran.run.run.problem == "");
        if (!ran.harmed) continue;
        ++harmed;
        REQUIRE(ran.reasons.size() == 1);
        INFO(ran.reasons.front());
        CHECK(ran.reasons.front().find("is abandoned: nothing has moved") != std::string::npos);
        CHECK(ran.reasons.front().find(" on " + ran.follower + " has not ") != std::string::npos);
        // From the last thing that moved, to a look; these are a quarter of the deadline apart.
        CHECK(ran.recovered_at.front() - ran.harmed_at <
              deadline + deadline / 4 + milliseconds{100});
      }
    INFO(to_string(type));
    CHECK(harmed > 10);
  }
}

}  // namespace sluice::sim

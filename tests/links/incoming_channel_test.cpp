#include "sluice/links/incoming_channel.hpp"

#include "sluice/tests/support/catch.hpp"

namespace sluice {

namespace {

using std::chrono::milliseconds;
using verdict = incoming_answer::verdict;

// Channel 3 of generation 7 with a window of 10 rows and 100 bytes; frames of two rows.
struct scripted_end {
  incoming_channel in{{7}, {3}, {10, 100}};
  milliseconds now{0};

  resume_frame open() { return in.open({10, 100}, now); }
  frame_head head(std::uint64_t seq, std::uint64_t generation = 7) const {
    frame_head h;
    h.type = frame_type::rows;
    h.place = {{generation}, {3}, {}};
    h.seq = seq;
    return h;
  }
  incoming_answer rows(std::uint64_t seq) { return in.arrive(head(seq), {2, 20}, now); }
  incoming_answer mark(std::uint64_t seq) { return in.arrive(head(seq), {}, now); }
  std::optional<resume_frame> after(int ms) {
    now += milliseconds(ms);
    return in.tick(now);
  }
};

const incoming_answer delivered{verdict::deliver, {}};
const incoming_answer dropped{verdict::drop, {}};

}  // namespace

TEST_CASE("frames are delivered in the order of their numbers", "[incoming_channel][L1][L3]") {
  scripted_end e;
  e.open();
  CHECK(e.rows(0) == delivered);
  CHECK(e.mark(1) == delivered);
  CHECK(e.rows(2) == delivered);
  CHECK(e.in.expected() == 3);
}

TEST_CASE("a frame that came already is dropped and counted", "[incoming_channel][L3]") {
  scripted_end e;
  e.open();
  e.rows(0);
  CHECK(e.rows(0) == dropped);
  CHECK(e.in.counters().repeated == 1);
  CHECK(e.in.expected() == 1);
}

TEST_CASE("a gap is asked for once for every frame that is missing", "[incoming_channel][L3]") {
  scripted_end e;
  e.open();
  e.rows(0);
  const auto ask = e.rows(2);
  CHECK(ask.what == verdict::drop);
  CHECK(ask.say == resume_frame{{{7}, {3}, 0, {10, 100}}, 1, resume_reason::gap});
  CHECK(e.rows(3) == dropped);
  CHECK(e.rows(2) == dropped);
  CHECK(e.in.counters().ahead == 3);
  CHECK(e.rows(1) == delivered);
  CHECK(e.rows(4).say->expected == 2);
  CHECK(e.rows(4) == dropped);
}

TEST_CASE("opening is said until the first frame comes", "[incoming_channel][L5]") {
  scripted_end e;
  CHECK_FALSE(e.after(500));  // not open yet
  const resume_frame opened{{{7}, {3}, 0, {10, 100}}, 0, resume_reason::opened};
  CHECK(e.open() == opened);
  CHECK_FALSE(e.after(199));
  CHECK(e.after(1) == opened);
  CHECK_FALSE(e.after(199));
  CHECK(e.after(1) == opened);
  e.mark(0);
  CHECK(e.after(200)->why == resume_reason::idle);
}

TEST_CASE("a grant says how many frames need not be kept", "[incoming_channel][L4][L9]") {
  scripted_end e;
  e.open();
  e.rows(0);
  e.mark(1);
  e.rows(2);
  CHECK(e.in.consumed() == 0);  // arrived is not consumed
  CHECK(e.in.granted({12, 120}) == grant_frame{{7}, {3}, 2, {12, 120}});
  CHECK(e.in.granted({14, 140}) == grant_frame{{7}, {3}, 3, {14, 140}});
}

TEST_CASE("a marker is consumed once all rows before it are", "[incoming_channel][L12]") {
  scripted_end e;
  e.open();
  e.mark(0);
  CHECK(e.in.consumed() == 1);
  e.rows(1);
  e.mark(2);
  CHECK(e.in.consumed() == 1);
  e.in.granted({12, 120});
  CHECK(e.in.consumed() == 3);
}

TEST_CASE("what has arrived is asked for no more, whatever is consumed",
          "[incoming_channel][L10]") {
  scripted_end e;
  e.open();
  e.rows(0);
  e.rows(1);
  const auto said = e.in.reconnected(e.now);
  CHECK(said == resume_frame{{{7}, {3}, 0, {10, 100}}, 2, resume_reason::reconnected});
}

TEST_CASE("an idle end repeats itself every 200 ms", "[incoming_channel][L13]") {
  scripted_end e;
  e.open();
  e.rows(0);
  e.in.granted({12, 120});
  CHECK_FALSE(e.after(199));
  const resume_frame idle{{{7}, {3}, 1, {12, 120}}, 1, resume_reason::idle};
  CHECK(e.after(1) == idle);
  CHECK_FALSE(e.after(199));
  CHECK(e.after(1) == idle);
  e.rows(1);
  CHECK_FALSE(e.after(199));
  CHECK(e.after(1)->expected == 2);
}

TEST_CASE("frames that are all ahead do not keep an end from repeating itself",
          "[incoming_channel][L13]") {
  scripted_end e;
  e.open();
  e.rows(0);
  e.rows(2);  // asked for 1, and the question is lost
  for (std::uint64_t seq = 3; seq < 13; ++seq) {
    e.now += milliseconds(20);
    CHECK(e.mark(seq) == dropped);
  }
  CHECK(e.in.tick(e.now)->expected == 1);
}

TEST_CASE("the sender hears that markers are consumed though no grant is due",
          "[incoming_channel][L12][L13]") {
  scripted_end e;
  e.open();
  std::uint64_t told = 0;
  for (std::uint64_t seq = 0; seq < 20; ++seq) {
    e.mark(seq);
    if (const auto said = e.after(100)) told = said->granted.consumed;
  }
  CHECK(told >= 18);
}

TEST_CASE("frames that come again are answered at most every 200 ms", "[incoming_channel][L3]") {
  scripted_end e;
  e.open();
  e.rows(0);
  e.now += milliseconds(300);
  CHECK(e.rows(0).say->why == resume_reason::idle);
  CHECK(e.rows(0) == dropped);
  e.now += milliseconds(199);
  CHECK(e.rows(0) == dropped);
  e.now += milliseconds(1);
  CHECK(e.rows(0).say);
}

TEST_CASE("frames of another generation change nothing", "[incoming_channel][L14][I8]") {
  scripted_end e;
  e.open();
  for (const std::uint64_t other : {6, 8}) {
    for (const std::uint64_t seq : {0, 1}) {
      CHECK(e.in.arrive(e.head(seq, other), {2, 20}, e.now) == dropped);
    }
  }
  CHECK(e.in.expected() == 0);
  CHECK(e.in.counters() == incoming_counters{0, 0, 1});
  CHECK(e.in.standing(e.head(0, 6)) == frame_fault::old_generation);
  CHECK(e.in.standing(e.head(0, 8)) == frame_fault::newer_generation);
}

TEST_CASE("more than was granted breaks the link", "[incoming_channel][L4][I7]") {
  scripted_end e;
  e.open();
  CHECK(e.in.arrive(e.head(0), {11, 1}, e.now).what == verdict::broken);
  CHECK(e.in.arrive(e.head(0), {1, 101}, e.now).what == verdict::broken);
  CHECK(e.in.arrive(e.head(0), {10, 100}, e.now) == delivered);
  CHECK(e.in.arrive(e.head(1), {1, 0}, e.now).what == verdict::broken);
  CHECK(e.in.arrive(e.head(1), {}, e.now) == delivered);  // a marker costs nothing
}

}  // namespace sluice

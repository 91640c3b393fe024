#include "sluice/actors/source_pump.hpp"

#include "sluice/tests/actors/scripted_source.hpp"
#include "sluice/tests/support/catch.hpp"

namespace sluice::script {

namespace {

using next = source_pump::next;

constexpr auto nothing_promised = instant::lowest();

// The marker that only flushes of a source that has ended.
event mark_behind_all(std::uint64_t epoch) { return mark(epoch, instant::highest()); }

}  // namespace

TEST_CASE("a source reads only while it has credit", "[source_pump][C8][F1001]") {
  scripted_source source;
  for (int i = 0; i < 6; i += 2) source.gives({i, i + 1});
  CHECK(source.pump() == next::blocked);  // one batch ahead
  CHECK(source.pump() == next::blocked);
  CHECK(source.reads() == 1);
  CHECK(source.sent() == events{});
  CHECK(source.of().counters().blocked_times == 1);

  source.grant(4);
  CHECK(source.sent() == rows(0, 1));
  CHECK(source.pump() == next::again);
  CHECK(source.pump() == next::blocked);
  CHECK(source.sent() == rows(0, 1, 2, 3));
  CHECK(source.reads() == 3);
}

TEST_CASE("a source stops reading while much is under way", "[source_pump]") {
  scripted_source source{{.window = {1 << 20, 1 << 20}}};
  source.grant(1 << 20);
  const std::vector<std::int64_t> half(8192, 0);
  source.gives(half);
  source.gives(half);
  CHECK(source.pump() == next::again);
  CHECK(source.pump() == next::enough);
}

TEST_CASE("a marker goes in between two batches, behind what waits for credit",
          "[source_pump][E2]") {
  scripted_source source;
  source.gives({1, 2, 3});
  source.gives({4});
  CHECK(source.pump() == next::blocked);
  source.open(1);
  source.open(2, true);
  CHECK(source.pump() == next::blocked);
  CHECK(source.sent() == events{});
  source.grant(1000);
  CHECK(source.sent() == sequence(rows(1, 2, 3), mark(1), commit(2)));
  source.open(3);
  CHECK(source.pump() == next::again);
  CHECK(source.sent() == sequence(rows(1, 2, 3), mark(1), commit(2), mark(3), rows(4)));
  CHECK(source.of().counters().markers == 3);
}

TEST_CASE("END goes with the first COMMIT behind the last row, and nothing after it",
          "[source_pump][X9][P14]") {
  scripted_source source;
  source.grant_all();
  source.gives({1}, read_state::end);
  source.open(1);
  CHECK(source.pump() == next::exhausted);
  source.open(2);  // asked for before anybody knew
  CHECK(source.pump() == next::waiting);
  CHECK(source.sent() == sequence(mark(1), rows(1), mark_behind_all(2)));
  source.open(3, true);
  source.open(4, true);
  CHECK(source.pump() == next::ended);
  CHECK(source.pump() == next::ended);
  CHECK(source.sent() == sequence(mark(1), rows(1), mark_behind_all(2), end(3)));
  CHECK(source.reads() == 1);
}

TEST_CASE("the end does not raise the watermark of the rows", "[source_pump][F1401]") {
  scripted_source source{{.lateness = 5}};
  source.grant_all();
  CHECK(source.of().counters().watermark_of_rows == instant::lowest());
  source.gives({100, 90}, read_state::end);
  CHECK(source.pump() == next::exhausted);
  const source_counters all = source.of().counters();
  CHECK(all.watermark == instant::highest());
  CHECK(all.watermark_of_rows == instant{94});
  CHECK(all.batch_rows.count() == 1);
  CHECK(all.batch_rows.sum() == 2);
}

TEST_CASE("an input without rows ends like any other", "[source_pump][X20]") {
  scripted_source source{{.lateness = 5}};
  source.says(read_state::end);
  CHECK(source.pump() == next::exhausted);
  CHECK(source.of().watermark() == instant::highest());
  source.open(1, true);
  CHECK(source.pump() == next::ended);
  CHECK(source.sent() == end(1));
}

TEST_CASE("a drained source reads no more and ends there", "[source_pump][C16]") {
  scripted_source source;
  source.grant_all();
  source.gives({1});
  CHECK(source.pump() == next::again);
  source.of().drain();
  CHECK(source.pump() == next::exhausted);
  CHECK(source.pump() == next::waiting);
  source.open(1, true);
  CHECK(source.pump() == next::ended);
  CHECK(source.sent() == sequence(rows(1), end(1)));
  CHECK(source.reads() == 1);
}

TEST_CASE("a reader that fails fails its source with its reason", "[source_pump]") {
  scripted_source source;
  source.fails("cannot read: payments.csv (input/output error)");
  CHECK_THROWS_WITH(source.pump(), "cannot read: payments.csv (input/output error)");
}

TEST_CASE("a source with nothing to read says so on its markers if it steps aside",
          "[source_pump][X20]") {
  scripted_source source{{.lateness = 0, .steps_aside = true}};
  source.grant_all();
  source.says(read_state::idle);
  source.gives({8}, read_state::idle);
  source.says(read_state::later);
  source.says(read_state::idle);
  CHECK(source.pump() == next::idle);
  CHECK(source.of().idle());
  source.open(1);
  CHECK(source.pump() == next::idle);  // with the row that brings it back
  CHECK_FALSE(source.of().idle());
  source.open(2);
  CHECK(source.pump() == next::later);
  CHECK_FALSE(source.of().idle());  // rows are to come
  CHECK(source.pump() == next::idle);
  source.open(3);
  source.says(read_state::end);
  CHECK(source.pump() == next::exhausted);
  source.open(4, true);
  CHECK(source.pump() == next::ended);
  CHECK(source.sent() == sequence(idle(1), rows(8), mark(2, {7}), idle(3, {7}), end(4)));
}

TEST_CASE("a source that does not step aside is never idle", "[source_pump][X20]") {
  scripted_source source;
  source.says(read_state::idle);
  source.says(read_state::idle);
  CHECK(source.pump() == next::idle);
  source.open(1);
  CHECK(source.pump() == next::idle);
  CHECK(source.sent() == mark(1));
  CHECK_FALSE(source.of().idle());
}

TEST_CASE("a source waits while it is too far ahead of the slowest", "[source_pump]") {
  scripted_source source{{.lateness = 0, .most_ahead = 10}};
  source.grant_all();
  source.gives({101});
  source.gives({111});
  source.gives({112});
  CHECK(source.pump() == next::again);
  CHECK(source.pump() == next::waiting);  // nobody has told how far the slowest is
  source.of().slowest_at({89});
  CHECK(source.pump() == next::waiting);
  source.of().slowest_at({90});
  CHECK(source.pump() == next::again);
  CHECK(source.pump() == next::waiting);
  source.open(1);
  CHECK(source.pump() == next::waiting);  // markers pass all the same
  CHECK(source.sent() == sequence(rows(101, 111), mark(1, {110})));
  CHECK(source.reads() == 2);
}

TEST_CASE("a source that is held counts among those that are waited for", "[source_pump][X20]") {
  scripted_source source{{.lateness = 0, .most_ahead = 10, .steps_aside = true}};
  source.grant_all();
  source.of().slowest_at({90});
  source.gives({102}, read_state::idle);
  CHECK(source.pump() == next::idle);
  CHECK(source.pump() == next::waiting);
  CHECK_FALSE(source.of().idle());
  source.of().slowest_at({95});
  source.says(read_state::idle);
  CHECK(source.pump() == next::idle);
  CHECK(source.of().idle());
}

TEST_CASE("what is drained does not wait for the slowest", "[source_pump][C16]") {
  scripted_source source{{.lateness = 0, .most_ahead = 10}};
  source.grant_all();
  source.gives({100});
  CHECK(source.pump() == next::again);
  CHECK(source.pump() == next::waiting);
  source.of().drain();
  CHECK(source.pump() == next::exhausted);
}

TEST_CASE("a batch that stays whole is told with its own watermark", "[source_pump][F601]") {
  scripted_source source{{.lateness = 2}};
  source.grant_all();
  source.gives({10, 20});
  source.gives({15});
  CHECK(source.pump() == next::again);
  CHECK(source.pump() == next::again);
  CHECK(source.promises() == std::vector<instant>{{17}, {17}});
}

TEST_CASE("pieces of a batch promise only what came before it", "[source_pump][F601]") {
  scripted_source source{{.channels = 2, .lateness = 0}};
  source.grant_all();
  std::vector<std::int64_t> many, more;
  for (std::int64_t t = 0; t < 100; ++t) {
    many.push_back(t);
    more.push_back(1000 + t);
  }
  source.gives(many);
  source.gives(more);
  CHECK(source.pump() == next::again);
  CHECK(source.pump() == next::again);
  for (const std::size_t c : {0u, 1u}) {
    REQUIRE(source.promises(c).size() == 2);
    CHECK(source.promises(c)[0] == nothing_promised);
    CHECK(source.promises(c)[1] == instant{98});
  }
}

TEST_CASE("of a batch cut to the window only the last piece promises", "[source_pump][L11]") {
  scripted_source source{{.window = {2, 1 << 20}, .lateness = 0}};
  source.grant_all();
  source.gives({4, 3, 2, 1});
  CHECK(source.pump() == next::blocked);
  CHECK(source.sent() == rows(4, 3));
  source.grant(4);
  CHECK(source.sent() == rows(4, 3, 2, 1));
  CHECK(source.promises() == std::vector<instant>{nothing_promised, {3}});
}

TEST_CASE("a source is silent behind the last commit of a kept run, and does not end",
          "[source_pump][X11]") {
  scripted_source source{{.keeps_snapshots = true}};
  source.grant_all();
  source.gives({1});
  source.gives({2}, read_state::end);
  const bool all_read = GENERATE(false, true);
  CHECK(source.pump() == next::again);
  if (all_read) CHECK(source.pump() == next::exhausted);
  const std::size_t reads = source.reads();
  source.open_last(7);
  source.open(8, true);  // was on its way
  CHECK(source.pump() == next::ended);
  CHECK(source.pump() == next::ended);
  CHECK(source.reads() == reads);
  REQUIRE(source.cuts().size() == 1);
  CHECK(source.cuts()[0].mark.epoch == epoch_id{7});
  CHECK(source.cuts()[0].mark.commit);
  CHECK_FALSE(source.cuts()[0].mark.end);
}

}  // namespace sluice::script

#include "sluice/operators/stage.hpp"

#include "sluice/tests/operators/scripted_stage.hpp"
#include "sluice/tests/support/catch.hpp"

namespace sluice::script {

namespace {

scripted_parts gathering_with(batching gather) {
  scripted_parts parts;
  parts.work = std::make_unique<gathering_operation>();
  parts.gather = gather;
  return parts;
}

// Gives on every row in as many calls of `resume` as there are rows.
class slow_operation : public operation {
 public:
  void process(std::size_t, const batch_ptr& rows, outputs&) override {
    for (const auto v : event_of(*rows).rows) left_.push_back(v);
  }
  bool resume(outputs& out) override {
    if (!left_.empty()) {
      out.put(0, batch_of({left_.front()}));
      left_.erase(left_.begin());
    }
    return !left_.empty();
  }

 private:
  std::vector<std::uint64_t> left_;
};

}  // namespace

TEST_CASE("a stage grants every channel its window first", "[stage]") {
  scripted_parts parts;
  parts.channels_in = 2;
  parts.window_in = {64, 640};
  scripted_stage s{std::move(parts)};
  CHECK(s.granted(0) == credit{64, 640});
  CHECK(s.granted(1) == credit{64, 640});
}

TEST_CASE("policy micro gives on at the marker, in front of it", "[stage][S2]") {
  scripted_stage s{gathering_with({batch_policy::micro, 10, false})};
  s.on(0, rows(1, 2), rows(3));
  CHECK(s.sent() == events{});
  s.on(0, mark(1));
  CHECK(s.sent() == sequence(rows(1, 2, 3), mark(1)));
  CHECK(s.flushes(flush_cause::marker) == 1);
}

TEST_CASE("policy off gives on after every batch", "[stage][S11]") {
  scripted_stage s{gathering_with({batch_policy::off, 10, false})};
  s.on(0, rows(1, 2));
  CHECK(s.sent() == rows(1, 2));
  s.on(0, rows(3), mark(1));
  CHECK(s.sent() == sequence(rows(1, 2, 3), mark(1)));
  CHECK(s.flushes(flush_cause::batch) == 2);
  CHECK(s.flushes(flush_cause::marker) == 0);
}

TEST_CASE("the row that fills the size flushes at once, in the middle of its batch",
          "[stage][S6][P7]") {
  scripted_stage s{gathering_with({batch_policy::both, 3, false})};
  s.on(0, rows(1, 2));
  CHECK(s.sent() == events{});
  s.on(0, rows(3, 4, 5, 6, 7));
  CHECK(s.sent() == rows(1, 2, 3, 4, 5, 6));
  CHECK(s.batches() == std::vector<std::size_t>{3, 3});
  CHECK(s.flushes(flush_cause::size) == 2);
  s.on(0, mark(1));
  CHECK(s.sent() == sequence(rows(1, 2, 3, 4, 5, 6, 7), mark(1)));
}

TEST_CASE("policy mini flushes at its timer and not at a marker that only flushes",
          "[stage][S1][C16]") {
  scripted_stage s{gathering_with({batch_policy::mini, 10, false})};
  CHECK(s.of().timed());
  s.on(0, rows(1), mark(1));
  CHECK(s.sent() == mark(1));
  s.timer();
  CHECK(s.sent() == sequence(mark(1), rows(1)));
  CHECK(s.of().counters().timer_wakeups == 1);
  s.timer();  // nothing gathered: nothing flushed
  CHECK(s.flushes(flush_cause::timer) == 1);
  s.on(0, rows(2), commit(2));
  CHECK(s.sent() == sequence(mark(1), rows(1, 2), commit(2)));
}

TEST_CASE("END flushes the remainder, finishes and passes", "[stage][P14][S6]") {
  auto work = std::make_unique<gathering_operation>();
  const gathering_operation& told = *work;
  scripted_parts parts;
  parts.work = std::move(work);
  scripted_stage s{std::move(parts)};
  s.on(0, rows(1), end(1));
  CHECK(s.sent() == sequence(rows(1, 999), end(1)));
  CHECK(told.advanced == std::vector{instant::highest()});
  CHECK(told.ended == std::vector{epoch_id{1}});
  CHECK(s.of().ended());
  CHECK(s.passed() == end(1));
  CHECK(s.flushes(flush_cause::end) == 1);
}

TEST_CASE("a commit of two channels flushes once, when both have it", "[stage][S33]") {
  auto parts = gathering_with({batch_policy::both, 100, false});
  parts.channels_in = 2;
  scripted_stage s{std::move(parts)};
  s.on(0, rows(1), commit(1), rows(2));
  s.on(1, rows(11));
  CHECK(s.sent() == events{});
  s.on(1, commit(1), rows(12), commit(2));
  s.on(0, commit(2));
  CHECK(s.sent() == sequence(rows(1, 11), commit(1), rows(2, 12), commit(2)));
  CHECK(s.flushes(flush_cause::marker) == 2);
}

TEST_CASE("a stage out of credit takes nothing more and goes on where it stopped", "[stage][S10]") {
  scripted_parts parts;
  parts.credit_out = {2, 1000};
  parts.window_in = {4, 1000};
  scripted_stage s{std::move(parts)};
  s.on(0, rows(1, 2), rows(3));
  CHECK(s.sent() == rows(1, 2));
  CHECK(s.of().blocked());
  s.on(0, rows(4), mark(1));
  CHECK(s.sent() == rows(1, 2));
  CHECK(s.of().in().ledger(0).queued_rows() == 2);  // 3 waits in the outlet with its batch taken
  s.grant_out(0, {10, 1000});
  CHECK(s.sent() == sequence(rows(1, 2, 3, 4), mark(1)));
  CHECK(s.of().in().ledger(0).queued_rows() == 0);
}

TEST_CASE("credit is granted for what was processed, not for what arrived", "[stage][L9]") {
  scripted_parts parts;
  parts.credit_out = {0, 0};
  parts.window_in = {4, 1000};
  scripted_stage s{std::move(parts)};
  s.on(0, rows(1), rows(2, 3));
  CHECK(s.granted().rows == 4);
  s.quiet();
  CHECK(s.granted().rows == 4);
  s.grant_out(0, {10, 1000});
  s.quiet();
  CHECK(s.granted().rows == 7);
}

TEST_CASE("work that is resumed stops while there is no credit", "[stage]") {
  scripted_parts parts;
  parts.work = std::make_unique<slow_operation>();
  parts.credit_out = {2, 1000};
  scripted_stage s{std::move(parts)};
  s.on(0, rows(1, 2, 3, 4), mark(1));
  CHECK(s.sent() == rows(1, 2));
  s.grant_out(0, {3, 1000});
  CHECK(s.sent() == rows(1, 2, 3));
  s.grant_out(0, {9, 1000});
  CHECK(s.sent() == sequence(rows(1, 2, 3, 4), mark(1)));
}

TEST_CASE("rows gathered for a channel leave in front of the marker", "[stage][C6]") {
  scripted_parts parts;
  parts.channels_out = 3;
  parts.into_outlet = {.bounds = {.rows = 100}, .until_marker = true};
  scripted_stage s{std::move(parts)};
  s.on(0, rows_from_to(1, 30), mark(1));
  std::size_t all = 0;
  for (std::size_t c = 0; c < 3; ++c) {
    const auto sent = s.sent(c).all();
    REQUIRE(sent.size() == 2);
    CHECK(sent[1] == mark(1));
    all += sent[0].rows.size();
  }
  CHECK(all == 30);
}

// Counts numbers before they go to the second of two channels.
pre_aggregation counting(std::vector<bool> away) {
  using counts = key_combiner<number, std::tuple<std::uint64_t>, count_accumulator>;
  static const schema fields = [] {
    schema made = detail::combined_fields<std::tuple<std::uint64_t>, count_accumulator>();
    made.combined = true;
    return made;
  }();
  return {std::make_unique<counts>(std::vector<std::size_t>{0}, &fields, count()),
          pre_aggregate::automatic, std::move(away), buffer_pool{}};
}

TEST_CASE("combined rows leave in front of the marker that came behind them, and none stay",
          "[stage][F701][S12][C6][I1]") {
  scripted_parts parts;
  parts.into_outlet = {.bounds = {.rows = 100}, .until_marker = true};
  parts.before_wire = counting({true});
  scripted_stage s{std::move(parts)};
  s.on(0, rows(1, 1, 1), rows(2, 2, 2), mark(1), rows(1, 1, 1, 3, 1), commit(2), commit(3));
  CHECK(s.sent() == sequence(rows(1, 2), mark(1), rows(1, 3), commit(2), commit(3)));
  CHECK(s.batches() == std::vector<std::size_t>{2, 2});
  CHECK(s.of().counters().rows_out == 4);
  CHECK(s.of().counters().wire.rows_in == 11);
  CHECK(s.of().counters().wire.rows_out == 4);
}

TEST_CASE("combined rows cost the credit of what is sent", "[stage][F701][L4]") {
  scripted_parts parts;
  parts.into_outlet = {.bounds = {.rows = 100}};
  parts.before_wire = counting({true});
  parts.credit_out = {2, 32};
  scripted_stage s{std::move(parts)};
  s.on(0, rows(1, 1, 1, 2, 2, 2));
  CHECK(s.sent() == rows(1, 2));
  CHECK_FALSE(s.of().blocked());
  s.on(0, rows(3, 3, 3, 3), mark(1));  // without credit for the one row of it
  CHECK(s.of().blocked());
  CHECK(s.of().out().waiting_rows() == 1);
  CHECK(s.sent() == rows(1, 2));
  s.grant_out(0, {3, 48});
  CHECK(s.sent() == sequence(rows(1, 2, 3), mark(1)));
}

TEST_CASE("an operation is told the watermark behind the rows it came with", "[stage][F401]") {
  auto work = std::make_unique<gathering_operation>();
  const gathering_operation& told = *work;
  scripted_parts parts;
  parts.work = std::move(work);
  parts.channels_in = 2;
  scripted_stage s{std::move(parts)};
  s.arrive(0, rows(1), {50});
  CHECK(told.advanced.empty());
  s.arrive(1, rows(2), {30});
  CHECK(told.advanced == std::vector{instant{30}});
  s.on(0, mark(1, {80}));
  s.on(1, mark(1, {60}));
  CHECK(told.advanced == std::vector{instant{30}, instant{60}});
}

TEST_CASE("a stage promises what it was promised, one batch later", "[stage][F401]") {
  scripted_stage s{{}};
  s.arrive(0, rows(1), {50});
  s.arrive(0, rows(2), {60});
  s.on(0, mark(1, {70}));
  CHECK(s.promises() == std::vector{instant::lowest(), instant{50}});
  CHECK(s.sent() == sequence(rows(1, 2), mark(1, {70})));
}

TEST_CASE("fused operations run one behind the other and side outputs leave by their port",
          "[stage][F103]") {
  const auto odd = [](const number& n) { return n.value % 2 == 1; };
  const auto tenfold = [](const number& n) { return number{n.value * 10}; };
  stage_parts parts;
  parts.inlets = {{0, {1000, 100'000}}};
  parts.operations.push_back(std::make_unique<split_operation<number, decltype(odd)>>(odd, true));
  parts.operations.push_back(
      std::make_unique<map_operation<number, number, decltype(tenfold)>>(tenfold));
  parts.links = {{.from = 0, .port = 1, .to = 1}};
  const auto edge = [](std::size_t from, std::size_t port, std::size_t first) {
    return stage_edge{from, port, exchange{spread::same, 1, {}, {}, {}}, first};
  };
  parts.edges.push_back(edge(0, 0, 0));
  parts.edges.push_back(edge(1, 0, 1));
  parts.edges.push_back(edge(0, 1, 2));
  parts.outlets.assign(3, {1000, 100'000});

  struct recorder : stage_port {
    std::map<std::size_t, events> sent;
    void send(std::size_t c, const batch_ptr& rows, instant) override {
      sent[c].add(event_of(*rows));
    }
    void send(std::size_t c, const marker& m) override { sent[c].add(event{{}, m}); }
    void grant(std::size_t, const credit&) override {}
    void passed(const marker&) override {}
    void snapshot(const marker&, saved_state) override {}
  } port;
  stage s{std::move(parts)};
  s.open(port);
  for (std::size_t c = 0; c < 3; ++c) s.granted(c, {1000, 100'000}, port);
  s.receive(0, batch_of({1, 2, 3, 4}), instant::lowest());
  s.receive(0, *mark(1).mark);
  s.run(port);
  CHECK(port.sent[0] == sequence(rows(1, 3), mark(1)));
  CHECK(port.sent[1] == sequence(rows(20, 40), mark(1)));
  CHECK(port.sent[2] == sequence(rows(2, 4), mark(1)));
}

TEST_CASE("a stage counts what goes through it", "[stage][F1401]") {
  scripted_stage s{{}};
  s.on(0, rows(1, 2), rows(3), mark(1));
  const auto c = s.of().counters();
  CHECK(c.rows_in == 3);
  CHECK(c.batches_in == 2);
  CHECK(c.bytes_in == 24);
  CHECK(c.rows_out == 3);
  CHECK(c.batches_out == 2);
  CHECK(c.batch_rows.up_to(0) == 1);  // of one row
  CHECK(c.batch_rows.up_to(1) == 2);  // of at most four
  CHECK(c.batch_rows.sum() == 3);
  CHECK(c.markers == 1);
}

}  // namespace sluice::script

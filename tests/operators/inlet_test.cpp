#include "sluice/operators/inlet.hpp"

#include "sluice/tests/operators/script.hpp"
#include "sluice/tests/support/catch.hpp"

namespace sluice::script {

namespace {

// An inlet that hands on everything at once.
class scripted_inlet {
 public:
  explicit scripted_inlet(std::size_t channels, credit window = {1000, 100'000})
      : inlet_(std::vector<inlet_channel>(channels, {0, window})) {
    for (std::size_t c = 0; c < channels; ++c) static_cast<void>(inlet_.open(c));
  }

  template <class... E>
  void on(std::size_t channel, const E&... parts) {
    (arrive(channel, parts), ...);
    drain();
  }
  void drain() {
    while (const auto next = inlet_.next()) {
      if (!next->rows) {
        passed_.add(event{{}, next->mark});
        continue;
      }
      passed_.add(event_of(*next->rows));
      order_.push_back(next->channel);
      static_cast<void>(inlet_.consumed(next->channel, next->rows->size(), next->rows->bytes()));
    }
  }
  // Without looking for what comes next.
  void arrive(std::size_t channel, const event& e, instant watermark = instant::lowest()) {
    e.mark ? inlet_.arrive(channel, *e.mark) : inlet_.arrive(channel, batch_of(e.rows), watermark);
  }

  const events& passed() const { return passed_; }
  const std::vector<std::size_t>& order() const { return order_; }
  inlet& of() { return inlet_; }

 private:
  inlet inlet_;
  events passed_;
  std::vector<std::size_t> order_;
};

}  // namespace

TEST_CASE("rows after a commit wait for the slower channel", "[inlet][S33]") {
  scripted_inlet in{2};

  in.on(0, rows(1, 2), commit(1), rows(3));
  CHECK(in.passed() == rows(1, 2));

  in.on(1, commit(1));
  CHECK(in.passed() == sequence(rows(1, 2), commit(1), rows(3)));
}

TEST_CASE("rows after a marker that only flushes do not wait", "[inlet][S33][F302]") {
  scripted_inlet in{2};

  in.on(0, rows(1), mark(1), rows(2));
  CHECK(in.passed() == rows(1, 2));

  in.on(1, rows(3), mark(1));
  CHECK(in.passed() == sequence(rows(1, 2, 3), mark(1)));
}

TEST_CASE("a channel that waits hides nobody's marker", "[inlet][X12]") {
  scripted_inlet in{3};

  in.on(0, commit(1), rows(10), commit(2), rows(20));
  in.on(1, commit(1), commit(2), rows(21));
  CHECK(in.passed() == events{});
  CHECK(in.of().blocked(0));

  in.on(2, rows(1), commit(1));
  CHECK(in.passed() == sequence(rows(1), commit(1), rows(10)));

  in.on(2, commit(2));
  CHECK(in.passed() == sequence(rows(1), commit(1), rows(10), commit(2), rows(20, 21)));
}

TEST_CASE("an input that ends between its marker and the peer's lets the peer go", "[inlet][X12]") {
  scripted_inlet in{2};

  in.on(0, commit(1), rows(2), commit(2), rows(3));
  in.on(1, end(1));
  CHECK(in.passed() == sequence(commit(1), rows(2), commit(2), rows(3)));

  in.on(0, end(3));
  CHECK(in.passed() == sequence(commit(1), rows(2), commit(2), rows(3), end(3)));
  CHECK(in.of().ended());
}

TEST_CASE("a row after a commit is not seen before it while an older marker passes",
          "[inlet][X13]") {
  scripted_inlet in{2};

  in.on(0, mark(1), commit(2), rows(3));
  in.on(1, mark(1), rows(2));
  CHECK(in.passed() == sequence(mark(1), rows(2)));

  in.on(1, commit(2));
  CHECK(in.passed() == sequence(mark(1), rows(2), commit(2), rows(3)));
}

TEST_CASE("channels take turns", "[inlet]") {
  scripted_inlet in{2};
  for (std::uint64_t i = 0; i < 3; ++i) in.arrive(0, rows(i));
  in.on(1, rows(10), rows(11));
  CHECK(in.order() == std::vector<std::size_t>{0, 1, 0, 1, 0});
}

TEST_CASE("rows that wait are not consumed, so they are not granted", "[inlet][C4][C5]") {
  scripted_inlet in{2, {4, 1000}};
  in.on(0, commit(1), rows(1, 2), rows(3, 4));
  CHECK(in.of().ledger(0).queued_rows() == 4);
  CHECK(in.of().quiet(0) == std::nullopt);
  in.on(1, commit(1));
  CHECK(in.of().ledger(0).queued_rows() == 0);
}

TEST_CASE("an inlet remembers which input a channel feeds", "[inlet]") {
  inlet in{{{.input = 1, .window = {1, 1}}, {.input = 0, .window = {1, 1}}}};
  CHECK(in.input_of(0) == 1);
  CHECK(in.input_of(1) == 0);
}

TEST_CASE("a promise counts once its rows are taken", "[inlet][F401]") {
  scripted_inlet in{2};
  in.arrive(0, rows(1), {50});
  in.arrive(1, rows(2), {70});
  CHECK(in.of().watermark() == instant::lowest());
  in.drain();
  CHECK(in.of().watermark() == instant{50});
}

}  // namespace sluice::script

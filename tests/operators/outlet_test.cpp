#include "sluice/operators/outlet.hpp"

#include <map>

#include "sluice/operators/stage_failure.hpp"
#include "sluice/tests/operators/script.hpp"
#include "sluice/tests/support/catch.hpp"

namespace sluice::script {

namespace {

constexpr std::uint64_t row_bytes = 8;

// An outlet and what it sent.
class scripted_outlet : public channel_sender {
 public:
  explicit scripted_outlet(std::size_t channels, credit window = {100, 10'000})
      : outlet_(std::vector<credit>(channels, window)) {}

  void send(std::size_t channel, const batch_ptr& rows, instant watermark) override {
    sent_[channel].add(event_of(*rows));
    promises_[channel].push_back(watermark);
  }
  void send(std::size_t channel, const marker& m) override { sent_[channel].add(event{{}, m}); }

  void push(std::size_t channel, const event& rows, instant watermark = instant::lowest()) {
    outlet_.push(channel, batch_of(rows.rows), watermark, buffer_pool{}, *this);
  }
  void push(const event& mark) { outlet_.push(*mark.mark, *this); }
  void grant(std::size_t channel, std::uint64_t rows, std::uint64_t bytes = 10'000) {
    outlet_.grant(channel, {rows, bytes}, *this);
  }
  events sent(std::size_t channel) { return sent_[channel]; }
  const std::vector<instant>& promises(std::size_t channel) { return promises_[channel]; }
  const outlet& of() const { return outlet_; }

 private:
  outlet outlet_;
  std::map<std::size_t, events> sent_;
  std::map<std::size_t, std::vector<instant>> promises_;
};

}  // namespace

TEST_CASE("rows wait for credit and go in order", "[outlet]") {
  scripted_outlet out{1};
  out.push(0, rows(1, 2));
  CHECK(out.of().blocked());
  CHECK(out.of().waiting_rows() == 2);
  out.grant(0, 3);
  CHECK(out.sent(0) == rows(1, 2));
  CHECK_FALSE(out.of().blocked());
  out.push(0, rows(3, 4));
  out.push(0, rows(5));  // would fit, but not before 3 and 4
  CHECK(out.sent(0) == rows(1, 2));
  out.grant(0, 5);
  CHECK(out.sent(0) == rows(1, 2, 3, 4, 5));
}

TEST_CASE("a marker costs no credit", "[outlet][L12]") {
  scripted_outlet out{2};
  out.push(mark(1));
  CHECK(out.sent(0) == mark(1));
  CHECK(out.sent(1) == mark(1));
}

TEST_CASE("a marker does not overtake rows that wait for credit", "[outlet][C6]") {
  scripted_outlet out{2};
  out.grant(1, 100);
  out.push(0, rows(1));
  out.push(1, rows(2));
  out.push(commit(1));
  CHECK(out.sent(0) == events{});
  CHECK(out.sent(1) == sequence(rows(2), commit(1)));
  CHECK(out.of().blocked());
  out.push(1, rows(3));
  out.grant(0, 1);
  CHECK(out.sent(0) == sequence(rows(1), commit(1)));
  CHECK_FALSE(out.of().blocked());
}

TEST_CASE("no row overtakes a marker", "[outlet][C6]") {
  scripted_outlet out{1};
  out.push(0, rows(1, 2));
  out.push(mark(1));
  out.push(0, rows(3));
  out.push(mark(2));
  out.grant(0, 2);
  CHECK(out.sent(0) == sequence(rows(1, 2), mark(1)));
  out.grant(0, 3);
  CHECK(out.sent(0) == sequence(rows(1, 2), mark(1), rows(3), mark(2)));
}

TEST_CASE("bytes bound a channel as rows do", "[outlet][S10]") {
  scripted_outlet out{1};
  out.grant(0, 100, 2 * row_bytes);
  out.push(0, rows(1));
  out.push(0, rows(2));
  out.push(0, rows(3));
  CHECK(out.sent(0) == rows(1, 2));
  out.grant(0, 100, 3 * row_bytes);
  CHECK(out.sent(0) == rows(1, 2, 3));
}

TEST_CASE("a batch larger than the window goes in pieces, the promise behind the last",
          "[outlet][L11]") {
  scripted_outlet out{1, {3, 100 * row_bytes}};
  out.grant(0, 100);
  out.push(0, rows(1, 2, 3, 4, 5, 6, 7), {40});
  CHECK(out.sent(0) == rows(1, 2, 3, 4, 5, 6, 7));
  const auto& promises = out.promises(0);
  REQUIRE(promises.size() > 1);
  for (std::size_t i = 0; i + 1 < promises.size(); ++i) CHECK(promises[i] == instant::lowest());
  CHECK(promises.back() == instant{40});
}

TEST_CASE("a few rows do not take the room of many along", "[outlet][S32][V9]") {
  struct keeping : channel_sender {
    std::vector<batch_ptr> sent;
    void send(std::size_t, const batch_ptr& rows, instant) override { sent.push_back(rows); }
    void send(std::size_t, const marker&) override {}
  } to;
  const buffer_pool pool;
  const batch_ptr exact = batch_of(rows(1, 2, 3).rows);
  auto roomy = std::make_shared<column_batch>(exact->fields(), pool, 8192);
  roomy->append(*exact, 0, exact->size());
  const std::uint64_t room = pool.bytes();

  outlet out{{{1000, 100'000}}};
  out.grant(0, {1000, 100'000}, to);
  for (int i = 0; i < 100; ++i) out.push(0, roomy, instant::lowest(), pool, to);
  REQUIRE(to.sent.size() == 100);
  CHECK(to.sent.back()->capacity() == 3);
  CHECK(event_of(*to.sent.back()) == event_of(*exact));
  CHECK(pool.bytes() < 4 * room);  // not a hundred times

  roomy->resize(8192);
  outlet wide{{{10'000, 100'000}}};
  wide.grant(0, {10'000, 100'000}, to);
  wide.push(0, roomy, instant::lowest(), pool, to);
  CHECK(to.sent.back() == roomy);  // what fills its room passes as it is
}

TEST_CASE("a row larger than the window ends the stage by name", "[outlet][L11]") {
  scripted_outlet out{1, {10, row_bytes - 1}};
  CHECK_THROWS_AS(out.push(0, rows(1)), stage_failure);
  CHECK_THROWS_WITH(out.push(0, rows(1, 2)),
                    "a row is larger than credit.max_bytes: 8 bytes, window 7");
}

TEST_CASE("one channel without credit blocks the stage, not the others' queues", "[outlet][S10]") {
  scripted_outlet out{2};
  out.push(0, rows(1));
  out.grant(1, 10);
  CHECK(out.of().blocked());
  out.push(1, rows(2));
  CHECK(out.sent(1) == rows(2));
}

}  // namespace sluice::script

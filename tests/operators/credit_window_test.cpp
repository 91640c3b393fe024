#include "sluice/operators/credit_window.hpp"

#include <algorithm>
#include <deque>
#include <random>

#include "sluice/tests/support/catch.hpp"

namespace sluice {

namespace {

struct size_of_batch {
  std::uint64_t rows = 0;
  std::uint64_t bytes = 0;
};

// Both ends of one channel with everything that is under way between them, so that a test can let
// grants be lost, doubled or overtaken.
struct channel {
  credit window;
  credit_window out;
  credit_ledger in;
  std::deque<size_of_batch> queue;  // arrived, not consumed
  std::deque<credit> grants;        // under way to the sender
  credit sent, consumed;

  explicit channel(credit of) : window(of), in(of) { grants.push_back(in.open()); }

  bool send(size_of_batch b) {
    if (!out.admits(b.rows, b.bytes)) return false;
    out.spend(b.rows, b.bytes);
    sent = {sent.rows + b.rows, sent.bytes + b.bytes};
    in.arrived(b.rows, b.bytes);
    queue.push_back(b);
    return true;
  }
  void consume() {
    const size_of_batch b = queue.front();
    queue.pop_front();
    consumed = {consumed.rows + b.rows, consumed.bytes + b.bytes};
    if (const auto g = in.consumed(b.rows, b.bytes)) grants.push_back(*g);
  }
  void fall_quiet() {
    if (const auto g = in.quiet()) grants.push_back(*g);
  }
  void take_grant(std::size_t which) {
    out.raise(grants[which]);
    grants.erase(grants.begin() + static_cast<std::ptrdiff_t>(which));
  }
  void take_all_grants() {
    while (!grants.empty()) take_grant(0);
  }
};

}  // namespace

TEST_CASE("a ledger tells what its sender has left", "[credit_window][F1401]") {
  channel c{{10, 100}};
  CHECK(c.in.credit_left() == credit{10, 100});
  c.take_all_grants();
  REQUIRE(c.send({4, 40}));
  CHECK(c.in.credit_left() == credit{6, 60});
  c.consume();  // granted anew
  CHECK(c.in.credit_left() == credit{10, 100});
}

TEST_CASE("a channel opens with no credit", "[credit_window]") {
  credit_window out;
  CHECK(out.admits(0, 0));
  CHECK_FALSE(out.admits(1, 0));
  CHECK_FALSE(out.admits(0, 1));
}

TEST_CASE("credit is spent in rows and in bytes", "[credit_window]") {
  credit_window out;
  out.raise({10, 100});
  CHECK(out.admits(10, 100));
  CHECK_FALSE(out.admits(11, 1));
  CHECK_FALSE(out.admits(1, 101));
  out.spend(4, 90);
  CHECK(out.rows_left() == 6);
  CHECK(out.bytes_left() == 10);
  CHECK_FALSE(out.admits(1, 11));
}

TEST_CASE("a doubled or older grant changes nothing", "[credit_window][C28]") {
  credit_window out;
  out.raise({10, 100});
  out.raise({10, 100});
  CHECK(out.rows_left() == 10);
  out.spend(5, 50);
  out.raise({8, 200});  // fewer rows, more bytes: the larger of each holds
  CHECK(out.rows_left() == 5);
  CHECK(out.bytes_left() == 150);
}

TEST_CASE("the first grant is the whole window", "[credit_window]") {
  CHECK(credit_ledger{{64, 640}}.open() == credit{64, 640});
}

TEST_CASE("a grant comes when a quarter of the window has been consumed", "[credit_window]") {
  channel c{{100, 1000}};
  c.take_all_grants();
  for (int i = 0; i < 40; ++i) REQUIRE(c.send({2, 2}));
  for (int i = 0; i < 12; ++i) c.consume();
  CHECK(c.grants.empty());
  c.consume();  // 26 rows
  REQUIRE(c.grants.size() == 1);
  CHECK(c.grants[0] == credit{126, 1026});
}

TEST_CASE("bytes alone can make a grant due", "[credit_window]") {
  channel c{{100, 1000}};
  c.take_all_grants();
  REQUIRE(c.send({1, 249}));
  REQUIRE(c.send({1, 1}));
  REQUIRE(c.send({1, 1}));
  c.consume();
  CHECK(c.grants.empty());
  c.consume();
  REQUIRE(c.grants.size() == 1);
  CHECK(c.grants[0] == credit{102, 1250});
}

TEST_CASE("a quiet channel gets its whole window back", "[credit_window][C28]") {
  channel c{{100, 1000}};
  c.take_all_grants();
  REQUIRE(c.send({3, 3}));
  c.fall_quiet();
  CHECK(c.grants.empty());  // something is queued
  c.consume();
  CHECK(c.grants.empty());
  c.fall_quiet();
  CHECK(c.grants == std::deque{credit{103, 1003}});
  c.fall_quiet();
  CHECK(c.grants.size() == 1);
}

TEST_CASE("a window of one batch never stands still", "[credit_window][X18]") {
  channel c{{1, 8}};
  for (int i = 0; i < 1000; ++i) {
    c.take_all_grants();
    REQUIRE(c.send({1, 8}));
    CHECK_FALSE(c.send({1, 8}));
    c.consume();
  }
  CHECK(c.sent == credit{1000, 8000});
}

TEST_CASE("the ledger remembers the most that was ever queued", "[credit_window][F1002]") {
  channel c{{10, 1000}};
  c.take_all_grants();
  REQUIRE(c.send({4, 300}));
  REQUIRE(c.send({5, 100}));
  c.consume();
  c.consume();
  CHECK(c.in.most_queued() == credit{9, 400});
  CHECK(c.in.queued_rows() == 0);
}

// Random traffic over windows of all sizes. Grants may be lost while another is under way, come
// twice or out of order. What is outstanding never exceeds the window (no infinite grant), and once
// all is quiet any batch that fits the window can be sent (no leak).
TEST_CASE("credit neither leaks nor grows under random traffic", "[credit_window][C28][X18]") {
  const auto seed = GENERATE(range(1u, 201u));
  CAPTURE(seed);
  std::mt19937 random{seed};
  const auto below = [&](std::uint64_t n) { return random() % n; };
  channel c{{1 + below(200), 1 + below(5000)}};
  credit largest_grant;
  for (int step = 0; step < 2000; ++step) {
    switch (below(5)) {
      case 0:
      case 1:
        c.send({1 + below(c.window.rows), 1 + below(c.window.bytes)});
        break;
      case 2:
        if (!c.queue.empty()) c.consume();
        break;
      case 3:
        c.fall_quiet();
        break;
      case 4:
        if (c.grants.empty()) break;
        if (below(4) == 0) c.grants.push_back(c.grants.front());  // doubled
        if (below(4) == 0 && c.grants.front().rows < largest_grant.rows)
          c.grants.pop_front();                                       // lost
        if (!c.grants.empty()) c.take_grant(below(c.grants.size()));  // in any order
    }
    for (const auto& g : c.grants) {
      largest_grant.rows = std::max(largest_grant.rows, g.rows);
      largest_grant.bytes = std::max(largest_grant.bytes, g.bytes);
    }
    REQUIRE(largest_grant.rows <= c.consumed.rows + c.window.rows);
    REQUIRE(largest_grant.bytes <= c.consumed.bytes + c.window.bytes);
    REQUIRE(c.in.queued_rows() <= c.window.rows);
    REQUIRE(c.in.queued_bytes() <= c.window.bytes);
  }
  while (!c.queue.empty()) c.consume();
  c.fall_quiet();
  c.take_all_grants();
  CHECK(c.out.rows_left() == c.window.rows);
  CHECK(c.out.bytes_left() == c.window.bytes);
}

}  // namespace sluice

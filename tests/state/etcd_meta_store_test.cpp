#include "sluice/state/etcd_meta_store.hpp"

#include <atomic>
#include <csignal>
#include <thread>

#include "sluice/state/memory_meta_store.hpp"
#include "sluice/state/meta_log.hpp"
#include "sluice/tests/state/etcd_places.hpp"
#include "sluice/tests/state/meta_store_places.hpp"
#include "sluice/tests/support/catch.hpp"
#include "sluice/tests/support/tcp_proxy.hpp"

using namespace std::chrono_literals;

namespace sluice {

namespace {

constexpr job_id job{{7, 8}};
constexpr graph_hash graph{9};
constexpr std::uint64_t numbers = 100;

// As short as a loaded machine allows.
constexpr etcd_timing hasty{
    .request = {.connect = 1000ms, .whole = 2000ms}, .patience = 300ms, .pause = 10ms};

etcd_address by_way_of(std::uint16_t port, const etcd_address& address) {
  return {{"http://127.0.0.1:" + std::to_string(port)}, address.prefix, {}};
}

// The writes of a short run; write `n` is `write(store, n)`.
constexpr unsigned writes = 4;
meta_answer write(meta_store& store, unsigned n) {
  if (n == 0) return store.create(job, graph);
  if (n == 1) return store.bump_generation({0}, numbers);
  return store.put_commit(some_manifest({1}, {n - 1}), numbers);
}

void put_raw(const etcd_address& address, const std::string& bytes) {
  etcd_client etcd{address};
  auto was = etcd.read(etcd_range_path, etcd_range_request(address.key("truth")));
  const auto found = read_etcd_range(was.value()).value().found;
  const auto written = etcd.write(
      etcd_txn_path, etcd_put_request(address.key("truth"), found ? found->revision : 0, bytes));
  REQUIRE(read_etcd_put(written.body).value().written);
}

}  // namespace

// How an answer is lost: the request vanishes, the answer vanishes, or the connection breaks once
// etcd has acted, which a library that sends again by itself would hide.
TEST_CASE("an answer lost on the way is unknown, and the truth is one of two",
          "[etcd_meta_store][X1][D7][F26]") {
  enum class lost { request, answer, connection };
  const auto how = GENERATE(lost::request, lost::answer, lost::connection);
  const auto lost_write = GENERATE(range(0u, writes));
  CAPTURE(static_cast<int>(how), lost_write);
  const etcd_address address = new_etcd_address();
  etcd_meta_store onlooker{address};
  tcp_proxy network{running_etcd().port()};
  etcd_meta_store store{by_way_of(network.port(), address), hasty};
  std::optional<meta_truth> before;
  for (unsigned n = 0; n < lost_write; ++n) before = write(store, n).truth;
  REQUIRE(store.load());  // the next write is the first request that is lost

  network.swallow(how == lost::request ? tcp_proxy::direction::forth : tcp_proxy::direction::back,
                  true);
  std::thread breaking;
  if (how == lost::connection)
    breaking = std::thread{[&] {
      while (onlooker.load().value() == before) std::this_thread::yield();
      network.swallow(tcp_proxy::direction::back, false);
      network.reset();
    }};
  const auto answer = write(store, lost_write);
  if (breaking.joinable()) breaking.join();
  CHECK(answer.outcome == meta_outcome::unknown);
  CHECK(answer.message.find(address.key("truth")) == 0);

  // Nothing is tried again, even with the network back.
  network.swallow(tcp_proxy::direction::forth, false);
  network.swallow(tcp_proxy::direction::back, false);
  network.reset();
  CHECK_FALSE(store.load());
  CHECK(write(store, lost_write).outcome == meta_outcome::unknown);

  memory_meta_store undisturbed;
  std::optional<meta_truth> after;
  for (unsigned n = 0; n <= lost_write; ++n) after = write(undisturbed, n).truth;
  CHECK(onlooker.load().value() == (how == lost::request ? before : after));
}

TEST_CASE("a store that cannot be reached says so and has written nothing",
          "[etcd_meta_store][F26]") {
  const etcd_address address = by_way_of(free_port(), new_etcd_address());
  etcd_meta_store store{address, hasty};
  const auto loaded = store.load();
  REQUIRE_FALSE(loaded);
  CHECK(loaded.failure().code == error_code::unavailable);
  CHECK(loaded.failure().message.find(address.servers[0]) != std::string::npos);
  CHECK(store.create(job, graph).outcome == meta_outcome::not_now);
}

TEST_CASE("a write that reached nobody can be made when etcd is back", "[etcd_meta_store][F26]") {
  etcd_process etcd;
  const etcd_address address = parse_etcd_address(etcd.address("away")).value();
  etcd_meta_store store{address, hasty};
  for (unsigned n = 0; n < 3; ++n) REQUIRE(write(store, n).outcome == meta_outcome::done);
  etcd.send(SIGKILL);
  const auto away = write(store, 3);
  CHECK(away.outcome == meta_outcome::not_now);
  CHECK(away.message.find(address.key("truth") + ": " + address.servers[0]) == 0);
  etcd.start();
  etcd.wait_until_ready();
  const auto back = write(store, 3);
  REQUIRE(back.outcome == meta_outcome::done);
  CHECK(store.load().value() == back.truth);
}

TEST_CASE("servers are tried in turn", "[etcd_meta_store]") {
  etcd_address address = new_etcd_address();
  address.servers.insert(address.servers.begin(),
                         "http://127.0.0.1:" + std::to_string(free_port()));
  etcd_meta_store store{address, hasty};
  for (unsigned n = 0; n < writes; ++n) REQUIRE(write(store, n).outcome == meta_outcome::done);
  CHECK(etcd_meta_store{address, hasty}.load().value()->sealed.size() == 2);
}

TEST_CASE("bytes that cannot be believed are malformed, naming the key", "[etcd_meta_store][D8]") {
  const etcd_address address = new_etcd_address();
  const std::string key = address.key("truth");
  const meta_truth truth{
      .job = job, .graph = graph, .generation = {1}, .reserved_to = {5}, .sealed = {}};
  const log_head head = begin_log(3);
  const std::string good = head.bytes + log_record_of(truth, 3, head.end).bytes;
  put_raw(address, good);
  REQUIRE(etcd_meta_store{address}.load().value() == truth);

  std::string flipped = good;
  flipped[good.size() - 1] ^= 1;
  const std::vector<std::string> spoiled{"", "x", good.substr(0, good.size() - 1), good + "x",
                                         flipped};
  for (const auto& bytes : spoiled) {
    CAPTURE(bytes);
    put_raw(address, bytes);
    etcd_meta_store store{address};
    const auto loaded = store.load();
    REQUIRE_FALSE(loaded);
    CHECK(loaded.failure().code == error_code::malformed);
    CHECK(loaded.failure().message.find(key + ": byte ") == 0);
    CHECK(store.bump_generation({1}, numbers).outcome == meta_outcome::unknown);
  }
}

TEST_CASE("a truth too large for etcd is refused, and the one before it stays",
          "[etcd_meta_store]") {
  const auto size = GENERATE(std::size_t{1'700'000}, std::size_t{3'000'000});
  const etcd_address address = new_etcd_address();
  etcd_meta_store store{address};
  for (unsigned n = 0; n < 2; ++n) write(store, n);
  const auto before = store.load().value();
  manifest large = some_manifest({1}, {1});
  large.instances[0].state.assign(size, 'x');
  const auto answer = store.put_commit(large, numbers);
  CHECK(answer.outcome == meta_outcome::refused);
  CHECK(answer.message.find("the truth about the run has ") == 0);
  CHECK(answer.message.find("more than etcd takes") != std::string::npos);
  CHECK(store.load().value() == before);
  CHECK(store.put_commit(some_manifest({1}, {1}), numbers).outcome == meta_outcome::done);
}

TEST_CASE("of two stores that race exactly one wins each write", "[etcd_meta_store][X1]") {
  const etcd_address address = new_etcd_address();
  constexpr std::uint64_t rounds = 60;
  {
    etcd_meta_store first{address};
    REQUIRE(first.create(job, graph).outcome == meta_outcome::done);
  }
  // Both raise the same generation, as often as one of them has.
  std::atomic<std::uint64_t> wins[2] = {0, 0};
  const auto race = [&](std::atomic<std::uint64_t>& mine) {
    etcd_meta_store store{address};
    for (std::uint64_t generation = 0; generation < rounds;) {
      const auto answer = store.bump_generation({generation}, 1);
      if (answer.outcome == meta_outcome::done) ++mine;
      if (answer.outcome == meta_outcome::unknown) return;
      generation = store.load().value()->generation.value;
    }
  };
  std::thread other{[&] { race(wins[0]); }};
  race(wins[1]);
  other.join();
  const auto truth = etcd_meta_store{address}.load().value();
  CHECK(wins[0] + wins[1] == truth->generation.value);
  CHECK(truth->reserved_to.value == truth->generation.value);
  CHECK(truth->generation.value >= rounds);
}

TEST_CASE("etcd is restarted under load, and every answer was true",
          "[etcd_meta_store][X23][X24][F26]") {
  etcd_process etcd;
  const etcd_address address = parse_etcd_address(etcd.address("restarted")).value();
  {
    etcd_meta_store first{address};
    REQUIRE(first.create(job, graph).outcome == meta_outcome::done);
  }
  std::atomic<bool> ended = false;
  std::atomic<std::uint64_t> sealed = 0;
  std::uint64_t doubts = 0;
  std::string wrong;
  // Coordinators, one after the other: each exits when it does not know.
  std::thread load{[&] {
    std::optional<meta_truth> acknowledged;
    while (!ended && wrong.empty()) {
      etcd_meta_store store{address};
      auto loaded = store.load();
      if (!loaded) continue;
      if (acknowledged && loaded.value()->reserved_to < acknowledged->reserved_to)
        wrong = "an acknowledged write is lost";
      auto answer = store.bump_generation(loaded.value()->generation, numbers);
      while (answer.outcome == meta_outcome::done && !ended) {
        acknowledged = answer.truth;
        const epoch_id next{acknowledged->last() ? acknowledged->last()->epoch.value + 1 : 1};
        answer = store.put_commit(some_manifest(acknowledged->generation, next), numbers);
        if (answer.outcome == meta_outcome::done) ++sealed;
      }
      if (answer.outcome == meta_outcome::unknown) ++doubts;
      if (answer.outcome == meta_outcome::refused) wrong = answer.message;
    }
  }};
  const auto wait_for = [&](std::uint64_t more) {
    const auto until = std::chrono::steady_clock::now() + 60s;
    for (const auto goal = sealed + more; sealed < goal;) {
      if (std::chrono::steady_clock::now() > until) return false;
      std::this_thread::yield();
    }
    return true;
  };
  for (int restart = 0; restart < 4; ++restart) {
    CHECK(wait_for(50));
    etcd.send(SIGKILL);
    etcd.start();
  }
  CHECK(wait_for(50));
  ended = true;
  load.join();
  CHECK(wrong == "");
  const auto truth = etcd_meta_store{address}.load().value();
  CHECK(truth->last()->epoch.value >= sealed);
  CHECK(truth->last()->epoch.value <= sealed + doubts);
}

TEST_CASE("a cluster of three goes on without one member", "[etcd_meta_store][F26][slow]") {
  etcd_process etcd{3};
  const etcd_address address = parse_etcd_address(etcd.address("three")).value();
  etcd_meta_store store{address};
  for (unsigned n = 0; n < writes; ++n) REQUIRE(write(store, n).outcome == meta_outcome::done);
  std::optional<meta_truth> last = store.load().value();
  for (std::size_t killed = 0; killed < 3; ++killed) {
    etcd.send(SIGKILL, killed);
    // A write under way may be in doubt; the next coordinator finds what was acknowledged.
    etcd_meta_store next{address, {.request = {}, .patience = 20s, .pause = 50ms}};
    const auto found = next.load();
    REQUIRE(found);
    CHECK(found.value()->reserved_to >= last->reserved_to);
    const auto bumped = next.bump_generation(found.value()->generation, numbers);
    CHECK(bumped.outcome != meta_outcome::refused);
    last = found.value();
    etcd.start(killed);
    etcd.wait_until_ready();
  }
}

TEST_CASE("an encrypted store is asked, and only if its certificate is known",
          "[etcd_meta_store]") {
  etcd_process etcd{1, true};
  const etcd_address address = parse_etcd_address(etcd.address("secret")).value();
  etcd_meta_store store{address, hasty};
  for (unsigned n = 0; n < writes; ++n) REQUIRE(write(store, n).outcome == meta_outcome::done);
  CHECK(etcd_meta_store{address, hasty}.load().value()->sealed.size() == 2);

  const etcd_address stranger{address.servers, address.prefix, {}};
  etcd_meta_store careful{stranger, hasty};
  const auto loaded = careful.load();
  REQUIRE_FALSE(loaded);
  CHECK(loaded.failure().message.find("certificate") != std::string::npos);
  CHECK(careful.bump_generation({1}, numbers).outcome == meta_outcome::not_now);
  CHECK(store.load().value()->generation == generation_id{1});
  etcd.send(SIGKILL);  // a broken connection is told, not signalled
  CHECK(store.bump_generation({1}, numbers).outcome == meta_outcome::not_now);
}

TEST_CASE("two clusters behind one address are found out", "[etcd_meta_store]") {
  etcd_process other;
  const etcd_address address = new_etcd_address();
  tcp_proxy first{running_etcd().port()};
  etcd_client etcd{address};
  const auto head_at = [&](const etcd_address& of) {
    etcd_client asked{of};
    return read_etcd_range(asked.read(etcd_range_path, etcd_range_request("/x")).value())
        .value()
        .head;
  };
  const etcd_head here = head_at(address);
  const etcd_head there = head_at(parse_etcd_address(other.address("x")).value());
  REQUIRE(etcd.believe(here));
  const auto believed = etcd.believe(there);
  REQUIRE_FALSE(believed);
  CHECK(believed.failure().message == address.servers[0] + " is of cluster " + there.cluster +
                                          ", not of the one asked before: " + here.cluster);
  CHECK_FALSE(etcd.believe({here.cluster, here.revision - 1}));
  CHECK(etcd.believe({here.cluster, here.revision}));
}

}  // namespace sluice

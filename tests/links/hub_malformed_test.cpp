#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sluice/links/frame_offences.hpp"
#include "sluice/tests/links/hub_end.hpp"
#include "sluice/tests/links/key_ring.hpp"
#include "sluice/tests/links/malformed_frames.hpp"
#include "sluice/tests/links/raw_dealer.hpp"
#include "sluice/tests/support/catch.hpp"

namespace sluice {

namespace {

using texts = std::vector<std::string>;

constexpr std::uint64_t frames_at_once = frame_offences::most - 10;  // and not yet cut off
constexpr std::uint32_t first_channel = 100;
constexpr std::uint64_t most_growth = std::uint64_t{32} << 20;

// Frames to send: 10,000, or what the variable says, such as 100000 once a release; figures are
// told then.
constexpr const char* count_variable = "SLUICE_MALFORMED_FRAMES";
std::uint64_t frames_wanted() {
  const char* const said = std::getenv(count_variable);
  return said == nullptr ? 10'000 : std::stoull(said);
}

std::uint64_t resident_bytes() {
  std::ifstream sizes("/proc/self/statm");
  std::uint64_t all = 0, resident = 0;
  REQUIRE(sizes >> all >> resident);
  return resident * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

std::string name_of(std::uint64_t round) { return "m" + std::to_string(round); }

// A TCP connection that only writes.
class tcp_stranger {
 public:
  tcp_stranger(const std::string& endpoint, const std::string& bytes)
      : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    to.sin_port = htons(port_of(endpoint));
    REQUIRE(::connect(socket_, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0);
    ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  }
  ~tcp_stranger() { ::close(socket_); }
  tcp_stranger(const tcp_stranger&) = delete;
  tcp_stranger& operator=(const tcp_stranger&) = delete;

 private:
  int socket_;
};

void send_parts(raw_dealer& dealer, const std::vector<std::string>& parts) {
  for (std::size_t i = 0; i < parts.size(); ++i) dealer.send(parts[i], i + 1 < parts.size());
}

// Waits until everything sent so far has been looked at: then hello is answered.
void await_hello(raw_dealer& dealer, const connection_name& who) {
  dealer.send(hello_of(who));
  while (type_of(dealer.read()) != frame_type::hello) {
  }
}

}  // namespace

TEST_CASE("malformed frames of every kind on live ports change nothing and take no memory",
          "[hub][F17]") {
  const bool keyed = GENERATE(false, true);
  const std::uint64_t frames = frames_wanted();
  const std::uint64_t rounds = frames / (2 * frames_at_once) + 1;
  const std::uint64_t seed = 1 + (keyed ? 1 : 0);
  CAPTURE(keyed, frames, seed);
  std::optional<key_ring> ring;
  if (keyed) {
    ring.emplace(std::initializer_list<std::string>{"a", "b"});
    for (std::uint64_t round = 0; round < rounds; ++round) ring->add(name_of(round));
  }
  const auto keys_of = [&](const char* node) {
    return ring ? std::optional<hub_keys>(ring->of(node)) : std::nullopt;
  };
  hub_end a("a", transport::tcp, 1, 1, keys_of("a")), b("b", transport::tcp, 1, 1, keys_of("b"));
  a.join(b);
  b.join(a);
  a.begin(1, {outlet_of(0, "b"), inlet_of(1, "b")});
  // Each stranger has a channel, on which it could send.
  std::vector<hub_channel> channels{inlet_of(0, "a"), outlet_of(1, "a")};
  for (std::uint32_t round = 0; round < rounds; ++round)
    channels.push_back(inlet_of(first_channel + round, name_of(round)));
  b.begin(1, channels);
  a.open_inlet(1);
  for (const hub_channel& c : channels)
    if (!c.outgoing) b.open_inlet(c.channel.value);
  a.send_batches(0, 100'000'000);
  b.send_batches(1, 100'000'000);
  REQUIRE(b.until([&] { return b.batches(0) > 1'000; }));

  malformed_frames made(seed);
  std::mt19937_64 random(seed);
  std::vector<std::unique_ptr<tcp_stranger>> open;
  std::uint64_t sent = 0, begun_with = 0, most = 0;
  for (std::uint64_t round = 0; round < rounds; ++round) {
    const connection_name who{name_of(round), {{66, round + 1}}, 1};
    const auto channel = static_cast<std::uint32_t>(first_channel + round);
    const auto keys = ring ? std::optional(ring->line(who.node, "b")) : std::nullopt;
    const std::string& port = round % 2 == 0 ? b.own().data_address() : b.own().control_address();
    raw_dealer dealer(port, to_routing_id(who), keys);
    for (const char* stage : {"before its hello", "after it"}) {
      INFO(who.node << ' ' << stage);
      for (std::uint64_t i = 0; i < frames_at_once; ++i, ++sent)
        send_parts(dealer, made.next(who, channel));
      await_hello(dealer, who);
    }
    if (round % 10 == 0) {
      raw_dealer nameless(port, {}, keys);
      for (std::uint64_t i = 0; i < 2 * frames_at_once; ++i, ++sent)
        send_parts(nameless, made.next(who, channel));
      open.push_back(std::make_unique<tcp_stranger>(
          port, garbage_stream(random, static_cast<int>(round / 10))));
    }
    if (round == rounds / 10) begun_with = resident_bytes();
    if (round > rounds / 10) most = std::max(most, resident_bytes());
  }
  const std::uint64_t then = b.batches(0), there = a.batches(1);
  CHECK(b.until([&] { return b.batches(0) >= then + 1'000; }));
  CHECK(a.until([&] { return a.batches(1) >= there + 1'000; }));
  CHECK(b.wrong() == texts{});
  CHECK(a.wrong() == texts{});
  CHECK(b.heard().empty());
  for (std::uint32_t round = 0; round < rounds; ++round) {
    CHECK(b.batches(first_channel + round) == 0);
    CHECK(b.markers(first_channel + round) == 0);
  }
  for (const std::string& channel : b.broken_channels())
    CHECK(std::stoul(channel) >= first_channel);
  CHECK(b.own().counters().bad >= sent / 3);
  CHECK(b.own().counters().refused > 0);
  CHECK(a.peers() == texts{"b 1"});
  CHECK(most <= begun_with + most_growth);
  if (std::getenv(count_variable) == nullptr) return;
  const hub_counters seen = b.own().counters();
  WARN(sent << " malformed frames" << (keyed ? " with keys" : "") << ": " << seen.bad << " bad, "
            << seen.not_looked_at << " not looked at, " << seen.refused << " handshakes refused, "
            << b.broken_channels().size() << " channels broken; memory grew by "
            << (most > begun_with ? (most - begun_with) >> 10 : 0) << " KiB");
}

}  // namespace sluice

#include "sluice/connectors/byte_log.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sluice/connectors/logged_lines.hpp"
#include "sluice/sim/sim_disk.hpp"
#include "sluice/tests/support/catch.hpp"

namespace sluice {

namespace {

using sim::disk_fault;
using sim::sim_disk;

constexpr job_id job{{7, 8}};
constexpr std::uint64_t short_file = 120;  // a few records

result<std::unique_ptr<byte_log>> open(sim_disk& disk, job_id of = job) {
  return byte_log::open(disk.open(), of, short_file);
}

std::string content_of(byte_log& log, std::uint64_t from) {
  std::string all;
  std::array<char, 7> room{};
  for (;;) {
    const auto n = log.read(from + all.size(), room);
    REQUIRE(n);
    if (n.value() == 0) return all;
    all.append(room.data(), n.value());
  }
}

std::string piece(std::uint64_t n) { return "line " + std::to_string(n) + "\n"; }

// Appends pieces until something goes wrong; returns what was acknowledged.
std::string append_pieces(sim_disk& disk, std::string acknowledged, std::uint64_t pieces) {
  auto log = open(disk);
  if (!log) return acknowledged;
  const std::string there = content_of(*log.value(), 0);
  CHECK(there.starts_with(acknowledged));
  acknowledged = there;
  for (std::uint64_t n = 0; n < pieces; ++n) {
    const std::string bytes = piece(acknowledged.size());
    if (!log.value()->append(bytes)) break;
    acknowledged += bytes;
  }
  return acknowledged;
}

}  // namespace

TEST_CASE("a log of bytes gives back what it was given, over several files", "[byte_log][P16]") {
  sim_disk disk{1};
  std::string all;
  for (int process = 0; process < 3; ++process) {
    all = append_pieces(disk, all, 20);
    disk.kill();
  }
  auto log = open(disk).value();
  CHECK(log->begin() == 0);
  CHECK(log->end() == all.size());
  CHECK(content_of(*log, 0) == all);
  CHECK(content_of(*log, 33) == all.substr(33));
  CHECK_FALSE(log->within_line());
  REQUIRE(log->append("half"));
  CHECK(log->within_line());
  REQUIRE(log->append_end());
  CHECK(log->ended());
  disk.kill();
  log = open(disk).value();
  CHECK(log->ended());
  CHECK(log->within_line());
}

TEST_CASE("whatever fails in a log of bytes, what was acknowledged is there",
          "[byte_log][P16][X17][X24]") {
  const auto how = GENERATE(0, 1, 2);
  for (std::uint64_t seed = 1; seed <= 3; ++seed)
    for (std::uint64_t step = 0; step < 60; ++step) {
      INFO("seed " << seed << ", step " << step << ", failure " << how);
      sim_disk disk{seed};
      if (how == 0) disk.fail_power_after(step);
      if (how == 1) disk.go_wrong_after(step, disk_fault::io_error);
      if (how == 2) disk.go_wrong_after(step, disk_fault::short_write);
      std::string all;
      for (int process = 0; process < 4; ++process) {
        all = append_pieces(disk, all, 6);
        if (disk.dark() || process % 2 == 0)
          disk.fail_power();
        else
          disk.kill();
      }
      const auto log = open(disk);
      REQUIRE(log);
      CHECK(content_of(*log.value(), 0) == all);
    }
}

TEST_CASE("what lies before an offset is forgotten by whole files", "[byte_log]") {
  sim_disk disk{1};
  const std::string all = append_pieces(disk, "", 20);
  auto log = open(disk).value();
  const auto names = log->forget_before(100);
  REQUIRE_FALSE(names.empty());
  CHECK(log->begin() > 0);
  CHECK(log->begin() <= 100);
  CHECK(content_of(*log, 100) == all.substr(100));
  for (const auto& name : names) REQUIRE(disk.open()->remove(name));
  const std::uint64_t begin = log->begin();
  log = open(disk).value();
  CHECK(log->begin() == begin);
  CHECK(content_of(*log, begin) == all.substr(begin));
  static_cast<void>(log->forget_before(1'000'000));
  CHECK(log->begin() < log->end());  // never the last one
}

TEST_CASE("a log of another run is refused, unless that has worked it off", "[byte_log]") {
  sim_disk disk{1};
  static_cast<void>(append_pieces(disk, "", 5));
  const auto refused = open(disk, {{9, 9}});
  REQUIRE_FALSE(refused);
  CHECK(refused.failure().code == error_code::needs_decision);
  CHECK(refused.failure().message.starts_with("disk holds bytes that another run has received"));
  {
    auto log = open(disk).value();
    REQUIRE(log->append_end());
    REQUIRE(log->append_done());
  }
  auto next = open(disk, {{9, 9}}).value();
  CHECK(next->end() == 0);
  CHECK_FALSE(next->ended());
  REQUIRE(next->append("new\n"));
  CHECK(content_of(*next, 0) == "new\n");
}

TEST_CASE("damage to a log of bytes is named, or does no harm", "[byte_log][F15][X16][D8]") {
  sim_disk disk{1};
  const std::string all = append_pieces(disk, "", 20);
  const auto names = disk.open()->list().value();
  std::uint64_t noticed = 0;
  for (const std::string& name : names) {
    const std::string whole = disk.open()->read(name).value();
    for (std::size_t at = 0; at <= whole.size(); ++at)
      for (const bool cut : {false, true}) {
        if (cut && at == whole.size()) continue;
        if (!cut && at == whole.size()) {
          REQUIRE(disk.open()->remove(name));
        } else {
          std::string spoiled = whole;
          if (cut)
            spoiled.resize(at);
          else
            spoiled[at] ^= 16;
          REQUIRE(replace_durably(*disk.open(), name, spoiled));
        }
        INFO(name << ", byte " << at << (cut ? " cut" : " flipped, or the file is gone"));
        const auto log = open(disk);
        // As a reader does that begins where nothing is collected yet.
        const auto there = log ? log.value()->check_holds(0) : result<void>{log.failure()};
        if (there) {
          CHECK(name == "bytes.seen");
          CHECK(content_of(*log.value(), 0) == all);
        } else {
          CHECK(there.failure().code == error_code::malformed);
          CHECK(there.failure().message.starts_with("disk/bytes."));
          ++noticed;
        }
        REQUIRE(replace_durably(*disk.open(), name, whole));
      }
  }
  CHECK(noticed > 1000);
}

namespace {

// A peer that sends pieces and may hang up.
class scripted_bytes final : public byte_source {
 public:
  explicit scripted_bytes(std::vector<std::string> pieces, bool ends = false)
      : pieces_(std::move(pieces)), ends_(ends) {}
  result<bytes_read> read(std::span<char> room) override {
    if (next_ == pieces_.size())
      return bytes_read{0, ends_ ? bytes_state::end : bytes_state::blocked};
    const std::string& piece = pieces_[next_++];
    piece.copy(room.data(), room.size());
    return bytes_read{piece.size(), bytes_state::some};
  }

 private:
  std::vector<std::string> pieces_;
  bool ends_;
  std::size_t next_ = 0;
};

std::string read_all(logged_bytes& from, bytes_state until) {
  std::string all;
  std::array<char, 64> room{};
  for (;;) {
    const auto got = from.read(room);
    REQUIRE(got);
    all.append(room.data(), got.value().count);
    if (got.value().state == bytes_state::some) continue;
    CHECK(got.value().state == until);
    return all;
  }
}

logged_bytes::connect_function peer(std::vector<std::string> pieces, bool ends = false) {
  return [=]() -> result<std::unique_ptr<byte_source>> {
    return std::unique_ptr<byte_source>{std::make_unique<scripted_bytes>(pieces, ends)};
  };
}

}  // namespace

TEST_CASE("what was received is in the log before it is given out, and comes again",
          "[logged_lines][P16]") {
  sim_disk disk{1};
  {
    const std::shared_ptr<byte_log> log = open(disk).value();
    auto first = logged_bytes::open(log, peer({"one\n", "two\nthr"})).value();
    std::array<char, 64> room{};
    REQUIRE(first->read(room).value().count == 4);
    CHECK(open(disk).value()->end() == 4);
    CHECK(read_all(*first, bytes_state::blocked) == "two\nthr");
  }
  disk.fail_power();
  const std::shared_ptr<byte_log> log = open(disk).value();
  auto second = logged_bytes::open(log, peer({"four\n"}, /*ends=*/true)).value();
  const std::string again = "one\ntwo\nthr" + logged_bytes::lost_within_line + "four\n";
  CHECK(read_all(*second, bytes_state::end) == again);
  CHECK(log->ended());
  REQUIRE(second->seek(4));
  CHECK(read_all(*second, bytes_state::end) == again.substr(4));
  CHECK(second->seek(1000).failure().code == error_code::malformed);

  // Nobody is called any more.
  const std::shared_ptr<byte_log> ended = open(disk).value();
  auto third = logged_bytes::open(ended, [] {
    return result<std::unique_ptr<byte_source>>{error{error_code::refused, "called"}};
  });
  REQUIRE(third);
  CHECK(read_all(*third.value(), bytes_state::end) == again);
}

}  // namespace sluice

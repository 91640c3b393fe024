#include "sluice/state/meta_log.hpp"

#include <optional>
#include <string>
#include <string_view>

#include "sluice/state/meta_truth_bytes.hpp"
#include "sluice/tests/state/meta_store_places.hpp"
#include "sluice/tests/support/catch.hpp"

namespace sluice {

namespace {

meta_truth some_truth() {
  return {.job = {{1, 2}},
          .graph = {3},
          .generation = {4},
          .reserved_to = {100},
          .sealed = {some_manifest({3}, {10}), some_manifest({4}, {20})}};
}

// A log that grows, and what is then read of it.
struct written_log {
  written_log() : bytes(begin_log(5).bytes), end(begin_log(5).end) {}

  void add(const meta_truth& truth, std::uint64_t write) {
    const auto record = log_record_of(truth, write, end);
    bytes += record.bytes;
    end = record.end;
  }
  result<log_content> read(const std::optional<log_position>& seen = {}) const {
    return read_log(bytes, "log", seen);
  }
  std::string problem(const std::optional<log_position>& seen = {}) const {
    const auto content = read(seen);
    return content ? std::string{} : content.failure().message;
  }

  std::string bytes;
  log_position end;
};

std::string problem_after(const meta_truth& next, std::uint64_t write = 8) {
  written_log log;
  log.add(some_truth(), 7);
  log.add(next, write);
  return log.problem();
}

std::string problem_of(const meta_truth& truth) {
  snapshot_writer out;
  write_truth(out, truth);
  snapshot_reader in{out.bytes()};
  CHECK(read_truth(in) == truth);
  const auto whole = in.finish();
  return whole ? std::string{} : whole.failure().message;
}

}  // namespace

TEST_CASE("the last record of a log is the truth", "[meta_log]") {
  written_log log;
  log.add(some_truth(), 7);
  auto next = some_truth();
  next.generation = {5};
  log.add(next, 8);
  const auto content = log.read(log.end);
  REQUIRE(content);
  CHECK(content.value().truth == next);
  CHECK(content.value().writes == 8);
  CHECK(content.value().end == log.end);
  CHECK(content.value().torn_bytes == 0);
}

TEST_CASE("a record follows from the one before", "[meta_log][X8]") {
  CHECK(problem_after(some_truth()) == "");
  CHECK_THAT(problem_after(some_truth(), 7),
             Catch::EndsWith("does not follow from the one before"));
  CHECK_THAT(problem_after(some_truth(), 9),
             Catch::EndsWith("does not follow from the one before"));
  auto other = some_truth();
  other.job = {{1, 3}};
  CHECK(problem_after(other) != "");
  other = some_truth();
  other.graph = {4};
  CHECK(problem_after(other) != "");
  other = some_truth();
  other.reserved_to = {99};
  CHECK(problem_after(other) != "");
  other = some_truth();
  other.sealed.pop_back();
  CHECK(problem_after(other) != "");
  other = some_truth();
  other.generation = {3};
  other.sealed[1].generation = {3};
  CHECK(problem_after(other) != "");
}

TEST_CASE("a last record may be broken off anywhere, the first one nowhere", "[meta_log]") {
  written_log log;
  const std::size_t head = log.bytes.size();
  log.add(some_truth(), 7);
  const log_position first = log.end;
  log.add(some_truth(), 8);
  for (std::size_t bytes = head; bytes < log.bytes.size(); ++bytes) {
    const auto content = read_log(std::string_view{log.bytes}.substr(0, bytes), "log", {});
    REQUIRE(static_cast<bool>(content) == (bytes >= first.bytes));
    if (!content) continue;
    CHECK(content.value().end == first);
    CHECK(content.value().torn_bytes == bytes - first.bytes);
  }
}

TEST_CASE("a witness that knows of more finds the log cut", "[meta_log][X16]") {
  written_log log;
  log.add(some_truth(), 7);
  const auto first = log.end;
  CHECK(log.problem(first) == "");
  CHECK(log.problem(log_position{4, 999, 0}) == "");  // of the log before
  const std::string at = "log: byte " + std::to_string(first.bytes) + ": ";
  CHECK(log.problem(log_position{5, first.bytes + 1, 0}) ==
        at + "the log is cut here: " + std::to_string(first.bytes + 1) +
            " bytes of it had been acknowledged");
  CHECK(log.problem(log_position{5, first.bytes, first.checksum ^ 1}) ==
        at + "the records up to here are not those that were acknowledged");
  CHECK(log.problem(log_position{5, first.bytes - 1, first.checksum}) ==
        at + "the records up to here are not those that were acknowledged");
  CHECK(log.problem(log_position{6, 0, 0}) ==
        "log: byte 0: this is log 5, an older one than the last, 6");
  log.add(some_truth(), 8);
  CHECK(log.problem(first) == "");  // the witness may be behind
}

TEST_CASE("records are not taken from another log", "[meta_log]") {
  written_log one, other;
  one.add(some_truth(), 7);
  auto truth = some_truth();
  ++truth.generation.value;
  other.add(truth, 7);
  const auto before = other.bytes.size();
  other.add(truth, 8);
  one.bytes += other.bytes.substr(before);
  CHECK(one.problem() ==
        "log: byte " + std::to_string(one.end.bytes) + ": record 8 does not match its checksum");
  const auto elsewhere = begin_log(6);
  one.bytes.replace(0, elsewhere.bytes.size(), elsewhere.bytes);
  CHECK(one.problem() == "log: byte 24: record 7 does not match its checksum");
}

TEST_CASE("the furthest sound entry of a witness counts", "[meta_log]") {
  const log_position far{2, 100, 7}, near{2, 50, 8}, before{1, 900, 9};
  const std::string bytes = witness_entry(before) + witness_entry(far) + witness_entry(near);
  CHECK(read_witness(bytes) == far);
  CHECK(read_witness(bytes.substr(0, 47)) == before);
  CHECK(read_witness("") == std::nullopt);
  CHECK(read_witness(std::string(48, '\0')) == std::nullopt);
  std::string damaged = bytes;
  damaged[30] ^= 1;
  CHECK(read_witness(damaged) == near);
}

TEST_CASE("a truth that cannot be is refused", "[meta_log]") {
  CHECK(problem_of(some_truth()) == "");
  auto wrong = some_truth();
  wrong.sealed.push_back(some_manifest({4}, {30}));
  CHECK_THAT(problem_of(wrong), Catch::Contains("more than two sealed epochs"));
  wrong = some_truth();
  std::swap(wrong.sealed[0], wrong.sealed[1]);
  CHECK_THAT(problem_of(wrong), Catch::Contains("sealed epochs are not in order"));
  wrong = some_truth();
  wrong.sealed[1].epoch = {101};
  CHECK_THAT(problem_of(wrong), Catch::Contains("a sealed epoch was never reserved"));
  wrong = some_truth();
  wrong.sealed[1].generation = {5};
  CHECK_THAT(problem_of(wrong), Catch::Contains("an epoch was sealed by a later generation"));
}

}  // namespace sluice

// LK: the link. Rows of 24 bytes from a process that makes them to one that counts and sums them by
// key: over two hubs with credit, checksums and sequence numbers, over ZeroMQ alone, over sockets
// alone; TCP and Unix sockets of this machine, plain and CURVE. And the codec of a frame by itself.

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "sluice/bench/bounds/column_copy.hpp"
#include "sluice/bench/frame_codec.hpp"
#include "sluice/bench/harness/program.hpp"
#include "sluice/bench/inputs/keyed_answers.hpp"
#include "sluice/bench/link_processes.hpp"
#include "sluice/records/assert.hpp"

namespace sluice::bench {
namespace {

constexpr std::size_t full_batch = 8192;

json_object settings_of(std::size_t batch_rows) {
  const std::size_t window = std::max<std::size_t>(link_window_rows, 4 * batch_rows);
  return json_object{}
      .add("batch.rows", batch_rows)
      .add("window", window)
      .add("threads", 2)
      .add("interval_ms", 0);
}

// What is measured against what; the gates hold from 8192 rows on (docs/benchmarks.md).
std::vector<comparison> lines_of(const std::string& input, std::size_t batch_rows) {
  const bool gated = batch_rows >= full_batch;
  const std::string of = input + "/" + std::to_string(batch_rows) + "/";
  const auto line = [&](const std::string& contender, const std::string& bound) {
    return comparison{.variant = of + contender + " to " + bound,
                      .contender = contender,
                      .bound = bound,
                      .settings = settings_of(batch_rows),
                      .judge_allocations = false};  // ZeroMQ allocates for every message
  };
  std::vector<comparison> lines{line("tcp", "raw tcp"),
                                line("ipc", "raw tcp"),
                                line("tcp", "zeromq tcp"),
                                line("ipc", "zeromq ipc"),
                                line("tcp curve", "zeromq tcp curve"),
                                line("tcp curve", "raw tcp"),
                                line("raw unix", "raw tcp"),
                                line("zeromq tcp crc", "zeromq tcp"),
                                line("raw tcp crc", "raw tcp")};
  if (gated) {
    lines[0].gate = 0.55;
    lines[0].goal = 0.75;
    lines[1].gate = 0.80;
    lines[1].goal = 1.2;
    lines[7].gate = 0.85;  // a hub cannot leave its checksums out
    lines[7].goal = 0.93;
  }
  return lines;
}

contest link_contest(const keyed_input& input, std::uint64_t rows, std::size_t batch_rows) {
  const auto expected = keyed_answer(input, rows);
  SLUICE_ASSERT(expected, "the answer of every size is listed");
  return {.name = to_string(input) + "/" + std::to_string(batch_rows),
          .expected = *expected,
          .lines = lines_of(to_string(input), batch_rows),
          .prepare = [=] {
            std::vector<contender> all;
            for (const link_way& way : link_ways()) {
              // A process is started once its way is asked for.
              all.push_back({way.name, [=, both = std::shared_ptr<linked_processes>{}]() mutable {
                               if (!both)
                                 both = std::make_shared<linked_processes>(
                                     way, link_rows{input, rows, batch_rows});
                               return both->run();
                             }});
            }
            return all;
          }};
}

// Rates, so the gate of a fifth of the time is five times the rate.
contest codec_contest(std::uint64_t rows) {
  return {
      .name = "codec",
      .expected = column_copy{full_batch}.expected(),
      .lines = {{.variant = "codec/" + std::to_string(full_batch) + "/without crc to copy",
                 .contender = "codec",
                 .bound = "copy",
                 .gate = 5,
                 .goal = 10,
                 .settings = settings_of(full_batch),
                 .judge_allocations = false}},
      .prepare = [=] {
        return std::vector<contender>{
            {"codec",
             [=, codec = std::make_shared<frame_codec>(full_batch)] { return codec->run(rows); }},
            {"copy",
             [=, copy = std::make_shared<column_copy>(full_batch)] { return copy->run(rows); }}};
      }};
}

std::vector<contest> links_of(size s) {
  const std::uint64_t rows = s == size::smoke  ? 1'000'000
                             : s == size::gate ? std::uint64_t{1} << 23
                                               : std::uint64_t{1} << 25;
  const keyed_input small{distribution::uniform, 1'000, key_kind::opaque};
  const keyed_input large{distribution::uniform, 100'000, key_kind::opaque};
  std::vector<contest> all;
  for (const std::size_t batch_rows : {1'024, 4'096, 8'192, 16'384, 65'536})
    all.push_back(link_contest(small, rows, batch_rows));
  all.push_back(link_contest(large, rows, full_batch));
  all.push_back(codec_contest(16 * rows));
  return all;
}

}  // namespace
}  // namespace sluice::bench

int main(int argc, char** argv) {
  using namespace sluice::bench;
  if (is_taking_process(argc, argv)) return taking_process(argc, argv);
  return run_program({.bench = "LK", .placement = placement::as_started, .contests = links_of},
                     argc, argv);
}

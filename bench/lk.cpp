// LK: the link. Rows of 24 bytes from a thread that makes them to one that counts and sums them by
// key: over two hubs with credit, checksums and sequence numbers, over ZeroMQ alone, over sockets
// alone; TCP and Unix sockets of this machine, plain and CURVE.

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <unistd.h>

#include "sluice/bench/harness/program.hpp"
#include "sluice/bench/hub_way.hpp"
#include "sluice/bench/inputs/keyed_answers.hpp"
#include "sluice/bench/link_bounds.hpp"
#include "sluice/records/assert.hpp"

namespace sluice::bench {
namespace {

constexpr std::size_t full_batch = 8192;

// For the sockets of one contest; gone with it.
class socket_folder {
 public:
  socket_folder() {
    std::string path = (std::filesystem::temp_directory_path() / "sluice-lk-XXXXXX").string();
    SLUICE_ASSERT(::mkdtemp(path.data()) != nullptr, "the temporary directory can be written to");
    path_ = path;
  }
  ~socket_folder() { std::filesystem::remove_all(path_); }
  socket_folder(const socket_folder&) = delete;
  socket_folder& operator=(const socket_folder&) = delete;

  std::string ipc(const std::string& name) const { return "ipc://" + path_ + "/" + name; }

 private:
  std::string path_;
};

json_object settings_of(std::size_t batch_rows) {
  const std::size_t window = std::max<std::size_t>(131'072, 4 * batch_rows);
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
                                line("raw unix", "raw tcp")};
  if (gated) {
    lines[0].gate = 0.55;
    lines[0].goal = 0.75;
    lines[1].gate = 0.80;
    lines[1].goal = 1.2;
  }
  return lines;
}

contest link_contest(const keyed_input& input, std::uint64_t rows, std::size_t batch_rows) {
  const auto expected = keyed_answer(input, rows);
  SLUICE_ASSERT(expected, "the answer of every size is listed");
  return {
      .name = to_string(input) + "/" + std::to_string(batch_rows),
      .expected = *expected,
      .lines = lines_of(to_string(input), batch_rows),
      .prepare = [=] {
        const auto work = std::make_shared<link_work>(input, rows, batch_rows);
        const auto folder = std::make_shared<socket_folder>();
        const std::string tcp = "tcp://127.0.0.1:0";
        std::vector<contender> all;
        const auto add = [&](const std::string& name, std::unique_ptr<link_way> made) {
          all.push_back({name, [work, folder, way = std::shared_ptr<link_way>(std::move(made))] {
                           return way->run(*work);
                         }});
        };
        const auto hubs = [&](const std::string& name, const std::string& data,
                              const std::string& control, bool curve) {
          add(name, hub_way({data, control, folder->ipc(name), curve, batch_rows}));
        };
        add("raw tcp", raw_tcp());
        add("raw unix", raw_unix());
        add("zeromq tcp", plain_zeromq(tcp, false, batch_rows));
        add("zeromq ipc", plain_zeromq(folder->ipc("plain"), false, batch_rows));
        add("zeromq tcp curve", plain_zeromq(tcp, true, batch_rows));
        hubs("tcp", tcp, tcp, false);
        hubs("ipc", folder->ipc("data"), folder->ipc("control"), false);
        hubs("tcp curve", tcp, tcp, true);
        return all;
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
  return all;
}

}  // namespace
}  // namespace sluice::bench

int main(int argc, char** argv) {
  return sluice::bench::run_program({.bench = "LK",
                                     .placement = sluice::bench::placement::as_started,
                                     .contests = sluice::bench::links_of},
                                    argc, argv);
}

// BS (b), called OI: what combining rows by key before a wire is worth. Rows of 24 bytes from one
// process to an aggregate in another, results back; in each batch of 8192 rows a share of the keys
// differs: with `batch.pre_aggregate` off, on and auto, over a Unix socket and over TCP.

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sluice/bench/graphs/scratch_folder.hpp"
#include "sluice/bench/harness/program.hpp"
#include "sluice/bench/harness/stopwatch.hpp"
#include "sluice/bench/inputs/checksum.hpp"
#include "sluice/bench/inputs/random.hpp"
#include "sluice/graph/cluster.hpp"
#include "sluice/graph/run.hpp"
#include "sluice/graph/settings.hpp"
#include "sluice/operators/run_status.hpp"
#include "sluice/sluice.hpp"

namespace sluice::bench {

/// A row of 24 bytes.
struct turn_row {
  std::uint64_t key;
  std::int64_t value;
  std::uint64_t number;  // from 0
};
SLUICE_RECORD(turn_row, key, value, number);

/// What an aggregate makes of the rows of a key.
struct turn_total {
  std::uint64_t key;
  std::uint64_t count;
  std::int64_t sum;
};
SLUICE_RECORD(turn_total, key, count, sum);

namespace {

constexpr std::size_t batch_rows = 8192;
constexpr double shares[] = {0.01, 0.1, 0.3, 0.5, 0.7, 0.8, 0.9, 1.0};
constexpr const char* ways[] = {"off", "on", "auto"};

// One run, as both processes know it.
struct wire_run {
  std::uint64_t keys = 0;  // that take turns: so many differ in a batch, if that has no more rows
  std::uint64_t rows = 0;
  std::string combine = "auto";
  std::string nodes;  // as `cluster.nodes` spells them
  std::string checkpoints;
};

turn_row row_of(std::uint64_t number, std::uint64_t keys) {
  return {mix(number % keys), static_cast<std::int64_t>(number & 0xffff), number};
}

// What is measured where the source and the sink are.
struct measured_end {
  std::optional<stopwatch> watch;
  keyed_sums sums;
};

class turn_reader final : public source_reader {
 public:
  turn_reader(const wire_run& how, std::shared_ptr<measured_end> end, const source_context& at)
      : how_(how), end_(std::move(end)), pool_(at.pool), rows_(at.bounds.rows) {
    if (!at.position.empty()) next_ = std::stoull(at.position);
  }

  result<read_batch> read() override {
    if (!end_->watch) end_->watch.emplace().start();
    const std::uint64_t n = std::min<std::uint64_t>(rows_, how_.rows - next_);
    auto made = std::make_shared<column_batch>(schema_of<turn_row>(), pool_, rows_);
    for (std::uint64_t i = 0; i < n; ++i) {
      const turn_row row = row_of(next_ + i, how_.keys);
      made->values<std::uint64_t>(0)[i] = row.key;
      made->values<std::int64_t>(1)[i] = row.value;
      made->values<std::uint64_t>(2)[i] = row.number;
    }
    made->resize(n);
    next_ += n;
    return read_batch{std::move(made), next_ == how_.rows ? read_state::end : read_state::more};
  }
  std::string position() const override { return std::to_string(next_); }

 private:
  wire_run how_;
  std::shared_ptr<measured_end> end_;
  buffer_pool pool_;
  std::size_t rows_;
  std::uint64_t next_ = 0;
};

struct turn_source {
  using record_type = turn_row;
  wire_run how;
  std::shared_ptr<measured_end> end;

  result<std::unique_ptr<source_reader>> open(const source_context& at) const {
    return std::make_unique<turn_reader>(how, end, at);
  }
  std::string describe() const { return "rows whose keys take turns"; }
  bool stays() const { return true; }
};

class total_writer final : public sink_writer {
 public:
  explicit total_writer(std::shared_ptr<measured_end> end) : end_(std::move(end)) {}

  result<void> write(const column_batch& totals) override {
    for (std::size_t i = 0; i < totals.size(); ++i)
      end_->sums.add(totals.values<std::uint64_t>(0)[i], totals.values<std::uint64_t>(1)[i],
                     totals.values<std::int64_t>(2)[i]);
    return {};
  }
  result<void> flush(epoch_id) override { return {}; }
  result<void> close() override {
    if (end_->watch) end_->watch->stop();
    return {};
  }

 private:
  std::shared_ptr<measured_end> end_;
};

struct total_sink {
  std::shared_ptr<measured_end> end;

  result<std::unique_ptr<sink_writer>> open(const sink_context&) const {
    return std::make_unique<total_writer>(end);
  }
  std::string describe() const { return "checksums"; }
  bool stays() const { return true; }
};

// Runs the part of `self`: source and sink in the first node, the aggregate in the other.
run_status run_node(const wire_run& how, const std::string& self,
                    const std::shared_ptr<measured_end>& end) {
  graph g{"keyed sum over a wire"};
  g.batch({.rows = batch_rows}).set("scheduler.threads", 1);
  g.set("batch.pre_aggregate", how.combine);
  g.source("rows", turn_source{how, end})
      .key_by(&turn_row::key)
      .aggregate<turn_total>("sum", count(), sum(&turn_row::value), emit::final)
      .sink("sums", total_sink{end});
  auto nodes = read_nodes(how.nodes);
  if (!nodes) throw std::runtime_error(nodes.failure().message);
  run_options options;
  options.checkpoints = how.checkpoints;
  options.most_restarts = 0;
  options.nodes = std::make_shared<cluster>(cluster{std::move(nodes).value(), self});
  const auto ended = run_graph(g, settings_in_code(g), options);
  if (!ended) throw std::runtime_error(ended.failure().message);
  return ended.value();
}

constexpr const char* other_node = "--other-node";

// This program again, as the other node (`run_other`); ended if it is not waited for.
class other_process {
 public:
  explicit other_process(const wire_run& how) {
    const std::string keys = std::to_string(how.keys), rows = std::to_string(how.rows);
    const pid_t parent = ::getpid();
    pid_ = ::fork();
    if (pid_ != 0) return;
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent) ::_exit(127);
    ::dup2(STDERR_FILENO, STDOUT_FILENO);  // stdout is for lines of results
    ::execl("/proc/self/exe", "bench_oi", other_node, keys.c_str(), rows.c_str(),
            how.combine.c_str(), how.nodes.c_str(), how.checkpoints.c_str(), nullptr);
    ::_exit(127);
  }
  ~other_process() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  other_process(const other_process&) = delete;
  other_process& operator=(const other_process&) = delete;

  // Waits for its end and returns what it took.
  rusage wait() {
    int left = 0;
    rusage used{};
    ::wait4(std::exchange(pid_, 0), &left, 0, &used);
    if (left != 0) throw std::runtime_error("the other node ended with " + std::to_string(left));
    return used;
  }

 private:
  pid_t pid_ = 0;
};

int run_other(char** words) {
  const wire_run how{std::stoull(words[0]), std::stoull(words[1]), words[2], words[3], words[4]};
  run_node(how, "b", std::make_shared<measured_end>());
  return 0;
}

// Four ports in a row that no run before this one had, as a closed port is not free at once, and
// below those that the system gives to connections.
std::string tcp_nodes() {
  static std::uint16_t next = static_cast<std::uint16_t>(10'000 + ::getpid() % 2'500 * 8);
  next = static_cast<std::uint16_t>(next + 4);
  const auto at = [](std::uint16_t port) { return "tcp://127.0.0.1:" + std::to_string(port); };
  return "a=" + at(next) + ",b=" + at(static_cast<std::uint16_t>(next + 2));
}

double cpu_of(const rusage& used) {
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
  };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

struct wire_outcome {
  outcome run;
  std::uint64_t sent = 0;  // rows that crossed
};

wire_outcome run_over(bool tcp, wire_run how) {
  const scratch_folder folder;
  how.nodes = tcp ? tcp_nodes() : "a=ipc://" + folder.path() + "/a,b=ipc://" + folder.path() + "/b";
  how.checkpoints = folder.path() + "/checkpoints";
  std::filesystem::create_directory(how.checkpoints);
  const auto end = std::make_shared<measured_end>();
  other_process other{how};
  wire_outcome made;
  const run_status status = run_node(how, "a", end);
  if (!status.finished) throw std::runtime_error(status.failure);
  const rusage used = other.wait();
  made.run = {.rows = how.rows,
              .result = end->sums.result(),
              .wall_s = end->watch->wall_s(),
              .cpu_s = end->watch->cpu_s() + cpu_of(used),
              .allocations = 0};
  for (const auto& one : status.instances) {
    made.sent += one.work.wire.rows_out;
    if (one.stage == "rows/batcher" && one.work.wire.rows_in == 0) made.sent += one.work.rows_out;
  }
  return made;
}

answer expected_of(std::uint64_t keys, std::uint64_t rows) {
  std::vector<turn_total> totals(keys);
  for (std::uint64_t i = 0; i < rows; ++i) {
    turn_total& of = totals[i % keys];
    const turn_row row = row_of(i, keys);
    of = {row.key, of.count + 1, of.sum + row.value};
  }
  keyed_sums sums;
  for (const turn_total& of : totals) sums.add(of.key, of.count, of.sum);
  return sums.result();
}

trial sweep_point(bool tcp, double share, std::uint64_t rows) {
  char digits[8];
  std::snprintf(digits, sizeof digits, "%.2f", share);
  const auto keys = static_cast<std::uint64_t>(share * batch_rows);
  trial point;
  point.variant = std::string(tcp ? "tcp" : "ipc") + "/24 bytes/O/I " + digits;
  point.limits = {{.measure = "auto to better of off and on", .gate = 0.85, .goal = 0.95},
                  {.measure = "off rows_per_s"},
                  {.measure = "on rows_per_s"},
                  {.measure = "auto rows_per_s"}};
  point.guarantee = "checkpoints";
  point.interval_ms = static_cast<std::uint64_t>(settings{}.latency().count());
  point.settings = json_object{}
                       .add("batch.rows", batch_rows)
                       .add("keys", keys)
                       .add("processes", std::size_t{2})
                       .add("threads", std::size_t{1});
  point.run = [=] {
    const answer expected = expected_of(keys, rows);
    trial_outcome made;
    made.right = true;
    std::vector<double> rate;
    for (const char* combine : ways) {
      const wire_outcome one = run_over(tcp, {keys, rows, combine, {}, {}});
      made.right = made.right && one.run.result == expected;
      rate.push_back(static_cast<double>(rows) / one.run.wall_s);
      made.more.add(std::string(combine) + "_rows_on_the_wire", one.sent);
      made.more.add(std::string(combine) + "_cpu_s", one.run.cpu_s);
      made.run = one.run;
    }
    made.figures = {rate[2] / std::max(rate[0], rate[1]), rate[0], rate[1], rate[2]};
    return made;
  };
  return point;
}

std::vector<trial> sweep(size s) {
  const std::uint64_t rows = s == size::smoke  ? 200'000
                             : s == size::gate ? std::uint64_t{1} << 22
                                               : std::uint64_t{1} << 25;
  std::vector<trial> all;
  for (const bool tcp : {false, true})
    for (const double share : shares) all.push_back(sweep_point(tcp, share, rows));
  return all;
}

}  // namespace
}  // namespace sluice::bench

int main(int argc, char** argv) {
  using namespace sluice::bench;
  if (argc == 7 && std::string{argv[1]} == other_node) return run_other(argv + 2);
  return run_program(
      {.bench = "OI", .placement = placement::as_started, .contests = {}, .trials = sweep}, argc,
      argv);
}

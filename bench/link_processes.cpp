#include "sluice/bench/link_processes.hpp"

#include <array>
#include <cinttypes>
#include <csignal>
#include <cstdio>
#include <stdexcept>
#include <string_view>
#include <vector>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sluice/bench/harness/stopwatch.hpp"
#include "sluice/bench/graphs/scratch_folder.hpp"
#include "sluice/graph/run_nodes.hpp"
#include "sluice/links/curve_keys.hpp"

extern char** environ;

namespace sluice::bench {
namespace {

// The two processes talk in lines: the taker says its address; then for every run one is told its
// number, says that it has begun, and in the end what came.
constexpr std::string_view verb = "taking";
constexpr const char* began = "began\n";
constexpr const char* took = "took %" SCNu64 " %" SCNx64 " %" SCNx64 " %lf\n";

using line = std::array<char, 1024>;

double cpu_s() { return std::chrono::duration<double>(process_cpu_time()).count(); }

}  // namespace

struct linked_processes::contents {
  explicit contents(const link_rows& what) : work(what.input, what.rows, what.batch_rows) {}

  link_work work;
  scratch_folder folder;
  std::FILE* to = nullptr;    // the other process …
  std::FILE* from = nullptr;  // … and what it says
  pid_t pid = -1;
  std::unique_ptr<link_maker> maker;
  std::uint64_t runs = 0;

  void listen(line& heard) const {
    if (!std::fgets(heard.data(), heard.size(), from))
      throw std::runtime_error("the process at the other end of the link is gone");
  }
  void start(std::vector<std::string> words);
};

void linked_processes::contents::start(std::vector<std::string> words) {
  std::array<int, 2> down{}, up{};
  if (::pipe2(down.data(), O_CLOEXEC) != 0 || ::pipe2(up.data(), O_CLOEXEC) != 0)
    throw std::runtime_error("no pipe to another process");
  std::vector<char*> arguments;
  for (auto& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_adddup2(&files, down[0], STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&files, up[1], STDOUT_FILENO);
  const int wrong =
      ::posix_spawn(&pid, "/proc/self/exe", &files, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&files);
  ::close(down[0]);
  ::close(up[1]);
  to = ::fdopen(down[1], "w");
  from = ::fdopen(up[0], "r");
  if (wrong != 0 || !to || !from) throw std::runtime_error("no process for the end of a link");
}

linked_processes::linked_processes(const link_way& way, const link_rows& what)
    : all_(std::make_unique<contents>(what)) {
  link_place at{.folder = all_->folder.path(), .batch_rows = what.batch_rows};
  if (way.curve) at.maker = new_key_pair(), at.taker = new_key_pair();
  const auto number = [](std::uint64_t n) { return std::to_string(n); };
  all_->start({"bench", std::string{verb}, way.name, number(what.input.keys), number(what.rows),
               number(what.batch_rows), at.folder, number(static_cast<std::uint64_t>(::getpid())),
               at.maker.public_key, at.taker.public_key, at.taker.secret_key});
  line address{};
  all_->listen(address);
  std::string_view said{address.data()};
  said.remove_suffix(1);
  all_->maker = make_maker(way, at, std::string{said});
}

// A taker that waits for another run sees the end of its input.
linked_processes::~linked_processes() {
  if (all_->to) std::fclose(all_->to);
  all_->maker.reset();
  if (all_->from) std::fclose(all_->from);
  if (all_->pid > 0) ::waitpid(all_->pid, nullptr, 0);
}

outcome linked_processes::run() {
  const std::uint64_t number = ++all_->runs;
  std::fprintf(all_->to, "%" PRIu64 "\n", number);
  std::fflush(all_->to);
  line heard{};
  all_->listen(heard);
  if (std::string_view{heard.data()} != began) throw std::runtime_error("the taker did not begin");
  all_->maker->begin(number);

  outcome out{.rows = all_->work.rows()};
  const double cpu = cpu_s();
  stopwatch watch;
  watch.start();
  for (std::uint64_t b = 0; b < all_->work.batches(); ++b) all_->maker->make(all_->work, b);
  all_->listen(heard);
  watch.stop();
  out.wall_s = watch.wall_s();
  out.allocations = watch.allocated();
  std::uint64_t count = 0, sum = 0;
  double others = 0;
  if (std::sscanf(heard.data(), took, &out.result.rows, &count, &sum, &others) != 4)
    throw std::runtime_error("the taker did not say what came");
  out.result.sums = {{"count", count}, {"sum", sum}};
  out.cpu_s = cpu_s() - cpu + others;
  return out;
}

bool is_taking_process(int argc, char** argv) { return argc == 11 && argv[1] == verb; }

int taking_process(int, char** argv) {
  const auto number = [&](int i) { return std::stoull(argv[i]); };
  if (!end_with_parent(static_cast<std::int64_t>(number(7)))) return 1;
  const link_way& way = link_way_named(argv[2]);
  const link_place at{.folder = argv[6],
                      .batch_rows = number(5),
                      .maker = {argv[8], {}},
                      .taker = {argv[9], argv[10]}};
  link_work work{{distribution::uniform, number(3), key_kind::opaque}, number(4), at.batch_rows};
  const auto taker = make_taker(way, at);
  std::printf("%s\n", taker->address().c_str());
  std::fflush(stdout);
  line heard{};
  while (std::fgets(heard.data(), heard.size(), stdin)) {
    std::fputs(began, stdout);
    std::fflush(stdout);
    taker->begin(std::stoull(heard.data()));
    const double cpu = cpu_s();
    for (std::uint64_t b = 0; b < work.batches(); ++b) taker->take(work, b);
    const double used = cpu_s() - cpu;
    const answer sums = work.result();
    const auto sum = [&](std::size_t i) { return i < sums.sums.size() ? sums.sums[i].second : 0; };
    std::printf("took %" PRIu64 " %" PRIx64 " %" PRIx64 " %f\n", sums.rows, sum(0), sum(1), used);
    std::fflush(stdout);
  }
  return 0;
}

}  // namespace sluice::bench

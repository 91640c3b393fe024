#include "sluice/graph/node_children.hpp"

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <string_view>
#include <thread>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sluice/graph/cluster.hpp"

extern char** environ;

namespace sluice {

namespace {

constexpr std::chrono::milliseconds patience{2'000}, look_every{10};

// What `waitpid` says, for people.
std::string how_it_ended(int status) {
  return WIFSIGNALED(status) ? "was ended by signal " + std::to_string(WTERMSIG(status))
                             : "ended with exit code " + std::to_string(WEXITSTATUS(status));
}

// The run's own number of nodes, and its standard input, are not for the others.
std::vector<char*> environment_of_child() {
  std::vector<char*> kept;
  for (char** one = environ; *one; ++one)
    if (!std::string_view{*one}.starts_with("SLUICE_NODES=")) kept.push_back(*one);
  kept.push_back(nullptr);
  return kept;
}

}  // namespace

node_children::node_children(std::vector<std::string> command, run_folder folder, std::size_t nodes)
    : command_(std::move(command)),
      folder_(std::move(folder)),
      nodes_(local_nodes(nodes, folder_.path())) {
  for (std::size_t i = 1; i < nodes_.size(); ++i) children_.emplace_back(nodes_[i].node, -1);
}

node_children::~node_children() { let_go(); }

result<void> node_children::start() {
  for (auto& [node, pid] : children_) {
    auto started = spawn(node);
    if (!started) return started.failure();
    pid = started.value();
  }
  return {};
}

result<pid_t> node_children::spawn(const std::string& node) const {
  std::vector<std::string> words = command_;
  for (const std::string& word :
       {std::string{"--name"}, node, std::string{"--cluster"}, nodes_text(nodes_),
        std::string{"--parent"}, std::to_string(::getpid())})
    words.push_back(word);
  std::vector<char*> arguments;
  for (auto& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  auto environment = environment_of_child();

  // A group of its own: Ctrl-C is for this process, which tells the others.
  posix_spawnattr_t how;
  posix_spawnattr_init(&how);
  posix_spawnattr_setpgroup(&how, 0);
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_setsigmask(&how, &none);
  posix_spawnattr_setflags(&how, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK);
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  pid_t pid = -1;
  const int wrong =
      ::posix_spawn(&pid, "/proc/self/exe", &files, &how, arguments.data(), environment.data());
  posix_spawn_file_actions_destroy(&files);
  posix_spawnattr_destroy(&how);
  if (wrong != 0)
    return error{error_code::failed, node + " cannot be started: " + std::strerror(wrong)};
  return pid;
}

std::vector<std::pair<std::string, std::string>> node_children::tend() {
  std::vector<std::pair<std::string, std::string>> ended;
  for (auto& [node, pid] : children_) {
    int status = 0;
    if (pid < 0 || ::waitpid(pid, &status, WNOHANG) != pid) continue;
    ended.emplace_back(node, how_it_ended(status));
    pid = -1;
    if (!WIFSIGNALED(status)) continue;
    if (auto again = spawn(node))
      pid = again.value();
    else
      ended.back().second += "; " + again.failure().message;
  }
  return ended;
}

void node_children::end(const std::string& node) {
  for (const auto& [name, pid] : children_)
    if (name == node && pid > 0) ::kill(pid, SIGKILL);
}

void node_children::let_go() {
  const auto until = std::chrono::steady_clock::now() + patience;
  for (auto& [node, pid] : children_) {
    int status = 0;
    while (pid > 0 && ::waitpid(pid, &status, WNOHANG) == 0) {
      if (std::chrono::steady_clock::now() > until) ::kill(pid, SIGKILL);
      std::this_thread::sleep_for(look_every);
    }
    pid = -1;
  }
}

}  // namespace sluice

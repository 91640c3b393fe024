#include "sluice/tests/support/child_process.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace sluice {

namespace {

constexpr int deadline_passed = -1000;

struct two_ends {
  int ours = -1;
  int theirs = -1;
};

two_ends make_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  return {ends[0], ends[1]};
}

two_ends make_terminal() {
  const int ours = ::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (ours < 0 || ::grantpt(ours) != 0 || ::unlockpt(ours) != 0)
    throw std::runtime_error("no terminal");
  return {ours, ::open(::ptsname(ours), O_RDWR | O_NOCTTY | O_CLOEXEC)};
}

std::vector<std::string> environment_of(const child_options& options) {
  std::vector<std::string> all = options.environment;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry)
    if (!std::string_view{*entry}.starts_with("SLUICE_")) all.emplace_back(*entry);
  return all;
}

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (auto& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

}  // namespace

child_process::child_process(std::vector<std::string> command, const child_options& options)
    : deadline_(std::chrono::steady_clock::now() + options.deadline) {
  const two_ends out = make_pipe();
  const two_ends err = options.stderr_is_terminal ? make_terminal() : make_pipe();
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, out.theirs, 1);
  posix_spawn_file_actions_adddup2(&actions, err.theirs, 2);
  if (!options.folder.empty())
    posix_spawn_file_actions_addchdir_np(&actions, options.folder.c_str());
  auto environment = environment_of(options);
  const int failed = ::posix_spawn(&pid_, command.front().c_str(), &actions, nullptr,
                                   pointers_to(command).data(), pointers_to(environment).data());
  posix_spawn_file_actions_destroy(&actions);
  ::close(out.theirs);
  // A terminal that nobody holds any more forgets what it had still to hand over.
  if (options.stderr_is_terminal)
    terminal_ = err.theirs;
  else
    ::close(err.theirs);
  out_.descriptor = out.ours;
  err_.descriptor = err.ours;
  if (failed != 0) throw std::runtime_error("cannot start " + command.front());
}

child_process::~child_process() {
  if (!reaped_) {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  for (const int descriptor : {out_.descriptor, err_.descriptor, terminal_})
    if (descriptor >= 0) ::close(descriptor);
}

// Waits for more output of either stream; false once both have ended or the deadline has passed.
bool child_process::read_more() {
  std::array<pollfd, 2> waiting{pollfd{out_.descriptor, POLLIN, 0},
                                pollfd{err_.descriptor, POLLIN, 0}};
  if (out_.descriptor < 0 && err_.descriptor < 0) return false;
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
      deadline_ - std::chrono::steady_clock::now());
  if (left.count() <= 0) return false;
  const int ready = ::poll(waiting.data(), waiting.size(), static_cast<int>(left.count()));
  if (ready < 0) return errno == EINTR;
  for (std::size_t i = 0; i < waiting.size(); ++i) {
    if (waiting[i].revents == 0) continue;
    stream& from = i == 0 ? out_ : err_;
    std::array<char, 65536> room{};
    const auto n = ::read(from.descriptor, room.data(), room.size());
    if (n > 0) {
      from.text.append(room.data(), static_cast<std::size_t>(n));
    } else if (n == 0 || errno != EINTR) {
      ::close(from.descriptor);
      from.descriptor = -1;
    }
  }
  return true;
}

bool child_process::wait_for(const stream& in, std::string_view text) {
  while (in.text.find(text) == std::string::npos)
    if (!read_more()) return in.text.find(text) != std::string::npos;
  return true;
}

bool child_process::prints(std::string_view text) { return wait_for(out_, text); }
bool child_process::says(std::string_view text) { return wait_for(err_, text); }

void child_process::send(int signal_number) const { ::kill(pid_, signal_number); }

int child_process::wait() {
  if (reaped_) return exit_code_;
  const auto open = [this] {
    return out_.descriptor >= 0 || (err_.descriptor >= 0 && terminal_ < 0);
  };
  while (open() && read_more()) {
  }
  const bool late = open();
  if (late) ::kill(pid_, SIGKILL);
  int status = 0;
  while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  reaped_ = true;
  exit_code_ = late                  ? deadline_passed
               : WIFSIGNALED(status) ? -WTERMSIG(status)
                                     : WEXITSTATUS(status);
  return exit_code_;
}

finished_child run_child(std::vector<std::string> command, const child_options& options) {
  child_process child{std::move(command), options};
  const int exit_code = child.wait();
  return {exit_code, child.out(), child.err()};
}

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

scratch_folder::scratch_folder() {
  std::string made = (std::filesystem::temp_directory_path() / "sluice-test-XXXXXX").string();
  if (::mkdtemp(made.data()) == nullptr) throw std::runtime_error("no scratch folder");
  path_ = made;
}
scratch_folder::~scratch_folder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string scratch_folder::file(std::string_view name) const {
  return path_ + "/" + std::string{name};
}
std::string scratch_folder::write(std::string_view name, std::string_view content) const {
  std::ofstream{file(name), std::ios::binary} << content;
  return file(name);
}
std::string scratch_folder::read(std::string_view name) const {
  std::ostringstream text;
  text << std::ifstream{file(name), std::ios::binary}.rdbuf();
  return text.str();
}
bool scratch_folder::has(std::string_view name) const {
  return std::filesystem::exists(file(name));
}

}  // namespace sluice

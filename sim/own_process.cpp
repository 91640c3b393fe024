#include "sluice/sim/own_process.hpp"

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>

namespace sluice::sim {

namespace {

// The parent reads until the end of the pipe, so a child that ends early is noticed too.
[[noreturn]] void be_child(const std::function<std::string()>& work, int to, unsigned seconds) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  ::alarm(seconds);
  const std::string said = work();
  for (std::size_t at = 0; at < said.size();) {
    const ssize_t wrote = ::write(to, said.data() + at, said.size() - at);
    if (wrote < 0 && errno != EINTR) ::_exit(1);
    if (wrote > 0) at += static_cast<std::size_t>(wrote);
  }
  std::fflush(nullptr);
  ::_exit(0);
}

error ended_badly(int status, unsigned seconds) {
  if (WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM)
    return {error_code::failed, "it took longer than " + std::to_string(seconds) + " s"};
  if (WIFSIGNALED(status))
    return {error_code::failed,
            std::string{"the process was ended: "} + ::strsignal(WTERMSIG(status))};
  return {error_code::failed,
          "the process ended with exit code " + std::to_string(WEXITSTATUS(status))};
}

}  // namespace

result<std::string> in_own_process(const std::function<std::string()>& work, unsigned seconds) {
  int ends[2];
  if (::pipe(ends) != 0)
    return error{error_code::failed, std::string{"cannot make a pipe: "} + std::strerror(errno)};
  std::fflush(nullptr);  // or the child writes it again
  const pid_t child = ::fork();
  if (child == 0) {
    ::close(ends[0]);
    be_child(work, ends[1], seconds);
  }
  ::close(ends[1]);
  std::string said;
  char part[4096];
  for (ssize_t got = 1; child > 0 && got != 0;) {
    got = ::read(ends[0], part, sizeof part);
    if (got < 0 && errno != EINTR) break;
    if (got > 0) said.append(part, static_cast<std::size_t>(got));
  }
  ::close(ends[0]);
  if (child < 0)
    return error{error_code::failed, std::string{"cannot make a process: "} + std::strerror(errno)};
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) continue;
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return said;
  return ended_badly(status, seconds);
}

}  // namespace sluice::sim

#include "sluice/sim/reproduction.hpp"

#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstring>

namespace sluice::sim {

namespace {

// A signal handler has nothing but what stands ready.
char line_of_this_run[256];
void (*handler_before)(int) = SIG_DFL;

void print_line(int signal) {
  static_cast<void>(!::write(STDERR_FILENO, line_of_this_run, std::strlen(line_of_this_run)));
  static_cast<void>(!::write(STDERR_FILENO, "\n", 1));
  std::signal(signal, handler_before);
  std::raise(signal);
}

}  // namespace

reproduction::reproduction(const std::string& scenario, std::uint64_t seed) {
  std::snprintf(line_of_this_run, sizeof line_of_this_run, "reproduce: SLUICE_SEED=%llu, %s",
                static_cast<unsigned long long>(seed), scenario.c_str());
  handler_before = std::signal(SIGABRT, print_line);
}

reproduction::~reproduction() { std::signal(SIGABRT, handler_before); }

std::string reproduction::text() const { return line_of_this_run; }

}  // namespace sluice::sim

#include "sluice/graph/run_interruption.hpp"

#include <algorithm>
#include <atomic>

namespace sluice {

namespace {

// A signal handler reaches nothing but what has static storage.
std::atomic<int> asked{0};
static_assert(std::atomic<int>::is_always_lock_free, "the handler may only use what never locks");

extern "C" void count_signal(int number) {
  if (asked.fetch_add(1) >= 1) std::signal(number, SIG_DFL);
}

}  // namespace

interruption::interruption() {
  asked = 0;
  struct sigaction counting {};
  counting.sa_handler = count_signal;
  sigemptyset(&counting.sa_mask);
  counting.sa_flags = SA_RESTART;
  sigaction(SIGINT, &counting, &before_int_);
  sigaction(SIGTERM, &counting, &before_term_);
}

interruption::~interruption() {
  sigaction(SIGINT, &before_int_, nullptr);
  sigaction(SIGTERM, &before_term_, nullptr);
}

int interruption::level() const { return std::min(asked.load(), 2); }

}  // namespace sluice

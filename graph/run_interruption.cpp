#include "sluice/graph/run_interruption.hpp"

#include <algorithm>
#include <atomic>
#include <string_view>

#include <unistd.h>

namespace sluice {

namespace {

// A signal handler reaches nothing but what has static storage.
std::atomic<int> asked{0};
std::atomic<int> first_signal{0};
static_assert(std::atomic<int>::is_always_lock_free, "the handler may only use what never locks");

// An abort takes as long as the batches in work; a person waits no longer than this.
constexpr unsigned seconds_to_abort = 2;

extern "C" void give_up(int) {
  constexpr std::string_view last_words = "aborted: what was under way is lost\n";
  static_cast<void>(::write(STDERR_FILENO, last_words.data(), last_words.size()) < 0);
  ::_exit(130);
}

extern "C" void count_signal(int number) {
  int nobody = 0;
  first_signal.compare_exchange_strong(nobody, number);
  if (asked.fetch_add(1) == 0) return;
  std::signal(number, SIG_DFL);
  std::signal(SIGALRM, give_up);
  ::alarm(seconds_to_abort);
}

}  // namespace

interruption::interruption() {
  asked = 0;
  first_signal = 0;
  struct sigaction counting {};
  counting.sa_handler = count_signal;
  sigemptyset(&counting.sa_mask);
  counting.sa_flags = SA_RESTART;
  sigaction(SIGINT, &counting, &before_int_);
  sigaction(SIGTERM, &counting, &before_term_);
  sigaction(SIGALRM, nullptr, &before_alarm_);
}

interruption::~interruption() {
  sigaction(SIGINT, &before_int_, nullptr);
  sigaction(SIGTERM, &before_term_, nullptr);
  ::alarm(0);
  sigaction(SIGALRM, &before_alarm_, nullptr);
}

int interruption::level() const {
  constexpr int drain = 1, abort_now = 2, keep = 3;
  switch (asked.load()) {
    case 0:
      return 0;
    case 1:
      return first_signal == SIGTERM ? keep : drain;
    default:
      return abort_now;
  }
}

}  // namespace sluice

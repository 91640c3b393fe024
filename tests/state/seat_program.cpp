// A candidate for the seat of a coordinator: `seat_program STORE NAME`. Prints `taken` when it has
// the seat, `lost` when it has lost it, and ends; on SIGTERM it gives the seat up.

#include <chrono>
#include <csignal>
#include <cstdio>

#include <unistd.h>

#include "sluice/state/open_meta_store.hpp"

namespace {

std::chrono::milliseconds now() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::steady_clock::now().time_since_epoch());
}

void say(const char* word) {
  std::puts(word);
  std::fflush(stdout);
}

// Waits for SIGTERM, a little; false if it comes.
bool goes_on(const sigset_t& stop) {
  const timespec little{0, 50'000'000};
  return ::sigtimedwait(&stop, nullptr, &little) != SIGTERM;
}

}  // namespace

int main(int, char** argv) {
  sigset_t stop;
  ::sigemptyset(&stop);
  ::sigaddset(&stop, SIGTERM);
  ::sigprocmask(SIG_BLOCK, &stop, nullptr);
  const auto seat = sluice::open_coordinator_seat(argv[1]).value();
  const sluice::seat_holder me{argv[2], {{0, static_cast<std::uint64_t>(::getpid())}}, {}};
  const auto takes = [&] {
    const auto taken = seat->try_take(me, now());
    return taken && taken.value();
  };
  if (!takes()) {
    say("waiting");
    do {
      if (!goes_on(stop)) return 0;
    } while (!takes());
  }
  say("taken");
  while (goes_on(stop)) {
    if (seat->keep(now()) && seat->held(now())) continue;
    say("lost");
    return 3;
  }
  seat->give_up();
  return 0;
}

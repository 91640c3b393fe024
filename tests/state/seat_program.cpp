// A candidate for the seat of a coordinator: `seat_program STORE NAME`. Prints `taken` when it has
// the seat, `lost` when it has lost it, and ends; on SIGTERM it gives the seat up.

#include <csignal>
#include <cstdio>
#include <thread>

#include <unistd.h>

#include "sluice/state/open_meta_store.hpp"

namespace {

volatile std::sig_atomic_t stopping = 0;

std::chrono::milliseconds now() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::steady_clock::now().time_since_epoch());
}

void say(const char* word) {
  std::puts(word);
  std::fflush(stdout);
}

}  // namespace

int main(int, char** argv) {
  using namespace std::chrono_literals;
  std::signal(SIGTERM, [](int) { stopping = 1; });
  const auto seat = sluice::open_coordinator_seat(argv[1]).value();
  const sluice::seat_holder me{argv[2], {{0, static_cast<std::uint64_t>(::getpid())}}, {}};
  for (bool waited = false; stopping == 0; waited = true) {
    const auto taken = seat->try_take(me, now());
    if (taken && taken.value()) break;
    if (!waited) say("waiting");
    std::this_thread::sleep_for(50ms);
  }
  say("taken");
  while (stopping == 0) {
    if (!seat->keep(now()) || !seat->held(now())) {
      say("lost");
      return 3;
    }
    std::this_thread::sleep_for(50ms);
  }
  seat->give_up();
  return 0;
}

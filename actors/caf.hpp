#pragma once

// The seam between the actors and CAF: everything the project says to CAF in one spelling, so that
// another version of it is a change of this file. Included by actors/, graph/run and sim/ only.

#include <caf/all.hpp>

#include <chrono>
#include <cstddef>
#include <utility>

namespace sluice::seam {

/// Sends at normal priority: in order with everything sent before to the same actor.
template <class... M>
void tell(caf::event_based_actor* self, const caf::actor& to, M&&... message) {
  self->send(to, std::forward<M>(message)...);
}

template <class M>
void tell_after(caf::event_based_actor* self, std::chrono::nanoseconds delay, const caf::actor& to,
                M&& message) {
  self->delayed_send(to, delay, std::forward<M>(message));
}

/// Time as the actor's timers see it; virtual in simulations.
inline caf::actor_clock::time_point now(caf::event_based_actor* self) {
  return self->clock().now();
}

/// Sends at a moment, or at once if it has passed.
template <class M>
void tell_at(caf::event_based_actor* self, caf::actor_clock::time_point when, const caf::actor& to,
             M&& message) {
  self->scheduled_send(to, when, std::forward<M>(message));
}

/// Sends from outside any actor.
template <class M>
void post(const caf::actor& to, M&& message) {
  caf::anon_send(to, std::forward<M>(message));
}

inline void end(const caf::actor& who) {
  caf::anon_send_exit(who, caf::exit_reason::user_shutdown);
}

/// One queue of actors that are ready, first come, first served, so that a batch is used up while
/// it is in the cache (docs/decisions/scheduling.md); workers with nothing to do sleep.
inline void configure(caf::actor_system_config& to, std::size_t threads,
                      std::size_t messages_a_turn) {
  to.set("scheduler.max-threads", threads);
  to.set("scheduler.max-throughput", messages_a_turn);
  to.set("scheduler.policy", caf::atom("sharing"));
}

/// Runs jobs only when stepped, in virtual time.
inline void configure_stepped(caf::actor_system_config& to) {
  to.set("scheduler.policy", caf::atom("testing"));
}

}  // namespace sluice::seam

#include "sluice/state/coordinator_lease.hpp"

namespace sluice {

coordinator_lease::action coordinator_lease::at(instant now) {
  lost_ = !held(now);
  if (lost_) return action::stop;
  return now < next_ ? action::none : action::renew;
}

void coordinator_lease::renewed(instant asked, std::chrono::milliseconds lives) {
  if (lost_ || asked < asked_) return;
  asked_ = asked;
  lives_ = lives;
  next_ = asked + lives / 4;
}

}  // namespace sluice

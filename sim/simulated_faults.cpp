// What happens to a simulated cluster.
#include <algorithm>

#include "sluice/sim/simulated_cluster.hpp"

namespace sluice::sim {

void simulated_cluster::fault() {
  next_fault_ = random_.one_of<std::uint64_t>({40, 400, 4'000, 4'000});
  next_fault_ = random_.below(next_fault_);
  const std::uint64_t what = random_.below(100);
  simulated_node& n = nodes_[random_.below(nodes_.size())];
  simulated_node& other = nodes_[random_.below(nodes_.size())];
  const cluster_faults& may = options_.faults;
  if (options_.two_coordinators) {
    simulated_node& first = nodes_.front();
    if (first.process && !first.process->paused(now_)) pause(first);
    return;
  }
  if (what < 40) {
    if (may.kills && n.process) kill(n, random_.once_in(3));
  } else if (what < 60) {
    if (may.pauses && n.process && !n.process->paused(now_)) pause(n);
  } else if (what < 75) {
    if (may.partitions && &n != &other) partition(n, other);
  } else if (what < 93) {
    if (may.resets && &n != &other) reset(n, other);
  } else if (may.power) {
    disk_.fail_power_after(random_.below(40));
    --faults_left_;
  }
}

void simulated_cluster::counted(const char* kind, const std::string& what) {
  if (faults_left_ > 0) --faults_left_;
  ++all_.faults;
  ++all_.by_kind[kind];
  say(what);
}

void simulated_cluster::kill(simulated_node& n, bool silently) {
  counted("kill", "kill " + n.name + (silently ? " silently" : ""));
  gone(n, silently);
  look_due_ = true;
}

std::chrono::milliseconds simulated_cluster::drawn_time() {
  return milliseconds(random_.below(random_.one_of<std::uint64_t>({200, 1'000, 3'000, 9'000})) + 1);
}

void simulated_cluster::pause(simulated_node& n) {
  const milliseconds time = drawn_time();
  counted("pause", "pause " + n.name + " for " + std::to_string(time.count()) + " ms");
  trouble_until_ = std::max(trouble_until_, now_ + time);
  n.process->pause(now_ + time);
  isolate(n, time);
  // A store that one process has locked lets no other in.
  if ((&n == &nodes_.front() && locked_store_) ||
      (!options_.two_coordinators && !random_.once_in(2)))
    return;
  ++all_.zombies;
  ++all_.faults;
  say("another takes the place of " + n.name);
  n.start_at = now_ + milliseconds(random_.below(static_cast<std::uint64_t>(time.count()) + 200));
  n.former.push_back(std::move(n.process));
  if (&n != &nodes_.front()) known_ends_.emplace_back(n.name, "has ended");
}

void simulated_cluster::isolate(simulated_node& n, milliseconds time) {
  for (auto& other : nodes_)
    if (&other != &n) {
      network_.block(n.name, other.name, now_ + time);
      network_.block(other.name, n.name, now_ + time);
    }
}

void simulated_cluster::partition(simulated_node& n, simulated_node& other) {
  const milliseconds time = drawn_time();
  trouble_until_ = std::max(trouble_until_, now_ + time);
  if (random_.once_in(3)) {
    counted("partition", "cut off " + n.name + " for " + std::to_string(time.count()) + " ms");
    return isolate(n, time);
  }
  const bool both = random_.once_in(2);
  counted("partition", n.name + (both ? " and " : " to ") + other.name + " are apart for " +
                           std::to_string(time.count()) + " ms");
  network_.block(n.name, other.name, now_ + time);
  if (both) network_.block(other.name, n.name, now_ + time);
}

void simulated_cluster::reset(simulated_node& n, simulated_node& other) {
  ++all_.resets;
  ++all_.by_kind["reset"];
  if (random_.once_in(3) && faults_left_ > 0) --faults_left_;
  say("reset between " + n.name + " and " + other.name);
  network_.reset(n.name, other.name);
}

void simulated_cluster::power_failure() {
  ++all_.faults;
  ++all_.by_kind["power"];
  say("the power fails");
  for (auto& n : nodes_) {
    n.former.clear();
    if (n.process) {
      gone(n, true);
    }
  }
  disk_.fail_power();
  known_ends_.clear();
  checks_.clear();
  // Everybody may come back with other settings.
  draw_plan();
  look_due_ = true;
}

}  // namespace sluice::sim

// What is looked at in a simulated cluster.
#include <algorithm>
#include <cstdio>
#include <string_view>

#include "sluice/actors/source_snapshot.hpp"
#include "sluice/sim/simulated_cluster.hpp"
#include "sluice/state/checkpoint_store.hpp"
#include "sluice/state/file_meta_store.hpp"

namespace sluice::sim {

namespace {

std::uint64_t mixed(std::uint64_t hash, std::uint64_t value) {
  hash = (hash ^ value) * 0x9E3779B97F4A7C15u;
  return hash ^ (hash >> 29);
}

}  // namespace

void simulated_cluster::begun(const sim_process_name& who, const deployment& part) {
  const generation_id g = part.durable->generation;
  std::string here;
  for (std::size_t i = 0; i < part.instances.size(); ++i) {
    if (!part.instances[i].node.empty()) continue;
    here += ' ' + part.instances[i].stage + '[' + std::to_string(part.instances[i].instance) + ']';
    if (!runs_.insert({{g, i}, who}).second)
      problem(part.instances[i].stage + " is begun twice in generation " + std::to_string(g.value));
  }
  say(who.node + " begins generation " + std::to_string(g.value) + ":" + here);
  all_.generations = std::max(all_.generations, g.value);
  const auto found = checks_.find(g);
  if (found != checks_.end()) return found->second.join(part);
  if (!checks_.empty() && g < checks_.rbegin()->first) return;  // long forgotten
  if (checks_.size() == 16) checks_.erase(checks_.begin());
  checks_.emplace(g, channel_checks{part});
  sources_.clear();
  for (const auto& one : part.instances) sources_.push_back(one.is_source);
}

void simulated_cluster::saw(generation_id g, std::size_t actor, traced kind, std::uint64_t detail) {
  hash_ =
      mixed(mixed(mixed(mixed(hash_, g.value), actor), static_cast<std::uint64_t>(kind)), detail);
  if (const auto found = checks_.find(g); found != checks_.end()) {
    found->second.saw(actor, kind, detail);
    moved_ = {g, actor};
  }
  if (options_.tells &&
      std::string_view("TXPuwCvAS|m").find(static_cast<char>(kind)) != std::string_view::npos)
    say("  " + std::to_string(actor) + ' ' + static_cast<char>(kind) + ' ' +
        std::to_string(kind == traced::marker_out || kind == traced::marker_in
                           ? traced_marker::of(detail).epoch.value
                           : detail));
  if (kind == traced::marker_out && actor < sources_.size() && sources_[actor]) {
    const auto m = traced_marker::of(detail);
    if (m.commit) watch_.opened(g, m.epoch);
  }
  if (options_.two_coordinators && kind == traced::answered && faults_left_ > 0 &&
      random_.once_in(6))
    next_fault_ = random_.below(6);
  // Much can go wrong between a decision and its commit, and while a generation begins.
  const bool moment = kind == traced::sealed || kind == traced::start || kind == traced::committed;
  if (moment && faults_left_ > 0 && random_.once_in(8))
    next_fault_ = std::min<std::uint64_t>(next_fault_, random_.below(40));
}

bool simulated_cluster::is_source(const std::string& stage) const {
  return std::any_of(g_.stages.begin(), g_.stages.end(), [&](const stage_node& node) {
    return node.kind == stage_kind::source && node.name == stage;
  });
}

void simulated_cluster::sealed(const manifest& m) {
  say("epoch " + std::to_string(m.epoch.value) + " of generation " +
      std::to_string(m.generation.value) + " is sealed");
  (all_.first_seal == 0 ? all_.first_seal : all_.second_seal) = steps_;
  checkpoint_store files{disk_.open()};
  for (const auto& one : m.instances)
    if (auto read = files.read(one); !read && !disk_.dark())
      problem("I4: sealed, and not there: " + read.failure().message);
  note_cut(m);
  if (options_.on_sealed && !disk_.dark())
    if (auto missing = options_.on_sealed(m); !missing.empty()) problem("I4: " + missing);
}

// A record that a failure of the power has interrupted may be whole: then nobody was told.
void simulated_cluster::note_cut(const manifest& m) {
  const auto behind = std::find_if(all_.cuts.begin(), all_.cuts.end(),
                                   [&](const sealed_cut& cut) { return cut.epoch >= m.epoch; });
  if (behind != all_.cuts.end() && behind->epoch == m.epoch) return;
  sealed_cut cut{m.epoch, {}};
  for (const auto& one : m.instances)
    if (is_source(one.stage))
      if (auto at = source_snapshot_of(one.state))
        cut.sources.push_back({one.stage, one.instance, at.value().rows, one.ended});
  all_.cuts.insert(behind, std::move(cut));
}

void simulated_cluster::check() {
  if (moved_) {
    const auto found = checks_.find(moved_->first);
    if (found != checks_.end()) {
      found->second.look(moved_->second);
      if (!found->second.problem().empty())
        problem("generation " + std::to_string(moved_->first.value) + ": " +
                found->second.problem());
    }
    moved_.reset();
  }
  if (!watch_.problem().empty()) problem(watch_.problem());
  for (auto& n : nodes_) {
    if (n.process && !n.process->hub().problem().empty()) problem(n.process->hub().problem());
    for (auto& old : n.former)
      if (!old->hub().problem().empty()) problem(old->hub().problem());
  }
  if (std::exchange(look_due_, false)) look(false);
}

void simulated_cluster::look(bool finished) {
  if (!options_.look || disk_.dark() || !problem_.empty()) return;
  const meta_truth now = truth();
  for (const manifest& m : now.sealed) note_cut(m);
  if (auto wrong = options_.look(now, closed_, finished); !wrong.empty()) problem(wrong);
}

meta_truth simulated_cluster::truth() {
  auto found =
      locked_store_ ? file_meta_store{disk_.open()}.load() : memory_meta_store{kept_}.load();
  if (!found) problem("the truth cannot be read: " + found.failure().message);
  return found && found.value() ? *found.value() : meta_truth{};
}

void simulated_cluster::end() {
  const auto found = checks_.find(final_);
  if (found != checks_.end() && watch_.newest().last() &&
      watch_.newest().last()->generation == final_) {
    found->second.look_at_end();
    if (!found->second.problem().empty()) problem(found->second.problem());
  }
  look(true);
  const std::uint64_t verdicts = all_.faults + excused_ + all_.starts;
  if (all_.recoveries > verdicts)
    problem("I11: " + std::to_string(all_.recoveries) + " recoveries for " +
            std::to_string(verdicts) + " faults and starts");
}

std::string simulated_cluster::standing() {
  std::string text;
  for (auto& n : nodes_) {
    text += "\n  " + n.name + ": ";
    text += n.process ? "generation " + std::to_string(n.process->generation().value) +
                            n.process->hub().waiting()
                      : "not there";
  }
  if (!checks_.empty()) text += checks_.rbegin()->second.waiting();
  return text;
}

void simulated_cluster::problem(const std::string& what) {
  if (problem_.empty()) problem_ = what;
}

void simulated_cluster::say(const std::string& what) {
  if (options_.tells)
    std::fprintf(options_.tells, "%9.3f ms %7llu  %s\n", static_cast<double>(now_.count()) / 1e6,
                 static_cast<unsigned long long>(steps_), what.c_str());
}

}  // namespace sluice::sim

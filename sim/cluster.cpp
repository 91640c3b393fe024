#include "sluice/sim/cluster.hpp"

#include <algorithm>
#include <cstdio>
#include <map>
#include <memory>
#include <set>
#include <utility>
#include <vector>

#include "sluice/graph/graph_signature.hpp"
#include "sluice/graph/run_generation.hpp"
#include "sluice/sim/cluster_process.hpp"
#include "sluice/sim/reproduction.hpp"
#include "sluice/sim/unsure_meta_store.hpp"
#include "sluice/sim/watched_meta_store.hpp"
#include "sluice/state/checkpoint_store.hpp"
#include "sluice/state/file_meta_store.hpp"
#include "sluice/state/memory_meta_store.hpp"

namespace sluice::sim {

namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::nanoseconds;

constexpr job_id job{{1, 2}};

std::uint64_t mixed(std::uint64_t hash, std::uint64_t value) {
  hash = (hash ^ value) * 0x9E3779B97F4A7C15u;
  return hash ^ (hash >> 29);
}

// A node, and the processes that have been it.
struct node {
  std::string name;
  std::unique_ptr<cluster_process> process;              // null: none
  std::vector<std::unique_ptr<cluster_process>> former;  // that another has taken the place of
  nanoseconds start_at{0};                               // if there is none
  std::uint64_t starts = 0;
  unsigned weight = 1;  // how fast it is
};

class simulated_cluster {
 public:
  simulated_cluster(const graph_description& g, sim_disk& disk, std::uint64_t seed,
                    const cluster_options& options)
      : g_(g),
        disk_(disk),
        options_(options),
        random_(seed),
        network_(drawn_network(), random_),
        locked_store_(random_.once_in(2) && !options.two_coordinators),
        supervised_(random_.once_in(2)),
        kept_(std::make_shared<std::optional<meta_truth>>()) {
    const std::size_t count = options.nodes != 0 ? options.nodes : random_.between(2, 4);
    all_.nodes = count;
    for (std::size_t i = 0; i < count; ++i) {
      const std::string name = "node-" + std::to_string(i + 1);
      addresses_.push_back({name, "data of " + name, "control of " + name});
      nodes_.push_back({.name = name, .process = {}, .former = {}});
      nodes_.back().weight = 1u << random_.below(4);
      if (random_.once_in(3)) nodes_.back().start_at = milliseconds(random_.below(5'000));
    }
    faults_left_ = random_.below(options.most_faults + 1);
    next_fault_ = random_.below(6'000);
    draw_plan();
    create_truth();
  }

  cluster_run run() {
    while (problem_.empty() && !finished_) {
      if (++steps_ > options_.run.most_steps)
        problem("no end after " + std::to_string(steps_) + " steps" + standing());
      if (now_ > options_.run.most_time)
        problem("no end after " + std::to_string(options_.run.most_time.count()) + " ms" +
                standing());
      step();
    }
    if (problem_.empty()) end();
    for (auto& n : nodes_) {
      if (n.process) all_.resent += n.process->hub().resent();
      n.process.reset();
      n.former.clear();
    }
    all_.run.problem = problem_;
    all_.run.trace = hash_;
    all_.run.steps = steps_;
    all_.run.virtual_time = now_;
    all_.run.status.finished = finished_;
    all_.stale = network_.stale();
    return all_;
  }

 private:
  network_faults drawn_network() {
    network_faults drawn;
    drawn.latency = microseconds(random_.one_of<std::int64_t>({50, 500, 5'000}));
    if (!options_.faults.network) {
      drawn.lost = drawn.doubled = 0;
      return drawn;
    }
    drawn.lost = random_.between(1, 6);
    drawn.doubled = random_.between(1, 10);
    drawn.dropped = random_.one_of<std::uint64_t>({0, 0, 100, 1'000});
    return drawn;
  }

  // --- processes

  void draw_plan() {
    planned_.emplace(make_plan(g_, shrunk(options_.run.chosen, g_, options_.run.shrink, random_)));
  }

  void create_truth() {
    if (locked_store_)
      static_cast<void>(file_meta_store{disk_.open()}.create(job, hash_of(g_)));
    else
      static_cast<void>(memory_meta_store{kept_}.create(job, hash_of(g_)));
  }

  std::shared_ptr<meta_store> open_store() {
    std::shared_ptr<meta_store> beneath;
    if (locked_store_)
      beneath = std::make_shared<file_meta_store>(disk_.open());
    else
      beneath = std::make_shared<memory_meta_store>(kept_);
    auto watched = std::make_shared<watched_meta_store>(std::move(beneath), watch_,
                                                        [this](const manifest& m) { sealed(m); });
    auto unsure = std::make_shared<unsure_meta_store>(*watched);
    if (options_.faults.unsure && faults_left_ > 0 && random_.once_in(4)) {
      --faults_left_;
      ++all_.faults;
      ++excused_;
      unsure->lose_answer_after(random_.below(12),
                                random_.once_in(2) ? answer_lost::before : answer_lost::after);
    }
    stores_.push_back(watched);  // the other one refers to it
    return unsure;
  }

  void start(node& n) {
    const sim_process_name self{n.name,
                                {{static_cast<std::uint64_t>(&n - nodes_.data()) + 1, ++n.starts}}};
    ++all_.starts;
    std::erase_if(known_ends_, [&](const auto& known) { return known.first == n.name; });
    say("start " + n.name + " for the " + std::to_string(n.starts) + ". time");
    const bool first = &n == &nodes_.front();
    checkpoint_place place;
    if (first)
      place.store = open_store();
    else
      place.generation = [this]() -> result<generation_id> { return truth().generation; };
    keep_files_in(place, std::make_shared<checkpoint_store>(disk_.open()));
    keep_outline_in(place, disk_.open());
    run_options run;
    run.on_restart = [this](generation_id generation, const std::string& why) {
      ++all_.recoveries;
      say("generation " + std::to_string(generation.value) + " is over: " + why);
    };
    run.on_epoch = [this](epoch_id epoch, std::uint64_t) {
      closed_ = std::max(closed_, epoch);
      look_due_ = true;
    };
    run.on_generation = [this](const begun_generation& begun) {
      const generation_id generation = begun.generation;
      say("generation " + std::to_string(generation.value) + " runs");
      if (generation != watch_.newest().generation) return;  // another coordinator has gone on
      // I5: whatever was decided is visible before anything new is.
      if (const manifest* last = watch_.newest().last()) closed_ = std::max(closed_, last->epoch);
      look_due_ = true;
    };
    if (first && supervised_) run.tend = [this] { return std::exchange(known_ends_, {}); };
    n.process = std::make_unique<cluster_process>(
        process_options{.description = g_,
                        .planned = *planned_,
                        .nodes = addresses_,
                        .self = self,
                        .job = job,
                        .place = std::move(place),
                        .run = std::move(run),
                        .on_part = [this](const sim_process_name& who,
                                          const deployment& part) { begun(who, part); },
                        .on_event = [this](generation_id g, std::size_t actor, traced kind,
                                           std::uint64_t detail) { saw(g, actor, kind, detail); }},
        network_, random_.next(), now_);
  }

  // It is gone; another will be started.
  void gone(node& n, bool silently) {
    network_.end(n.process->name(), silently);
    for (auto& [g, checks] : checks_)
      for (auto part = runs_.lower_bound({g, 0}); part != runs_.end() && part->first.first == g;
           ++part)
        if (part->second == n.process->name()) checks.leave(part->first.second);
    all_.resent += n.process->hub().resent();
    n.process.reset();
    n.start_at = now_ + milliseconds(random_.one_of<std::uint64_t>(
                            {0, 10, random_.below(500), random_.below(8'000)}));
    if (&n != &nodes_.front()) known_ends_.emplace_back(n.name, "has ended");
  }

  // --- what happens

  void step() {
    network_.set_time(now_);
    for (auto& n : nodes_)
      if (!n.process && now_ >= n.start_at) start(n);
    if (options_.kill && steps_ == options_.kill->step) {
      node& n = nodes_[options_.kill->node % nodes_.size()];
      if (n.process) kill(n, false);
    }
    if (faults_left_ > 0 && next_fault_-- == 0) fault();
    if (faults_left_ == 0 && !calm_ && now_ >= trouble_until_) {
      calm_ = true;
      network_.calm();
    }
    if (!do_something()) wait();
    for (auto& n : nodes_) {
      if (n.process && n.process->ended()) ended(n);
      std::erase_if(n.former, [](const auto& old) { return old->ended(); });
    }
    if (disk_.dark()) power_failure();
    check();
  }

  // One thing that somebody can do. False if nobody can do anything now.
  bool do_something() {
    struct chance {
      cluster_process* who;
      cluster_process::doing what;
      unsigned weight;
    };
    static thread_local std::vector<chance> chances;
    chances.clear();
    unsigned all = 0;
    const auto add = [&](cluster_process* who, cluster_process::doing what, unsigned weight) {
      chances.push_back({who, what, weight});
      all += weight;
    };
    const auto look_at = [&](cluster_process& p, unsigned weight) {
      using enum cluster_process::doing;
      if (p.can(hub, now_)) add(&p, hub, 2 * weight);
      if (p.can(actor, now_)) add(&p, actor, 2 * weight);
      if (p.can(writer, now_)) add(&p, writer, weight);
      if (p.can(turn, now_)) add(&p, turn, weight);
      if (p.can(tick, now_)) add(&p, tick, weight);
    };
    for (auto& n : nodes_) {
      if (n.process) look_at(*n.process, n.weight);
      for (auto& old : n.former) look_at(*old, n.weight);
    }
    if (network_.something_due()) add(nullptr, {}, 8);
    if (all == 0) return false;
    auto at = static_cast<unsigned>(random_.below(all));
    std::size_t i = 0;
    while (at >= chances[i].weight) at -= chances[i++].weight;
    if (chances[i].who)
      chances[i].who->do_one(chances[i].what, now_);
    else
      network_.deliver();
    now_ +=
        nanoseconds(random_.below(static_cast<std::uint64_t>(options_.run.step_time.count()) + 1));
    return true;
  }

  void wait() {
    nanoseconds next = network_.next_due();
    for (auto& n : nodes_) {
      next = std::min(next, n.process ? n.process->next_due(now_) : n.start_at);
      for (auto& old : n.former) next = std::min(next, old->next_due(now_));
    }
    now_ = std::max(now_ + nanoseconds{1}, next);
  }

  void ended(node& n) {
    cluster_process& p = *n.process;
    say(n.name + " ends: " + p.failure());
    if (p.needs_decision()) return problem(n.name + " wants a decision: " + p.failure());
    if (p.finished()) {
      finished_ = true;
      final_ = p.generation();
      return;
    }
    gone(n, false);
  }

  // --- faults

  void fault() {
    next_fault_ = random_.one_of<std::uint64_t>({40, 400, 4'000, 4'000});
    next_fault_ = random_.below(next_fault_);
    const std::uint64_t what = random_.below(100);
    node& n = nodes_[random_.below(nodes_.size())];
    node& other = nodes_[random_.below(nodes_.size())];
    const cluster_faults& may = options_.faults;
    if (options_.two_coordinators) {
      node& first = nodes_.front();
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

  void counted(const std::string& what) {
    if (faults_left_ > 0) --faults_left_;
    ++all_.faults;
    say(what);
  }

  void kill(node& n, bool silently) {
    counted("kill " + n.name + (silently ? " silently" : ""));
    gone(n, silently);
    look_due_ = true;
  }

  milliseconds drawn_time() {
    return milliseconds(random_.below(random_.one_of<std::uint64_t>({200, 1'000, 3'000, 9'000})) +
                        1);
  }

  void pause(node& n) {
    const milliseconds time = drawn_time();
    counted("pause " + n.name + " for " + std::to_string(time.count()) + " ms");
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

  void isolate(node& n, milliseconds time) {
    for (auto& other : nodes_)
      if (&other != &n) {
        network_.block(n.name, other.name, now_ + time);
        network_.block(other.name, n.name, now_ + time);
      }
  }

  void partition(node& n, node& other) {
    const milliseconds time = drawn_time();
    trouble_until_ = std::max(trouble_until_, now_ + time);
    if (random_.once_in(3)) {
      counted("cut off " + n.name + " for " + std::to_string(time.count()) + " ms");
      return isolate(n, time);
    }
    const bool both = random_.once_in(2);
    counted(n.name + (both ? " and " : " to ") + other.name + " are apart for " +
            std::to_string(time.count()) + " ms");
    network_.block(n.name, other.name, now_ + time);
    if (both) network_.block(other.name, n.name, now_ + time);
  }

  void reset(node& n, node& other) {
    ++all_.resets;
    if (random_.once_in(3) && faults_left_ > 0) --faults_left_;
    say("reset between " + n.name + " and " + other.name);
    network_.reset(n.name, other.name);
  }

  void power_failure() {
    ++all_.faults;
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

  // --- what is looked at

  void begun(const sim_process_name& who, const deployment& part) {
    const generation_id g = part.durable->generation;
    std::string here;
    for (std::size_t i = 0; i < part.instances.size(); ++i) {
      if (!part.instances[i].node.empty()) continue;
      here +=
          ' ' + part.instances[i].stage + '[' + std::to_string(part.instances[i].instance) + ']';
      if (!runs_.insert({{g, i}, who}).second)
        problem(part.instances[i].stage + " is begun twice in generation " +
                std::to_string(g.value));
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

  void saw(generation_id g, std::size_t actor, traced kind, std::uint64_t detail) {
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
    const bool moment =
        kind == traced::sealed || kind == traced::start || kind == traced::committed;
    if (moment && faults_left_ > 0 && random_.once_in(8))
      next_fault_ = std::min<std::uint64_t>(next_fault_, random_.below(40));
  }

  void sealed(const manifest& m) {
    say("epoch " + std::to_string(m.epoch.value) + " of generation " +
        std::to_string(m.generation.value) + " is sealed");
    (all_.first_seal == 0 ? all_.first_seal : all_.second_seal) = steps_;
    checkpoint_store files{disk_.open()};
    for (const auto& one : m.instances)
      if (auto read = files.read(one); !read && !disk_.dark())
        problem("I4: sealed, and not there: " + read.failure().message);
    if (options_.on_sealed && !disk_.dark())
      if (auto missing = options_.on_sealed(m); !missing.empty()) problem("I4: " + missing);
  }

  void check() {
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

  void look(bool finished) {
    if (!options_.look || disk_.dark() || !problem_.empty()) return;
    if (auto wrong = options_.look(truth(), closed_, finished); !wrong.empty()) problem(wrong);
  }

  meta_truth truth() {
    auto found =
        locked_store_ ? file_meta_store{disk_.open()}.load() : memory_meta_store{kept_}.load();
    if (!found) problem("the truth cannot be read: " + found.failure().message);
    return found && found.value() ? *found.value() : meta_truth{};
  }

  void end() {
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

  std::string standing() {
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

  void problem(const std::string& what) {
    if (problem_.empty()) problem_ = what;
  }

  void say(const std::string& what) {
    if (options_.tells)
      std::fprintf(stderr, "%9.3f ms %7llu  %s\n", static_cast<double>(now_.count()) / 1e6,
                   static_cast<unsigned long long>(steps_), what.c_str());
  }

  const graph_description& g_;
  sim_disk& disk_;
  const cluster_options& options_;
  seeded_random random_;
  sim_network network_;
  bool locked_store_;  // the embedded one; else one that several have open at once
  bool supervised_;    // the coordinator is told when a process ends
  memory_meta_store::truth_ref kept_;
  truth_watch watch_;
  std::vector<std::shared_ptr<meta_store>> stores_;
  std::optional<plan> planned_;
  std::vector<node_address> addresses_;
  std::vector<node> nodes_;
  std::vector<std::pair<std::string, std::string>> known_ends_;
  nanoseconds now_{0};
  std::uint64_t steps_ = 0;
  std::uint64_t faults_left_ = 0;
  std::uint64_t next_fault_ = 0;
  std::uint64_t excused_ = 0;
  nanoseconds trouble_until_{0};
  bool calm_ = false;
  std::map<generation_id, channel_checks> checks_;                          // the newest few
  std::map<std::pair<generation_id, std::size_t>, sim_process_name> runs_;  // who is what
  std::vector<bool> sources_;                                               // by actor
  std::optional<std::pair<generation_id, std::size_t>> moved_;
  epoch_id closed_;
  bool look_due_ = false;
  bool finished_ = false;
  generation_id final_;
  std::uint64_t hash_ = 0;
  std::string problem_;
  cluster_run all_;
};

}  // namespace

cluster_run run_cluster_with_faults(const graph& g, sim_disk& disk, std::uint64_t seed,
                                    const cluster_options& options) {
  const graph_description& description = g.description();
  if (auto mistakes = check_graph(description); !mistakes.empty())
    throw graph_error(std::move(mistakes));
  const reproduction line{options.run.scenario, seed};
  cluster_run all = simulated_cluster{description, disk, seed, options}.run();
  if (!all.run.problem.empty()) all.run.problem += "\n" + line.text();
  return all;
}

}  // namespace sluice::sim

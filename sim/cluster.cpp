#include "sluice/sim/cluster.hpp"

#include <algorithm>
#include <memory>
#include <utility>

#include "sluice/graph/graph_signature.hpp"
#include "sluice/sim/reproduction.hpp"
#include "sluice/sim/simulated_cluster.hpp"
#include "sluice/sim/unsure_meta_store.hpp"
#include "sluice/state/checkpoint_store.hpp"
#include "sluice/state/file_meta_store.hpp"

namespace sluice::sim {

namespace {

constexpr job_id job{{1, 2}};

}  // namespace

simulated_cluster::simulated_cluster(const graph_description& g, sim_disk& disk, std::uint64_t seed,
                                     const cluster_options& options)
    : g_(g),
      disk_(disk),
      options_(options),
      random_(seed),
      network_(drawn_network(), random_, options.judge),
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

cluster_run simulated_cluster::run() {
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
  if (network_.lost() > 0) all_.by_kind["drop"] = network_.lost();
  if (network_.doubled() > 0) all_.by_kind["double"] = network_.doubled();
  return all_;
}

network_faults simulated_cluster::drawn_network() {
  network_faults drawn;
  drawn.latency = microseconds(random_.one_of<std::int64_t>({50, 500, 5'000}));
  if (!options_.faults.network) {
    drawn.lost = drawn.doubled = 0;
    return drawn;
  }
  drawn.lost = random_.between(1, 6);
  drawn.doubled = random_.between(1, 10);
  drawn.dropped = random_.one_of<std::uint64_t>({0, 0, 100, 1'000});
  if (!options_.faults.drops) drawn.lost = drawn.dropped = 0;
  if (!options_.faults.doubles) drawn.doubled = 0;
  if (!options_.faults.delays) {
    drawn.latency = microseconds{50};
    drawn.late = milliseconds{10};
  }
  return drawn;
}

void simulated_cluster::draw_plan() {
  planned_.emplace(make_plan(g_, shrunk(options_.run.chosen, g_, options_.run.shrink, random_)));
  if (options_.steady)
    for (auto& stage : planned_->stages) stage.adaptive = false;
}

void simulated_cluster::create_truth() {
  if (locked_store_)
    static_cast<void>(file_meta_store{disk_.open()}.create(job, hash_of(g_)));
  else
    static_cast<void>(memory_meta_store{kept_}.create(job, hash_of(g_)));
}

std::shared_ptr<meta_store> simulated_cluster::open_store() {
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
    ++all_.by_kind["store"];
    ++excused_;
    unsure->lose_answer_after(random_.below(12),
                              random_.once_in(2) ? answer_lost::before : answer_lost::after);
  }
  stores_.push_back(watched);  // the other one refers to it
  return unsure;
}

void simulated_cluster::start(simulated_node& n) {
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
  run.rejects = options_.run.rejects;
  run.on_restart = [this](generation_id generation, const std::string& why) {
    ++all_.recoveries;
    if (options_.on_recovery)
      options_.on_recovery(why, std::chrono::duration_cast<milliseconds>(now_));
    if (options_.calm) problem("it fails although nothing has happened: " + why);
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
void simulated_cluster::gone(simulated_node& n, bool silently) {
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

void simulated_cluster::step() {
  network_.set_time(now_);
  for (auto& n : nodes_)
    if (!n.process && now_ >= n.start_at) start(n);
  if (options_.kill && steps_ == options_.kill->step) {
    simulated_node& n = nodes_[options_.kill->node % nodes_.size()];
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
bool simulated_cluster::do_something() {
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

void simulated_cluster::wait() {
  nanoseconds next = network_.next_due();
  for (auto& n : nodes_) {
    next = std::min(next, n.process ? n.process->next_due(now_) : n.start_at);
    for (auto& old : n.former) next = std::min(next, old->next_due(now_));
  }
  now_ = std::max(now_ + nanoseconds{1}, next);
}

void simulated_cluster::ended(simulated_node& n) {
  cluster_process& p = *n.process;
  say(n.name + " ends: " + p.failure());
  if (p.needs_decision()) return problem(n.name + " wants a decision: " + p.failure());
  if (p.finished()) {
    finished_ = true;
    final_ = p.generation();
    return;
  }
  if (options_.calm) problem("it fails although nothing has happened: " + p.failure());
  gone(n, false);
}

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

#include "sluice/graph/run_cluster.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <set>
#include <thread>
#include <utility>

#include "sluice/graph/coordinating_node.hpp"
#include "sluice/graph/following_node.hpp"
#include "sluice/graph/fresh_queue.hpp"
#include "sluice/graph/graph_signature.hpp"
#include "sluice/graph/kept_seat.hpp"
#include "sluice/graph/node_connection.hpp"
#include "sluice/graph/run_generation.hpp"
#include "sluice/graph/run_part.hpp"
#include "sluice/state/open_meta_store.hpp"

namespace sluice {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds look_every{20};  // also at the end of the run
constexpr milliseconds ask_seat_every{200};
constexpr milliseconds say_after{2'000};

class cluster_run {
 public:
  cluster_run(const graph_description& description, const plan& planned, const run_options& options,
              const std::string& store)
      : g_(description),
        plan_(planned),
        options_(options),
        of_(*options.nodes),
        store_(store),
        queue_(std::make_shared<work_thread>()) {}

  // The first node has the coordinator, the others have not.
  result<run_status> run_in_place() {
    if (of_.is_first()) {
      auto place = open_checkpoint_place(options_.checkpoints, store_);
      if (!place) return place.failure();
      place_ = std::move(place).value();
      return coordinate(nullptr);
    }
    auto job = find_job();
    if (!job) return job.failure();
    if (!job.value()) return run_status{};
    auto files = open_checkpoint_files(options_.checkpoints);
    if (!files) return files.failure();
    place_ = std::move(files).value();
    if (auto connected = connect(*job.value()); !connected) return connected.failure();
    following_node node = follower(of_.nodes.front().node);
    while (!node.ended()) turn(node);
    return ended(node);
  }

  // Whoever has the seat coordinates, the others follow.
  result<run_status> run_in_turns() {
    auto opened = open_coordinator_seat(store_);
    if (!opened) return opened.failure();
    coordinator_seat& seat = *opened.value();
    auto place = open_checkpoint_place(options_.checkpoints, store_);
    if (!place) return place.failure();
    place_ = std::move(place).value();
    const seat_holder me{of_.self, incarnation_, {of_.address().data, of_.address().control}};
    for (;;) {
      auto taken = seat.try_take(me, kept_seat::now());
      if (taken && taken.value()) {
        if (generation_ != generation_id{}) say("takes over as the coordinator");
        auto ran = coordinate(&seat);
        if (!lost_seat_) {
          seat.give_up();
          return ran;
        }
        say("has lost the seat of the coordinator");
        continue;
      }
      auto ran = follow(seat, me);
      if (ran) return std::move(*ran);
    }
  }

 private:
  void say(const std::string& what) const {
    if (options_.on_odd) options_.on_odd(what);
  }
  void say_waiting(const std::string& what) {
    if (std::exchange(waits_, what) != what) say(what);
  }

  // Asked after every look at the directory, so what is waited for is said after a while.
  result<std::optional<job_id>> find_job() {
    const auto begun = std::chrono::steady_clock::now();
    const auto asked = [&] {
      if (std::chrono::steady_clock::now() - begun > say_after)
        say_waiting("waiting for " + of_.nodes.front().node + " to begin the run in " +
                    options_.checkpoints);
      return options_.interrupted ? options_.interrupted() : 0;
    };
    return wait_for_job(options_.checkpoints, store_, asked);
  }

  result<void> connect(const job_id& job) {
    if (links_) return {};
    auto links =
        node_connection::open(of_, incarnation_, job, hash_of(g_), options_.pool, options_.on_odd);
    if (!links) return links.failure();
    links_ = std::move(links).value();
    job_ = job;
    return {};
  }

  node_surroundings around(std::string coordinator, std::shared_ptr<work_queue> queue) {
    return {g_,
            plan_,
            place_,
            of_,
            options_,
            job_,
            links_->links(std::move(coordinator)),
            std::move(queue),
            parts_on_threads(plan_.threads)};
  }

  // What it gives to the queue is dropped once it has stood still: it may have been replaced.
  following_node follower(const std::string& coordinator) {
    std::set<std::string> there;
    for (const auto& [node, incarnation] : links_->peers()) there.insert(node);
    works_ = std::make_shared<fresh_queue>(queue_, following_node::failure_deadline,
                                           [this] { return links_->now(); });
    node_surroundings surroundings = around(coordinator, works_);
    surroundings.make_part = [make = surroundings.make_part, works = works_](
                                 deployment planned, engine::options chosen, node_links links) {
      works->alive();  // it may have taken long to open what it reads and writes
      return make(std::move(planned), std::move(chosen), std::move(links));
    };
    return following_node{std::move(surroundings), std::move(there), generation_};
  }

  void turn(coordinating_node& node) {
    auto event = links_->mailbox().take(look_every);
    node.turn(std::move(event), links_->now());
    generation_ = std::max(generation_, node.generation());
  }
  void turn(following_node& node) {
    auto event = links_->mailbox().take(look_every);
    node.turn(std::move(event), links_->now());
    node.turned(links_->now());
    works_->alive();
    generation_ = std::max(generation_, node.generation());
  }

  static result<run_status> ended(const following_node& node) {
    if (!*node.ended()) return node.ended()->failure();
    run_status status;
    status.finished = true;
    return status;
  }

  // Until the run has ended, or the seat is lost.
  result<run_status> coordinate(coordinator_seat* seat) {
    std::optional<kept_seat> kept;
    if (seat) kept.emplace(*seat);
    lost_seat_ = false;
    auto kept_truth = place_.store->load();
    if (!kept_truth) return undecided(kept_truth.failure());
    const run_beginning from = std::exchange(began_, true) ? run_beginning{} : options_.from;
    const auto start = find_start(g_, kept_truth.value(), from);
    if (!start) return start.failure();
    auto truth = begin_job(g_, place_, start.value());
    if (!truth) return truth.failure();
    if (place_.claim)
      if (auto ours = place_.claim(truth.value().job); !ours) return ours.failure();
    if (auto connected = connect(truth.value().job); !connected) return connected.failure();
    coordinating_node node{around({}, queue_), std::move(truth).value(), links_->peers(),
                           start.value()};
    while (!node.ended()) {
      turn(node);
      lost_seat_ = kept && !kept->held();
      if (lost_seat_) return run_status{};
    }
    return *node.ended();
  }

  // Until the run is over, or nothing: the seat is free.
  std::optional<result<run_status>> follow(coordinator_seat& seat, const seat_holder& me) {
    // Whoever has the seat may die before it has created the job, so the seat is asked for again.
    const auto truth = place_.store->load();
    if (!truth && truth.failure().code == error_code::malformed) return undecided(truth.failure());
    if (!truth || !truth.value()) {
      if (!truth) say_waiting("waiting for the store: " + truth.failure().message);
      if (options_.interrupted && options_.interrupted() != 0) return run_status{};
      std::this_thread::sleep_for(ask_seat_every);
      return std::nullopt;
    }
    if (auto connected = connect(truth.value()->job); !connected) return connected.failure();
    following_node node = follower({});
    for (milliseconds asked{-ask_seat_every}; !node.ended();) {
      turn(node);
      if (node.coordinator_there() || links_->now() - asked < ask_seat_every) continue;
      asked = links_->now();
      const auto holder = seat.holder();
      if (!holder) continue;  // asked again
      if (!holder.value() || holder.value()->node == me.node) return std::nullopt;
      node.follow(holder.value()->node, links_->now());
    }
    return ended(node);
  }

  const graph_description& g_;
  const plan& plan_;
  const run_options& options_;
  const cluster& of_;
  const std::string& store_;
  std::shared_ptr<work_queue> queue_;
  incarnation_id incarnation_ = new_incarnation();
  checkpoint_place place_;
  std::unique_ptr<node_connection> links_;
  std::shared_ptr<fresh_queue> works_;  // of a node without the coordinator
  job_id job_;
  generation_id generation_;  // the newest this process has run
  std::string waits_;         // what was said last of that
  bool lost_seat_ = false;
  bool began_ = false;  // as coordinator, once
};

}  // namespace

result<run_status> run_cluster(const graph_description& description, const plan& planned,
                               const run_options& options, const std::string& store) {
  cluster_run run{description, planned, options, store};
  return store.starts_with("etcd") ? run.run_in_turns() : run.run_in_place();
}

}  // namespace sluice

#include "sluice/sim/cluster_process.hpp"

#include <algorithm>
#include <utility>

#include "sluice/graph/graph_signature.hpp"
#include "sluice/graph/run_generation.hpp"
#include "sluice/sim/virtual_time.hpp"

namespace sluice::sim {

namespace {

using std::chrono::duration_cast;
using std::chrono::milliseconds;
using std::chrono::nanoseconds;

constexpr milliseconds tick_every{50};

std::vector<std::string> peers_of(const process_options& options) {
  std::vector<std::string> names;
  for (const auto& node : options.nodes)
    if (node.node != options.self.node) names.push_back(node.node);
  return names;
}

}  // namespace

// The actors of one generation, on a scheduler of their own that is behind the time of the cluster
// until it is looked at.
class cluster_process::part final : public node_part {
 public:
  part(cluster_process& of, deployment planned, engine::options chosen, node_links links)
      : of_(of), born_(of.last_done_), system_(of.random_.next()) {
    run_.emplace(system_.actors(), std::move(planned), std::move(chosen), nullptr,
                 std::move(links));
    of_.part_ = this;
  }
  ~part() override {
    run_.reset();
    const auto write = [this] {
      if (of_.dead_) of_.works_->forget_all();
      while (!of_.works_->empty()) of_.works_->run_one();
    };
    for (int again = 0; again < 2; ++again) {
      write();
      system_.run_out();
    }
    of_.works_->forget_all();
    if (of_.part_ == this) of_.part_ = nullptr;
  }

  engine& run() override { return *run_; }

  bool runnable(nanoseconds now) const { return system_.runnable() || next_due() <= now; }
  nanoseconds next_due() const {
    const auto timeout = system_.next_timeout();
    return timeout ? born_ + system_.now() + *timeout : nanoseconds::max();
  }
  void step(nanoseconds now) {
    const nanoseconds behind = now - born_ - system_.now();
    if (behind > nanoseconds{0}) system_.pass(behind);
    set_virtual_time(now);
    static_cast<void>(system_.step());
  }

 private:
  cluster_process& of_;
  nanoseconds born_;
  stepped_system system_;
  std::optional<engine> run_;
};

cluster_process::cluster_process(process_options options, sim_network& network, std::uint64_t seed,
                                 nanoseconds now)
    : options_(std::move(options)),
      network_(network),
      random_(seed),
      of_{options_.nodes, options_.self.node},
      last_done_(now),
      next_tick_(now),
      look_every_(of_.is_first() ? 20 : 100),
      router_([this](node_event event) { mailbox_.push_back(std::move(event)); }),
      hub_({options_.job, hash_of(options_.description), options_.self, peers_of(options_),
            options_.run.pool},
           router_, network) {
  network_.listen(options_.self, hub_);
  hub_.set_time(duration_cast<milliseconds>(now));
  node_surroundings around{
      options_.description,
      options_.planned,
      options_.place,
      of_,
      options_.run,
      options_.job,
      {&hub_, &router_, of_.is_first() ? std::string{} : of_.nodes.front().node},
      works_,
      [this](deployment planned, engine::options chosen, node_links links) {
        return make_part(std::move(planned), std::move(chosen), std::move(links));
      }};
  if (!of_.is_first()) {
    following_ = std::make_unique<following_node>(std::move(around));
    return;
  }
  auto truth = begin_job(options_.description, options_.place);
  if (truth)
    coordinating_ = std::make_unique<coordinating_node>(std::move(around), truth.value());
  else
    coordinator_failed_ = truth.failure();
}

cluster_process::~cluster_process() {
  dead_ = true;
  network_.end(options_.self, false);
  works_->forget_all();
  coordinating_.reset();
  following_.reset();
  set_virtual_time(last_done_);
}

std::unique_ptr<node_part> cluster_process::make_part(deployment planned, engine::options chosen,
                                                      node_links links) {
  generation_ = planned.durable->generation;
  if (options_.on_part) options_.on_part(options_.self, planned);
  chosen.trace = [this, generation = generation_](std::size_t actor, traced kind,
                                                  std::uint64_t detail) {
    if (!dead_) options_.on_event(generation, actor, kind, detail);
  };
  return std::make_unique<part>(*this, std::move(planned), std::move(chosen), std::move(links));
}

bool cluster_process::can(doing what, nanoseconds now) const {
  if (paused(now)) return false;
  switch (what) {
    case doing::hub:
      return hub_.asked();
    case doing::actor:
      return part_ && now >= busy_until_ && part_->runnable(now);
    case doing::writer:
      return !works_->empty();
    case doing::turn:
      return !ended() && now >= busy_until_ && (!mailbox_.empty() || now >= next_look_);
    case doing::tick:
      return now >= next_tick_;
  }
  return false;
}

nanoseconds cluster_process::next_due(nanoseconds now) const {
  if (paused(now)) return paused_until_;
  nanoseconds next = next_tick_;
  if (!ended()) next = std::min(next, std::max(busy_until_, next_look_));
  if (part_) next = std::min(next, std::max(busy_until_, part_->next_due()));
  return next;
}

void cluster_process::do_one(doing what, nanoseconds now) {
  hub_.set_time(duration_cast<milliseconds>(now));
  // It was paused, and its hub has not been listening.
  hub_.was_away(duration_cast<milliseconds>(now - last_done_));
  last_done_ = now;
  if (now >= busy_until_) hub_.release();
  switch (what) {
    case doing::hub:
      return hub_.do_one();
    case doing::actor:
      return part_->step(now);
    case doing::writer:
      return works_->run_one();
    case doing::turn:
      return turn(now);
    case doing::tick:
      next_tick_ = now + tick_every;
      return hub_.tick();
  }
}

void cluster_process::turn(nanoseconds now) {
  std::optional<node_event> event;
  if (!mailbox_.empty()) {
    event = std::move(mailbox_.front());
    mailbox_.pop_front();
  }
  next_look_ = now + look_every_;
  const generation_id before = generation_;
  const auto at = duration_cast<milliseconds>(now);
  if (coordinating_) coordinating_->turn(std::move(event), at);
  if (following_) following_->turn(std::move(event), at);
  if (generation_ == before || ended()) return;
  // To restore may take long; meanwhile the hub goes on, but for what came of this turn at its end.
  if (!random_.once_in(3)) return;
  busy_until_ = now + milliseconds(random_.below(random_.once_in(4) ? 4'000 : 100));
  hub_.hold_begin();
  if (following_) following_->turned(duration_cast<milliseconds>(busy_until_));
}

bool cluster_process::ended() const {
  if (coordinator_failed_) return true;
  return coordinating_ ? coordinating_->ended().has_value() : following_->ended().has_value();
}

bool cluster_process::finished() const {
  return coordinating_ && coordinating_->ended() && *coordinating_->ended() &&
         coordinating_->ended()->value().finished;
}

std::string cluster_process::failure() const {
  if (coordinator_failed_) return coordinator_failed_->message;
  if (!ended()) return {};
  if (following_)
    return *following_->ended() ? std::string{} : following_->ended()->failure().message;
  const auto& how = *coordinating_->ended();
  return how ? how.value().failure : how.failure().message;
}

bool cluster_process::needs_decision() const {
  const auto is = [](const error& e) { return e.code == error_code::needs_decision; };
  if (coordinator_failed_) return is(*coordinator_failed_);
  return coordinating_ && coordinating_->ended() && !*coordinating_->ended() &&
         is(coordinating_->ended()->failure());
}

}  // namespace sluice::sim

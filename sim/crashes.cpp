#include "sluice/sim/crashes.hpp"

#include <memory>
#include <optional>
#include <utility>

#include "sluice/graph/checkpoint_place.hpp"
#include "sluice/graph/deploy.hpp"
#include "sluice/graph/plan.hpp"
#include "sluice/graph/run_generation.hpp"
#include "sluice/sim/reproduction.hpp"
#include "sluice/sim/running_world.hpp"
#include "sluice/state/checkpoint_store.hpp"
#include "sluice/state/file_meta_store.hpp"

namespace sluice::sim {

namespace {

class crashing {
 public:
  crashing(const graph_description& g, sim_disk& disk, std::uint64_t seed,
           const crash_options& options)
      : g_(g), disk_(disk), options_(options), random_(seed) {}

  crashed_run run() {
    crashed_run all;
    while (all.run.problem.empty() && !all.run.status.finished) {
      ++all.generations;
      one_process(all);
      if (all.generations > 50 + 2 * options_.most_crashes)
        all.run.problem = "no end after " + std::to_string(all.generations) + " generations";
    }
    if (all.run.problem.empty()) all.run.problem = options_.look(/*finished=*/true);
    return all;
  }

 private:
  // From its start to its end or its death. A process that the death of the disk leaves without
  // an answer fails by itself; that is no problem.
  void one_process(crashed_run& all) {
    const bool dies = all.crashes < options_.most_crashes;
    if (dies && random_.once_in(3)) disk_.fail_power_after(random_.below(60));
    std::uint64_t left = dies ? random_.below(1500) : options_.run.most_steps;
    stepped_queue works;
    if (auto began = begin(works)) {
      running_world world{std::move(*began), random_.next(), options_.run, &works};
      world.start();
      while (all.run.problem.empty() && !world.ended() && !disk_.dark() && left-- > 0) {
        all.run.problem = world.step();
        if (options_.stop) ask(world, options_.stop());
        // Much can go wrong between a decision and its commit, so death comes there more often.
        if (world.take_sealed() && dies && random_.once_in(6)) left = random_.below(40);
        if (world.take_committed() && all.run.problem.empty())
          all.run.problem = options_.look(/*finished=*/false);
      }
      const auto last = world.ended();
      if (last && last->kept) {
        ++all.kept;
        if (all.run.problem.empty()) all.run.problem = options_.look(/*finished=*/false);
      }
      // As a process that ends does.
      while (last && (last->finished || last->kept) && !disk_.dark() && !works.empty())
        works.run_one();
      if (last && !last->finished && !last->kept && !disk_.dark() && all.run.problem.empty())
        all.run.problem = "the run failed: " + last->failure;
      if (!last || disk_.dark()) {
        world.mute();
        works.forget_all();
        crash(all);
      }
      world.report(all.run);
    } else if (disk_.dark()) {
      crash(all);
    } else if (ended_) {
      all.run.status.finished = true;
    } else {
      all.run.problem = problem_;
    }
  }

  static void ask(running_world& world, crash_options::wish wish) {
    if (wish == crash_options::wish::keep) world.keep();
    if (wish == crash_options::wish::drain) world.drain();
  }

  void crash(crashed_run& all) {
    ++all.crashes;
    if (disk_.dark() || random_.once_in(options_.power_failure_in))
      disk_.fail_power();
    else
      disk_.kill();
    if (all.run.problem.empty()) all.run.problem = options_.look(/*finished=*/false);
  }

  // A deployment that goes on from the truth; nothing if it cannot begin, or has nothing to do.
  std::optional<deployment> begin(stepped_queue& works) {
    problem_.clear();
    ended_ = false;
    checkpoint_place place;
    place.store = std::make_shared<file_meta_store>(disk_.open());
    keep_files_in(place, std::make_shared<checkpoint_store>(disk_.open()));
    const plan planned = make_plan(g_, drawn_settings());
    keep_outline_in(place, disk_.open());
    auto truth = begin_job(g_, place);
    if (!truth) return failed(truth.failure());
    // The queue is on the stack of the process that owns it.
    auto from = begin_generation(g_, truth.value(), planned, place,
                                 std::shared_ptr<work_queue>(std::shared_ptr<void>{}, &works));
    if (!from) return failed(from.failure());
    from_ = std::move(from).value();
    deploy_options deploying;
    deploying.from = &from_;
    deploying.rejects = options_.run.rejects;
    auto deployed = deploy(g_, planned, deploying);
    if (!deployed) return failed(deployed.failure());
    ended_ = from_.truth.last() && from_.truth.last()->end;
    if (ended_) return std::nullopt;
    return std::move(deployed).value();
  }

  std::nullopt_t failed(const error& why) {
    problem_ = why.message;
    return std::nullopt;
  }

  // Parallelism and batches may change from one process to the next.
  const settings& drawn_settings() {
    if (!used_ || random_.once_in(2))
      used_ = shrunk(options_.run.chosen, g_, options_.run.shrink, random_);
    return *used_;
  }

  const graph_description& g_;
  sim_disk& disk_;
  const crash_options& options_;
  seeded_random random_;
  std::optional<settings> used_;
  restoring from_;
  std::string problem_;
  bool ended_ = false;
};

}  // namespace

crashed_run run_with_crashes(const graph& g, sim_disk& disk, std::uint64_t seed,
                             const crash_options& options) {
  const graph_description& description = g.description();
  if (auto mistakes = check_graph(description); !mistakes.empty())
    throw graph_error(std::move(mistakes));
  const reproduction line{options.run.scenario, seed};
  crashed_run all = crashing{description, disk, seed, options}.run();
  if (!all.run.problem.empty()) all.run.problem += "\n" + line.text();
  return all;
}

}  // namespace sluice::sim

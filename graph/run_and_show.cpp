#include "sluice/graph/run_and_show.hpp"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "sluice/connectors/reject_logs.hpp"
#include "sluice/graph/explain_plan.hpp"
#include "sluice/graph/run.hpp"
#include "sluice/graph/run_bypass_messages.hpp"
#include "sluice/graph/run_interruption.hpp"
#include "sluice/graph/run_kill.hpp"
#include "sluice/graph/run_nodes.hpp"
#include "sluice/graph/run_number_text.hpp"
#include "sluice/graph/run_outside_messages.hpp"
#include "sluice/graph/run_progress_display.hpp"
#include "sluice/graph/run_settings.hpp"
#include "sluice/graph/run_stats.hpp"
#include "sluice/graph/run_summary.hpp"

namespace sluice {

namespace {

constexpr std::chrono::milliseconds between_reports{1000};  // where no progress is shown
constexpr int done = 0, failed = 1, not_started = 2, undecided = 3, aborted = 130;

bool prints_rows(const graph_description& g) {
  return std::any_of(g.stages.begin(), g.stages.end(),
                     [](const auto& stage) { return stage.prints; });
}

void say_start(const graph_description& g, const plan& planned, const settings& chosen,
               bool checkpoints, const run_messages& say) {
  say.note(start_line(g, planned, chosen));
  for (const auto& stage : g.stages)
    if (stage.kind == stage_kind::source && (!stage.replayable || (stage.logged && !checkpoints)))
      say.note(stage.name + ": " + stage.what + ": what was read cannot be read again" +
               (stage.logged ? "; it is logged in a run with checkpoints only" : ""));
  say.detail(explain_plan(g, planned, chosen));
  say.detail(explain(chosen));
}

// What a generation of several nodes begins with: who does what, and what is read again.
std::vector<std::string> generation_lines(const begun_generation& begun) {
  std::vector<std::string> lines{
      "generation " + std::to_string(begun.generation.value) +
      (begun.restored == epoch_id{}
           ? std::string{" begins"}
           : " goes on from epoch " + std::to_string(begun.restored.value))};
  for (std::size_t at = 0, end = 0; (end = begun.placement.find('\n', at)) != std::string::npos;
       at = end + 1)
    lines.push_back("  " + begun.placement.substr(at, end - at));
  if (begun.restored == epoch_id{}) return lines;
  for (const auto& one : begun.sources)
    lines.push_back("  " + one.source + " reads on behind row " + grouped(one.rows) + ", on " +
                    one.node);
  return lines;
}

// What a commit waits for; from a worker thread to the one that prints.
class wait_messages {
 public:
  void take(const std::string& why) {
    const std::lock_guard lock(mutex_);
    due_.push_back(why.empty() ? "goes on: the commit record is written"
                               : "nothing is committed until this is mended: " + why);
  }
  std::vector<std::string> due() {
    const std::lock_guard lock(mutex_);
    return std::exchange(due_, {});
  }

 private:
  std::mutex mutex_;
  std::vector<std::string> due_;
};

constexpr int aborting = 2, keeping = 3;  // levels of an interruption

// Says what a signal has brought about, once for each.
class stop_messages {
 public:
  explicit stop_messages(bool can_keep) : can_keep_(can_keep) {}

  void say(int level, progress_display& shown, const run_messages& messages) {
    if (level == 0 || level == said_) return;
    said_ = level;
    shown.clear();
    if (level == aborting)
      messages.notice("aborting");
    else if (level == keeping && can_keep_)
      messages.notice("stopping behind one more checkpoint; again to abort");
    else
      messages.notice(
          "stopping: nothing more is read, what was read is worked off; again to abort");
  }

 private:
  bool can_keep_;
  int said_ = 0;
};

}  // namespace

shown_run run_and_show(const graph& g, const command_line& line,
                       std::optional<std::uint64_t> kill_after) {
  const graph_description& description = g.description();
  const run_choices& choices = line.choices();
  const run_messages say{choices};
  if (line.given("from") && choices.checkpoints.empty()) {
    say.error("--from is about a run with checkpoints; say where they are with --checkpoints DIR");
    return {.exit_code = not_started, .status = {}};
  }
  const auto chosen = usable_settings(g, choices, say);
  if (!chosen) return {.exit_code = not_started, .status = {}};
  auto nodes = nodes_of(line, *chosen);
  if (!nodes) {
    say.error(nodes.failure().message);
    return {.exit_code = not_started, .status = {}};
  }
  const chosen_nodes& those = nodes.value();
  if (!end_with_parent(choices.parent)) return {.exit_code = aborted, .status = {}};

  const plan planned = make_plan(description, *chosen);
  const stage_windows windows = windows_of(planned);
  const bool rows_there = prints_rows(description) && is_terminal(stdout);
  progress_form form = chosen_form(choices.progress, is_terminal(say.to()), rows_there);
  if (choices.loud == loudness::quiet && choices.progress == progress_form::automatic)
    form = progress_form::none;
  progress_display shown{form, windows, say.to()};
  std::map<std::string, std::shared_ptr<file_reject_log>> rejects;
  interruption stopping;
  stop_messages stops{!choices.checkpoints.empty()};
  bypass_messages switches;
  outside_messages outside;
  wait_messages waits;
  const auto say_news = [&] {
    for (const auto& text : waits.due()) {
      shown.clear();
      say.notice(text);
    }
    for (const auto& text : switches.due()) {
      shown.clear();
      say.detail(text);
    }
    for (const auto& text : outside.due()) {
      shown.clear();
      say.notice(text);
    }
  };

  run_options options;
  options.rejects = [&](const std::string& stage) {
    return rejects[stage] = std::make_shared<file_reject_log>(file_reject_log::default_path(stage));
  };
  options.nodes = those.of;
  options.on_odd = [&](const std::string& text) {
    say.notice((those.of ? those.of->self + ": " : std::string{}) + text);
  };
  run_kill kill{kill_after, those.children.get()};
  options.on_generation = [&](const begun_generation& begun) {
    kill.take(begun);
    shown.clear();
    for (const auto& text : generation_lines(begun)) say.note(text);
  };
  if (those.children)
    options.tend = [&] {
      if (kill.kill_if_due()) {
        shown.clear();
        say.notice("killing " + kill.seen().node + ", as asked");
      }
      return those.children->tend();
    };
  options.on_start = [&] {
    say_start(description, planned, *chosen, !those.checkpoints.empty(), say);
  };
  options.report_every = shown.report_every();
  if ((choices.loud == loudness::verbose || kill_after) && options.report_every.count() == 0)
    options.report_every = between_reports;
  options.on_status = [&](const run_status& status) {
    shown.take(status);
    switches.take(status);
    kill.take(status);
  };
  options.on_epoch = [&](epoch_id epoch, std::uint64_t elapsed_ms) {
    shown.take(epoch, elapsed_ms);
    kill.committed();
  };
  options.interrupted = [&] {
    const int level = stopping.level();
    stops.say(level, shown, say);
    say_news();
    shown.draw();
    return level;
  };
  options.checkpoints = those.checkpoints;
  options.from = choices.from;
  options.on_beginning = [&](const std::string& what) { say.notice(what); };
  options.on_repeating = [&](const std::vector<std::string>& sinks) {
    for (const auto& sink : sinks)
      say.note(sink +
               ": at least once: rows are shown at once, so some are shown again after a failure");
  };
  options.on_outside_wait = [&](const std::string& stage, const std::string& why) {
    outside.take(stage, why);
  };
  options.on_waiting = [&](const std::string& why) { waits.take(why); };
  options.on_restart = [&](generation_id generation, const std::string& failure) {
    shown.clear();
    say.notice("failed: " + failure);
    say.notice("going back to the last checkpoint; generation " +
               std::to_string(generation.value + 1));
  };
  if (those.temporary)
    say.note("checkpoints are kept until the end of the run; --checkpoints DIR keeps them longer");
  if (those.children) {
    if (auto started = those.children->start(); !started) {
      say.error(started.failure().message);
      return {.exit_code = not_started, .status = {}};
    }
  }
  auto ran = run_graph(g, *chosen, options);
  if (those.children) those.children->let_go();
  if (!ran) {
    say.error(ran.failure().message);
    return {.exit_code = ran.failure().code == error_code::needs_decision ? undecided : not_started,
            .status = {}};
  }

  if (!those.coordinates() && ran.value().instances.empty())
    return {.exit_code = done, .status = {}, .coordinated = false};

  shown_run all{.exit_code = done,
                .status = std::move(ran).value(),
                .drained = stopping.level() > 0,
                .recovery = kill.seen()};
  shown.finish(all.status);
  switches.take(all.status);
  say_news();
  if (choices.stats == stats_form::table) say.asked_for(stats_tables(all.status, windows));
  if (choices.stats == stats_form::metrics) say.asked_for(stats_metrics(all.status, windows));
  for (const auto& read : rejected_rows(all.status)) {
    const auto log = rejects.find(read.source);
    say.notice(
        rejects_line(read, log != rejects.end() && std::filesystem::exists(log->second->path())
                               ? log->second->path()
                               : ""));
  }
  if (all.status.finished && all.status.instances.empty()) {
    say.note("the run kept in " + those.checkpoints +
             " had ended, and all of it is visible; without that directory it begins anew");
  } else if (all.status.finished) {
    const bool counts_shown = choices.stats != stats_form::none;
    say.note(done_line(all.status, all.drained) + "; next: " +
             (counts_shown ? line.program() + " explain shows the plan"
                           : "--stats shows where the time went"));
  } else if (all.status.kept) {
    say.note(done_line(all.status, all.drained) + "; next: the same command goes on from here");
  } else if (stopping.level() == aborting) {
    all.exit_code = aborted;
    say.error("aborted: what was under way is lost");
  } else {
    all.exit_code = failed;
    say.error("failed: " + all.status.failure);
    say.note("next: " + line.program() +
             " explain shows the plan, --stats how far each stage came");
  }
  return all;
}

}  // namespace sluice

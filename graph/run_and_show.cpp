#include "sluice/graph/run_and_show.hpp"

#include <algorithm>
#include <chrono>
#include <map>
#include <memory>
#include <string>

#include "sluice/connectors/reject_logs.hpp"
#include "sluice/graph/explain_plan.hpp"
#include "sluice/graph/run.hpp"
#include "sluice/graph/run_bypass_messages.hpp"
#include "sluice/graph/run_interruption.hpp"
#include "sluice/graph/run_number_text.hpp"
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

shown_run run_and_show(const graph& g, const command_line& line) {
  const graph_description& description = g.description();
  const run_choices& choices = line.choices();
  const run_messages say{choices};
  if (line.given("from") && choices.checkpoints.empty()) {
    say.error("--from is about a run with checkpoints; say where they are with --checkpoints DIR");
    return {.exit_code = not_started, .status = {}};
  }
  const auto chosen = usable_settings(g, choices, say);
  if (!chosen) return {.exit_code = not_started, .status = {}};

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
  const auto say_switches = [&] {
    for (const auto& text : switches.due()) {
      shown.clear();
      say.detail(text);
    }
  };

  run_options options;
  options.rejects = [&](const std::string& stage) {
    return rejects[stage] = std::make_shared<file_reject_log>(file_reject_log::default_path(stage));
  };
  options.on_start = [&] {
    say_start(description, planned, *chosen, !choices.checkpoints.empty(), say);
  };
  options.report_every = shown.report_every();
  if (choices.loud == loudness::verbose && options.report_every.count() == 0)
    options.report_every = between_reports;
  options.on_status = [&](const run_status& status) {
    shown.take(status);
    switches.take(status);
  };
  options.on_epoch = [&](epoch_id epoch, std::uint64_t elapsed_ms) {
    shown.take(epoch, elapsed_ms);
  };
  options.interrupted = [&] {
    const int level = stopping.level();
    stops.say(level, shown, say);
    say_switches();
    shown.draw();
    return level;
  };
  options.checkpoints = choices.checkpoints;
  options.from = choices.from;
  options.on_beginning = [&](const std::string& what) { say.notice(what); };
  options.on_repeating = [&](const std::vector<std::string>& sinks) {
    for (const auto& sink : sinks)
      say.note(sink + ": rows are shown at once, so some are shown again after a failure");
  };
  options.on_restart = [&](generation_id generation, const std::string& failure) {
    shown.clear();
    say.notice("failed: " + failure);
    say.notice("going back to the last checkpoint; generation " +
               std::to_string(generation.value + 1));
  };
  auto ran = run_graph(g, *chosen, options);
  if (!ran) {
    say.error(ran.failure().message);
    return {.exit_code = ran.failure().code == error_code::needs_decision ? undecided : not_started,
            .status = {}};
  }

  shown_run all{
      .exit_code = done, .status = std::move(ran).value(), .drained = stopping.level() > 0};
  shown.finish(all.status);
  switches.take(all.status);
  say_switches();
  if (choices.stats == stats_form::table) say.asked_for(stats_tables(all.status, windows));
  if (choices.stats == stats_form::metrics) say.asked_for(stats_metrics(all.status, windows));
  for (const auto& read : rejected_rows(all.status)) {
    const auto log = rejects.find(read.source);
    say.notice(rejects_line(
        read, log != rejects.end() && log->second->count() > 0 ? log->second->path() : ""));
  }
  if (all.status.finished && all.status.instances.empty()) {
    say.note("the run kept in " + choices.checkpoints +
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

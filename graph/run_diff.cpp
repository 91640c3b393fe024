#include <filesystem>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include <sys/stat.h>

#include "sluice/graph/checkpoint_diff.hpp"
#include "sluice/graph/checkpoint_place.hpp"
#include "sluice/graph/graph_signature.hpp"
#include "sluice/graph/plan.hpp"
#include "sluice/graph/run_choices.hpp"
#include "sluice/graph/run_generation.hpp"
#include "sluice/graph/run_messages.hpp"
#include "sluice/graph/run_number_text.hpp"
#include "sluice/graph/run_settings.hpp"
#include "sluice/graph/run_stats.hpp"
#include "sluice/graph/run_verbs.hpp"
#include "sluice/messages/job_text.hpp"
#include "sluice/records/instant.hpp"
#include "sluice/state/file_meta_store.hpp"
#include "sluice/state/posix_files.hpp"

namespace sluice {

namespace {

constexpr int same = 0, wrong = 2, undecidable = 3, different = 4;

// Reads the directory without locking it. Every file is verified, as a run would.
result<kept_checkpoint> read_once(const std::string& path) {
  auto log = open_posix_files(path);
  if (!log) return log.failure();
  file_meta_store store{std::move(log).value()};
  auto truth = store.load();
  if (!truth) return truth.failure();
  if (!truth.value()) return error{error_code::not_found, "no checkpoint is kept in " + path};
  auto files = open_posix_files(path);
  auto outlines = open_posix_files(path);
  if (!files) return files.failure();
  if (!outlines) return outlines.failure();
  checkpoint_place place;
  keep_files_in(place, std::make_shared<checkpoint_store>(std::move(files).value()));
  keep_outline_in(place, std::move(outlines).value());
  kept_checkpoint kept{std::move(*truth.value()), {}};
  auto outline = find_outline(place, kept.truth);
  if (!outline) return outline.failure();
  kept.graph = std::move(outline).value();
  for (const manifest& m : kept.truth.sealed)
    for (const instance_snapshot& of : m.instances)
      if (auto whole = place.read(of); !whole) return whole.failure();
  return kept;
}

// A run that goes on meanwhile may take a file away between two looks; then its truth is another
// one when it is looked at again.
result<kept_checkpoint> read_kept(const std::string& path) {
  std::error_code unknown;
  if (!std::filesystem::is_directory(path, unknown))
    return error{error_code::not_found,
                 "no checkpoint is kept in " + path + " (no such directory)"};
  constexpr int looks = 5;
  auto kept = read_once(path);
  for (int look = 1; look < looks && !kept && kept.failure().code != error_code::not_found; ++look)
    kept = read_once(path);
  if (kept || kept.failure().code == error_code::not_found) return kept;
  return undecided(kept.failure());
}

// The log is written last when an epoch is sealed; a generation that has begun since has written
// it too.
std::string when_sealed(const std::string& path, const meta_truth& truth) {
  struct stat about {};
  if (truth.last()->generation != truth.generation ||
      ::stat((path + "/truth.log").c_str(), &about) != 0)
    return "at a time that is not known";
  return to_string(instant::from_seconds(about.st_mtim.tv_sec));
}

std::string head_text(const std::string& path, const kept_checkpoint& kept, bool same_graph) {
  const meta_truth& truth = kept.truth;
  const manifest* const last = truth.last();
  std::vector<std::vector<std::string>> rows{
      {"checkpoint", path + ", run " + text_of(truth.job) + ", generation " +
                         std::to_string(truth.generation.value)}};
  rows.push_back({"sealed", last ? "epoch " + std::to_string(last->epoch.value) + ", " +
                                       when_sealed(path, truth)
                                 : "no epoch yet"});
  rows.push_back({"input", last && last->end ? "was at its end: nothing is left to do"
                                             : "was not at its end"});
  if (kept.graph)
    rows.push_back({"format", "checkpoint " + std::to_string(kept.graph->checkpoint_format) +
                                  ", key hash " + std::to_string(kept.graph->key_hash) + ", " +
                                  std::to_string(kept.graph->key_groups) + " key groups"});
  else
    rows.push_back({"graph", same_graph ? "only its hash is kept, and that is of this graph"
                                        : "not kept, as the checkpoint is older than that; only "
                                          "names are compared"});
  return text_table(rows);
}

std::string instances_text(const stage_finding& stage) {
  if (stage.kept == 0) return "-";
  const std::string kept = std::to_string(stage.kept);
  if (stage.here == 0 || stage.here == stage.kept) return kept;
  return kept + " → " + std::to_string(stage.here);
}

std::string stages_text(const checkpoint_comparison& compared) {
  std::vector<std::vector<std::string>> rows{{"stage", "kind", "instances", "kept", "here"}};
  for (const auto& stage : compared.stages)
    rows.push_back({stage.stage, stage.role.empty() ? "?" : stage.role, instances_text(stage),
                    stage.kept == 0 || stage.role == "sink" ? "-" : bytes_text(stage.bytes),
                    stage.what});
  return text_table(rows);
}

instance_counts instances_of(const graph_description& g, const plan& planned) {
  instance_counts counts;
  for (const auto& stage : planned.stages)
    for (const auto& operation : stage.operations)
      if (operation.node != planned_operation::no_node)
        counts[g.stages[operation.node].name] = stage.instances;
  return counts;
}

std::string verdict(const checkpoint_comparison& compared, const kept_checkpoint& kept,
                    const std::string& path) {
  const std::size_t n = compared.differences();
  if (n > 0)
    return counted(n, "difference") +
           ": run refuses this checkpoint with exit code 3. The program it was made with goes on "
           "from it; this one begins with another directory and reads every source from its "
           "start\n";
  if (kept.truth.last() && kept.truth.last()->end)
    return "no differences: the run has ended; run --checkpoints " + path +
           " --from none begins again\n";
  return "no differences: run --checkpoints " + path + " goes on" +
         (kept.truth.last() ? " behind epoch " + std::to_string(kept.truth.last()->epoch.value)
                            : std::string{" from the start"}) +
         "\n";
}

}  // namespace

int diff_verb(const graph& g, const command_line& line) {
  const run_messages say{line.choices()};
  const auto& words = line.choices().words;
  const std::string path = words.empty() ? std::string{} : words.front();
  if (path.empty()) {
    say.error("say which checkpoint: " + line.program() + " diff DIRECTORY");
    return wrong;
  }
  const auto chosen = usable_settings(g, line.choices(), say);
  if (!chosen) return wrong;
  const auto kept = read_kept(path);
  if (!kept) {
    say.error(kept.failure().message);
    return kept.failure().code == error_code::needs_decision ? undecidable : wrong;
  }
  const graph_description& description = g.description();
  const auto compared = compare(kept.value(), outline_of(description),
                                instances_of(description, make_plan(description, *chosen)));
  std::string text =
      head_text(path, kept.value(), kept.value().truth.graph == hash_of(description)) + '\n' +
      stages_text(compared) + '\n';
  for (const auto& other : compared.others) text += other + '\n';
  text += verdict(compared, kept.value(), path);
  std::fputs(text.c_str(), stdout);
  return compared.differences() == 0 ? same : different;
}

}  // namespace sluice

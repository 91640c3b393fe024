#include "sluice/graph/checkpoint_place.hpp"

#include <chrono>
#include <filesystem>
#include <optional>
#include <thread>
#include <utility>

#include "sluice/graph/run_generation.hpp"
#include "sluice/messages/job_text.hpp"
#include "sluice/state/file_meta_store.hpp"
#include "sluice/state/open_meta_store.hpp"
#include "sluice/state/posix_files.hpp"

namespace sluice {

namespace {

// In a directory whose truth is kept elsewhere: whose files these are. Without it a lost or
// mistaken store would begin a new run among the files of another, and collect them.
const std::string claim_name = "truth.elsewhere";
const std::string log_name = "truth.log";
const std::string outline_name = "graph.outline";

error to_decide(const std::string& what) { return {error_code::needs_decision, what}; }

// `job 00…0f`, then `store etcd://…`.
std::string claim_of(const job_id& job, const std::string& store) {
  return "job " + text_of(job) + "\nstore " + store + "\n";
}

// What `name` in `folder` holds; nothing if it is not there.
result<std::optional<std::string>> read_if_there(file_port& folder, const std::string& name) {
  auto bytes = folder.read(name);
  if (bytes) return std::optional{std::move(bytes).value()};
  if (bytes.failure().code == error_code::not_found) return std::optional<std::string>{};
  return bytes.failure();
}

// A directory has one truth, in it or elsewhere.
result<void> check_where(file_port& folder, bool elsewhere) {
  auto other = read_if_there(folder, elsewhere ? log_name : claim_name);
  if (!other) return other.failure();
  if (!other.value()) return {};
  if (elsewhere)
    return to_decide(folder.place() + "/" + log_name +
                     ": the truth about these checkpoints is kept here, not in cluster.store");
  return to_decide(folder.place() + "/" + claim_name +
                   ": the truth about these checkpoints is kept elsewhere: set cluster.store");
}

result<void> claim(file_port& folder, const job_id& job, const std::string& store) {
  const std::string mine = claim_of(job, store);
  auto there = read_if_there(folder, claim_name);
  if (!there) return there.failure();
  if (!there.value()) return write_durably(folder, claim_name, mine);
  const std::string of_job = mine.substr(0, mine.find('\n') + 1);
  if (there.value()->starts_with(of_job)) return {};
  return to_decide(folder.place() + "/" + claim_name +
                   ": these checkpoints are of another run than " + text_of(job) +
                   ", which is the one in " + store);
}

}  // namespace

result<checkpoint_place> open_checkpoint_place(const std::string& path, const std::string& store) {
  const bool elsewhere = !store.empty();
  auto truth = open_meta_store(elsewhere ? store : path);
  if (!truth) return undecided(truth.failure());
  auto folder = open_posix_files(path);
  if (!folder) return folder.failure();
  const std::shared_ptr<file_port> own = std::move(folder).value();
  if (auto right = check_where(*own, elsewhere); !right) return right.failure();
  auto files = open_posix_files(path);
  if (!files) return files.failure();
  checkpoint_place place;
  place.store = std::move(truth).value();
  keep_files_in(place, std::make_shared<checkpoint_store>(std::move(files).value()));
  keep_outline_in(place, own);
  if (elsewhere) place.claim = [own, store](const job_id& job) { return claim(*own, job, store); };
  return place;
}

result<checkpoint_place> open_checkpoint_files(const std::string& path) {
  auto folder = open_posix_files(path);
  if (!folder) return folder.failure();
  checkpoint_place place;
  keep_files_in(place, std::make_shared<checkpoint_store>(std::move(folder).value()));
  place.generation = [path]() -> result<generation_id> {
    auto files = open_posix_files(path);
    if (!files) return files.failure();
    auto truth = file_meta_store{std::move(files).value()}.load();
    if (!truth) return truth.failure();
    return truth.value() ? truth.value()->generation : generation_id{};
  };
  return place;
}

namespace {

result<std::optional<meta_truth>> truth_in_log(const std::string& path) {
  auto files = open_posix_files(path);
  if (!files) return files.failure();
  return file_meta_store{std::move(files).value()}.load();
}

result<std::optional<meta_truth>> truth_in(const std::string& store) {
  auto opened = open_meta_store(store);
  if (!opened) return opened.failure();
  return opened.value()->load();
}

}  // namespace

// The coordinator writes while this reads, so what looks torn is looked at again.
result<std::optional<job_id>> wait_for_job(const std::string& path, const std::string& store,
                                           const std::function<int()>& interrupted) {
  constexpr std::chrono::milliseconds look_every{50};
  constexpr int most_failures = 100;
  for (int failures = 0; !interrupted || interrupted() == 0;
       std::this_thread::sleep_for(look_every)) {
    if (!std::filesystem::is_directory(path)) continue;  // it is the coordinator that makes it
    auto truth = store.empty() ? truth_in_log(path) : truth_in(store);
    if (truth && truth.value()) return std::optional<job_id>{truth.value()->job};
    if (!truth && ++failures == most_failures) return undecided(truth.failure());
  }
  return std::optional<job_id>{};
}

result<std::optional<graph_outline>> find_outline(const checkpoint_place& place,
                                                  const meta_truth& truth) {
  auto kept = place.read_outline();
  if (!kept) return kept.failure();
  if (!kept.value() || kept.value()->job != truth.job) return std::optional<graph_outline>{};
  if (hash_of(kept.value()->graph) != truth.graph)
    return error{error_code::malformed,
                 place.where + '/' + outline_name + ": the graph is not that of truth.log"};
  return std::optional{std::move(kept.value()->graph)};
}

void keep_outline_in(checkpoint_place& place, std::shared_ptr<file_port> folder) {
  place.where = folder->place();
  place.read_outline = [folder]() -> result<std::optional<kept_outline>> {
    auto bytes = folder->read(outline_name);
    if (!bytes && bytes.failure().code == error_code::not_found)
      return std::optional<kept_outline>{};
    if (!bytes) return bytes.failure();
    auto kept = read_outline(bytes.value(), folder->place() + '/' + outline_name);
    if (!kept) return undecided(kept.failure());
    return std::optional{std::move(kept).value()};
  };
  place.keep_outline = [folder](const kept_outline& kept) {
    return replace_durably(*folder, outline_name, bytes_of(kept));
  };
}

void keep_files_in(checkpoint_place& place, std::shared_ptr<checkpoint_store> files) {
  place.write_file = [files](generation_id generation, const std::string& stage,
                             std::size_t instance, epoch_id epoch,
                             const snapshot_chain::file_content& content) {
    return files->write({.generation = generation,
                         .epoch = epoch,
                         .stage = stage,
                         .instance = static_cast<std::uint32_t>(instance),
                         .kind = content.base ? blob_kind::base : blob_kind::delta},
                        content.bytes);
  };
  place.read = [files](const instance_snapshot& of) -> result<std::string> {
    auto pieces = files->read(of);
    if (!pieces) return undecided(pieces.failure());
    std::size_t bytes = of.state.size();
    for (const auto& piece : pieces.value()) bytes += piece.size();
    std::string all;
    all.reserve(bytes);
    for (const auto& piece : pieces.value()) all += piece;
    all += of.state;
    return all;
  };
  place.collect = [files](const meta_truth& truth) {
    static_cast<void>(files->collect(truth));  // what is left over goes the next time
  };
}

}  // namespace sluice

#include "sluice/graph/checkpoint_place.hpp"

#include <chrono>
#include <filesystem>
#include <thread>
#include <utility>

#include "sluice/graph/run_generation.hpp"
#include "sluice/state/file_meta_store.hpp"
#include "sluice/state/posix_files.hpp"

namespace sluice {

result<checkpoint_place> open_checkpoint_place(const std::string& path) {
  auto store = file_meta_store::open(path);
  if (!store) return undecided(store.failure());
  auto folder = open_posix_files(path);
  if (!folder) return folder.failure();
  checkpoint_place place;
  place.store = std::move(store).value();
  keep_files_in(place, std::make_shared<checkpoint_store>(std::move(folder).value()));
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

// The coordinator writes while this reads, so what looks torn is looked at again.
result<std::optional<job_id>> wait_for_job(const std::string& path,
                                           const std::function<int()>& interrupted) {
  constexpr std::chrono::milliseconds look_every{50};
  constexpr int most_failures = 100;
  for (int failures = 0; !interrupted || interrupted() == 0;
       std::this_thread::sleep_for(look_every)) {
    if (!std::filesystem::is_directory(path)) continue;  // it is the coordinator that makes it
    auto files = open_posix_files(path);
    if (!files) return files.failure();
    auto truth = file_meta_store{std::move(files).value()}.load();
    if (truth && truth.value()) return std::optional<job_id>{truth.value()->job};
    if (!truth && ++failures == most_failures) return undecided(truth.failure());
  }
  return std::optional<job_id>{};
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
    std::string all;
    for (const auto& piece : pieces.value()) all += piece;
    return all + of.state;
  };
  place.collect = [files](const meta_truth& truth) {
    static_cast<void>(files->collect(truth));  // what is left over goes the next time
  };
}

}  // namespace sluice

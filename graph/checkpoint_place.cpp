#include "sluice/graph/checkpoint_place.hpp"

#include <utility>

#include "sluice/graph/run_generation.hpp"
#include "sluice/state/file_meta_store.hpp"
#include "sluice/state/posix_files.hpp"

namespace sluice {

namespace {
const std::string outline_name = "graph.outline";
}

result<checkpoint_place> open_checkpoint_place(const std::string& path) {
  auto store = file_meta_store::open(path);
  if (!store) return undecided(store.failure());
  auto folder = open_posix_files(path);
  if (!folder) return folder.failure();
  checkpoint_place place;
  place.store = std::move(store).value();
  keep_files_in(place, std::make_shared<checkpoint_store>(std::move(folder).value()));
  auto again = open_posix_files(path);
  if (!again) return again.failure();
  keep_outline_in(place, std::move(again).value());
  return place;
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
    std::string all;
    for (const auto& piece : pieces.value()) all += piece;
    return all + of.state;
  };
  place.collect = [files](const meta_truth& truth) {
    static_cast<void>(files->collect(truth));  // what is left over goes the next time
  };
}

}  // namespace sluice

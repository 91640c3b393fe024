#include "sluice/graph/restoring.hpp"

#include <algorithm>
#include <utility>

#include "sluice/state/key_groups.hpp"

namespace sluice {

std::vector<const instance_snapshot*> restoring::of(const std::string& stage) const {
  std::vector<const instance_snapshot*> found;
  if (const manifest* last = truth.last())
    for (const auto& one : last->instances)
      if (one.stage == stage) found.push_back(&one);
  return found;
}

result<source_snapshot> restoring::source(const std::string& stage, std::size_t i,
                                          std::size_t instances) const {
  const auto saved = of(stage);
  if (saved.empty()) return source_snapshot{};
  // TODO(later): move partitions between instances.
  if (saved.size() != instances)
    return error{error_code::needs_decision, "the checkpoint has " + std::to_string(saved.size()) +
                                                 " instances of this source, the graph " +
                                                 std::to_string(instances) +
                                                 ": sources keep their parallelism"};
  auto bytes = read(*saved[i]);
  if (!bytes) return bytes.failure();
  return source_snapshot_of(bytes.value());
}

result<snapshot_chain> restoring::load(const std::string& stage, std::size_t i,
                                       std::size_t instances, sluice::stage& work) const {
  auto saved = of(stage);
  const bool own = saved.size() == instances;
  if (own) saved = {saved[i]};
  // Of another number: everybody looks through everything for what is its own.
  std::vector<std::vector<saved_state>> chains;
  bool finished = !saved.empty();
  for (const auto* one : saved) {
    auto bytes = read(*one);
    if (!bytes) return bytes.failure();
    auto pieces = read_saved(bytes.value());
    if (!pieces) return pieces.failure();
    if (pieces.value().empty()) continue;
    finished = finished && pieces.value().back().finished;
    chains.push_back(std::move(pieces).value());
  }
  std::uint64_t whole_bytes = 0, changed_bytes = 0;
  for (auto& chain : chains) {
    auto from = std::find_if(chain.rbegin(), chain.rend(), [](const auto& s) { return s.whole; });
    if (from == chain.rend())
      return error{error_code::malformed, "the saved state of a stage has no beginning"};
    for (auto piece = from.base() - 1; piece != chain.end(); ++piece) {
      (piece->whole ? whole_bytes : changed_bytes) += piece->keys.size() + piece->rest.size();
      if (piece + 1 != chain.end()) piece->rest.clear();
      piece->finished = finished;
      if (auto taken = work.restore(*piece, groups_of(i, instances)); !taken)
        return taken.failure();
    }
  }
  return own ? snapshot_chain{*saved.front(), whole_bytes, changed_bytes} : snapshot_chain{};
}

result<resolution> restoring::resolve_source(const std::string& stage, std::size_t i,
                                             std::size_t instances) const {
  auto all = resolve(stage, i, instances);
  if (!all) return all;
  for (decided_epoch& one : all.value().decided) {
    auto saved = source_snapshot_of(one.prepared);
    if (!saved) return saved.failure();
    one.prepared = std::move(saved.value().prepared);
  }
  return all;
}

result<resolution> restoring::resolve(const std::string& stage, std::size_t i,
                                      std::size_t instances) const {
  if (generation_now) {
    const auto now = generation_now();
    if (!now) return now.failure();
    if (now.value() > how->generation)
      return error{error_code::failed, "generation " + std::to_string(now.value().value) +
                                           " is under way without this node"};
  }
  resolution all{how->generation, {}, truth.sealed.empty(), truth.job};
  for (const manifest& sealed : truth.sealed)
    for (const auto& one : sealed.instances)
      if (one.stage == stage && one.instance % instances == i)
        all.decided.push_back({one.epoch, sealed.generation, one.instance, one.state});
  return all;
}

}  // namespace sluice

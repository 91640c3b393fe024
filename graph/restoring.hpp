#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "sluice/actors/durability.hpp"
#include "sluice/actors/source_snapshot.hpp"
#include "sluice/connectors/sink.hpp"
#include "sluice/operators/saved_state.hpp"
#include "sluice/operators/snapshot_chain.hpp"
#include "sluice/operators/stage.hpp"
#include "sluice/state/meta_store.hpp"

namespace sluice {

/// Where a run with checkpoints goes on: what each instance of a deployment takes from the last
/// sealed epoch (docs/protocol.md R5, R6). A stage may have another number of instances than then.
struct restoring {
  std::shared_ptr<durability> how;
  meta_truth truth;  ///< As of the write that began the generation (R2).
  /// What an instance saved, put together from its files and its answer. Verifies them (D8).
  std::function<result<std::string>(const instance_snapshot&)> read;
  /// The generation that the truth is at by now; null where nobody else can have gone on.
  std::function<result<generation_id>()> generation_now;

  /// Where source instance `i` of `instances` was; nothing if it never was. Errors: there were
  /// other instances then.
  result<source_snapshot> source(const std::string& stage, std::size_t i,
                                 std::size_t instances) const;
  /// Gives `work`, instance `i` of `instances`, the keys it owns. Returns the chain on which its
  /// snapshots go on: a new one if there were other instances then.
  result<snapshot_chain> load(const std::string& stage, std::size_t i, std::size_t instances,
                              sluice::stage& work) const;
  /// What source instance `i` of `instances` has to see to, if it has rejected rows.
  result<resolution> resolve_source(const std::string& stage, std::size_t i,
                                    std::size_t instances) const;
  /// What sink instance `i` of `instances` has to see to. Errors: the others have gone on without
  /// this node meanwhile, so what lies outside may be theirs.
  result<resolution> resolve(const std::string& stage, std::size_t i, std::size_t instances) const;

 private:
  std::vector<const instance_snapshot*> of(const std::string& stage) const;
};

}  // namespace sluice

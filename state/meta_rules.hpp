#pragma once

#include <cstdint>
#include <optional>

#include "sluice/state/meta_store.hpp"

namespace sluice {

// What a write makes of the truth, for every store that decides by itself: `done` with the truth to
// be kept, or `refused` with the reason. `now` is the truth before it, or nothing if there is no
// run.

/// `meta_store::create`.
meta_answer created(const std::optional<meta_truth>& now, const job_id& job,
                    const graph_hash& graph);
/// `meta_store::bump_generation`.
meta_answer bumped(const std::optional<meta_truth>& now, generation_id expected,
                   std::uint64_t numbers);
/// `meta_store::put_commit`.
meta_answer sealed(const std::optional<meta_truth>& now, const manifest& m, std::uint64_t numbers);
/// `meta_store::take_back_last`.
meta_answer taken_back(const std::optional<meta_truth>& now, generation_id expected,
                       std::uint64_t numbers);
/// `meta_store::begin_again`.
meta_answer begun_again(const std::optional<meta_truth>& now, generation_id expected,
                        const job_id& job, const graph_hash& graph, std::uint64_t numbers);

}  // namespace sluice

#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "sluice/messages/checkpoint.hpp"
#include "sluice/messages/ids.hpp"
#include "sluice/records/result.hpp"

namespace sluice {

/// What a run is, durably.
struct meta_truth {
  job_id job;
  graph_hash graph;
  generation_id generation;
  /// Numbers of epochs up to this one may have been used. A new generation starts behind it.
  epoch_id reserved_to;
  /// The newest two sealed epochs, oldest first: what a sink may still have to commit.
  std::vector<manifest> sealed;

  /// The last sealed epoch; null if none is.
  const manifest* last() const { return sealed.empty() ? nullptr : &sealed.back(); }
  bool operator==(const meta_truth&) const = default;
};

/// How a conditional write ended.
enum class meta_outcome {
  done,
  refused,  ///< The condition did not hold: somebody else is ahead. Nothing was changed.
  unknown,  ///< It may or may not have happened. The process must exit (docs/protocol.md D7).
  not_now,  ///< It has not happened, for want of space or of a store in reach; may be tried again.
};

/// What `bump_generation` and `put_commit` answer.
struct meta_answer {
  meta_outcome outcome = meta_outcome::unknown;
  meta_truth truth;     ///< As of that very write; only with `done`.
  std::string message;  ///< Why not; empty with `done`.
};

/// The durable truth about one run: generation, sealed epochs (docs/protocol.md 11). Every write is
/// conditional, so two coordinators at once do no harm. Calls block; made by one thread at a time.
class meta_store {
 public:
  /// Numbers reserved by each write: a coordinator opens epochs only up to `reserved_to`.
  static constexpr std::uint64_t least_reserved = 1024;

  virtual ~meta_store() = default;

  /// The truth; nothing if no run was ever created here. An error with code `malformed` if what is
  /// there cannot be believed: it names the file and the place.
  virtual result<std::optional<meta_truth>> load() = 0;
  /// Begins a run: generation 0, no epoch. Refused if there is one.
  virtual meta_answer create(const job_id& job, const graph_hash& graph) = 0;
  /// Sets the generation to `expected` + 1 if it is `expected`, and reserves `numbers` more epoch
  /// numbers. The truth returned is the one to recover from, not one loaded before (R2).
  virtual meta_answer bump_generation(generation_id expected, std::uint64_t numbers) = 0;
  /// Seals `m.epoch` if the generation is `m.generation` and the epoch is greater than the last
  /// sealed one and at most `reserved_to`, and reserves `numbers` more (E6).
  virtual meta_answer put_commit(const manifest& m, std::uint64_t numbers) = 0;

  // What only a person asks for. Each is also a `bump_generation`: whoever ran before is shut out.

  /// Goes back behind the older of two sealed epochs; the newer is as if it had never been sealed.
  /// For epochs that no sink has shown (docs/protocol.md 9). Refused unless two are sealed.
  virtual meta_answer take_back_last(generation_id expected, std::uint64_t numbers);
  /// Another run takes the place of this one: nothing of it is sealed, numbers go on growing.
  virtual meta_answer begin_again(generation_id expected, const job_id& job,
                                  const graph_hash& graph, std::uint64_t numbers);
};

}  // namespace sluice

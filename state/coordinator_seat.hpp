#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "sluice/messages/ids.hpp"
#include "sluice/records/result.hpp"

namespace sluice {

/// Who coordinates a run, and where that process is reached.
struct seat_holder {
  std::string node;
  incarnation_id incarnation;
  std::vector<std::string> addresses;

  bool operator==(const seat_holder&) const = default;
};

/// A holder as the seat keeps it, a line each, to be read by people too. No part of it may contain
/// a line end.
std::string seat_text(const seat_holder& who);
/// Reads what `seat_text` wrote; `malformed` if it is something else.
result<seat_holder> read_seat_text(std::string_view text);

/// The seat of a run's coordinator (docs/protocol.md 11): every node that may coordinate tries to
/// take it now and then (200 ms apart is enough), who has it coordinates, who loses it exits.
///
///   while (!seat->try_take(me, now()).value()) wait(200ms);
///   while (seat->keep(now()) && seat->held(now())) wait(100ms);   // in a thread of its own
///   exit
///
/// The seat says who is to coordinate, never who may write: two that think they have it do no harm,
/// because every write of the `meta_store` is conditional on the generation. Calls block; made by
/// one thread at a time.
class coordinator_seat {
 public:
  /// Of a monotonic clock of the caller's, from any beginning; read just before the call.
  using instant = std::chrono::milliseconds;

  virtual ~coordinator_seat() = default;

  /// Takes the seat if nobody has it. True once it is ours; false while it is somebody else's. An
  /// error if that cannot be known now: then it is to be tried again.
  virtual result<bool> try_take(const seat_holder& me, instant now) = 0;
  /// Who has the seat; nothing while nobody has.
  virtual result<std::optional<seat_holder>> holder() = 0;
  /// Does what is due to keep the seat. To be called every 100 ms or so; may take 1.2 s. False once
  /// the seat is lost, and for ever.
  virtual bool keep(instant now) = 0;
  /// True while nobody else can have the seat. To be asked after whatever took time.
  virtual bool held(instant now) const = 0;
  /// Frees the seat at once, as far as that can be done.
  virtual void give_up() = 0;
};

}  // namespace sluice

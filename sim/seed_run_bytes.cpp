// An outcome on its way from the process that ran it.
#include <utility>

#include "sluice/sim/seed_run.hpp"
#include "sluice/state/snapshot_bytes.hpp"

namespace sluice::sim {

std::string bytes_of(const seed_outcome& outcome) {
  snapshot_writer to;
  to.text(outcome.problem);
  to.count(outcome.cuts.size());
  for (const sealed_cut& cut : outcome.cuts) {
    to.value(cut.epoch.value);
    to.count(cut.sources.size());
    for (const auto& part : cut.sources) {
      to.text(part.stage);
      to.value(part.instance);
      to.value(part.rows);
      to.value(part.ended);
    }
  }
  to.count(outcome.shown.size());
  for (const shown_epoch& epoch : outcome.shown) {
    to.value(epoch.sink);
    to.value(epoch.epoch);
    to.count(epoch.rows.size());
    for (const std::string& row : epoch.rows) to.text(row);
  }
  to.count(outcome.faults.size());
  for (const auto& [kind, count] : outcome.faults) {
    to.text(kind);
    to.value(count);
  }
  for (const std::uint64_t number :
       {outcome.recoveries, outcome.restarts, outcome.virtual_us, outcome.trace})
    to.value(number);
  return to.take();
}

result<seed_outcome> seed_outcome_of(std::string_view bytes) {
  snapshot_reader from{bytes};
  const auto number = [&from] { return from.value<std::uint64_t>(); };
  seed_outcome outcome;
  outcome.problem = from.text();
  for (auto left = from.count(8); left > 0; --left) {
    sealed_cut cut{{number()}, {}};
    for (auto parts = from.count(8); parts > 0; --parts) {
      sealed_cut::part part;
      part.stage = from.text();
      part.instance = from.value<std::uint32_t>();
      part.rows = number();
      part.ended = from.value<bool>();
      cut.sources.push_back(std::move(part));
    }
    outcome.cuts.push_back(std::move(cut));
  }
  for (auto left = from.count(8); left > 0; --left) {
    shown_epoch epoch{number(), number(), {}};
    for (auto rows = from.count(8); rows > 0; --rows) epoch.rows.emplace_back(from.text());
    outcome.shown.push_back(std::move(epoch));
  }
  for (auto left = from.count(8); left > 0; --left) {
    std::string kind{from.text()};
    outcome.faults[std::move(kind)] = number();
  }
  for (std::uint64_t* const to :
       {&outcome.recoveries, &outcome.restarts, &outcome.virtual_us, &outcome.trace})
    *to = number();
  if (auto done = from.finish(); !done) return done.failure();
  return outcome;
}

}  // namespace sluice::sim

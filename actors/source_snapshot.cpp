#include "sluice/actors/source_snapshot.hpp"

#include <cstdint>

#include "sluice/state/snapshot_bytes.hpp"

namespace sluice {

std::string bytes_of(const source_snapshot& snapshot) {
  snapshot_writer to;
  to.text(snapshot.position);
  to.value(snapshot.newest.us);
  to.value(snapshot.rows);
  if (!snapshot.prepared.empty()) to.text(snapshot.prepared);
  return to.take();
}

result<source_snapshot> source_snapshot_of(std::string_view bytes) {
  snapshot_reader from{bytes};
  source_snapshot snapshot;
  snapshot.position = from.text();
  snapshot.newest = {from.value<std::int64_t>()};
  snapshot.rows = from.value<std::uint64_t>();
  if (from.left() > 0) snapshot.prepared = from.text();
  if (auto done = from.finish(); !done) return done.failure();
  return snapshot;
}

}  // namespace sluice

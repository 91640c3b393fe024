#include "sluice/operators/saved_state.hpp"

#include <cstdint>
#include <utility>

#include "sluice/state/snapshot_bytes.hpp"

namespace sluice {

namespace {

// Bits of the first byte.
constexpr std::uint8_t whole_bit = 1;
constexpr std::uint8_t finished_bit = 2;

}  // namespace

void append_saved(std::string& to, const saved_state& what) {
  snapshot_writer bytes;
  bytes.value(
      static_cast<std::uint8_t>((what.whole ? whole_bit : 0) | (what.finished ? finished_bit : 0)));
  bytes.text(what.keys);
  bytes.text(what.rest);
  to += bytes.bytes();
}

result<std::vector<saved_state>> read_saved(std::string_view bytes) {
  std::vector<saved_state> all;
  snapshot_reader from{bytes};
  while (from.left() > 0 && from.sound()) {
    const auto bits = from.value<std::uint8_t>();
    if (bits > (whole_bit | finished_bit)) from.refuse("a saved state has unknown bits");
    saved_state one{.whole = (bits & whole_bit) != 0, .keys = {}, .rest = {}};
    one.finished = (bits & finished_bit) != 0;
    one.keys = from.text();
    one.rest = from.text();
    all.push_back(std::move(one));
  }
  if (auto done = from.finish(); !done) return done.failure();
  return all;
}

}  // namespace sluice

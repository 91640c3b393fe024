// Reads bytes as the outline of a graph, as they are and with the checksum put right: whatever they
// are, they are refused by name or are what a writer would have written.
#include <cstdint>
#include <string>
#include <string_view>

#include "sluice/records/crc32c.hpp"
#include "sluice/state/graph_outline.hpp"
#include "sluice/state/snapshot_bytes.hpp"
#include "sluice/tests/fuzz/read_outcome.hpp"

namespace sluice {

namespace {

void read_as_outline(std::string_view bytes) {
  const auto kept = read_outline(bytes, "outline");
  if (!kept) return fuzz::require(kept.failure().message.starts_with("outline: "));
  fuzz::require(bytes_of(kept.value()) == bytes);
}

}  // namespace

}  // namespace sluice

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes{reinterpret_cast<const char*>(data), size};
  sluice::read_as_outline(bytes);
  sluice::snapshot_writer whole;
  whole.raw("sluice-g");
  whole.value(std::uint32_t{1});
  whole.raw(bytes);
  whole.value(sluice::crc32c(whole.bytes()));
  sluice::read_as_outline(whole.bytes());
  return 0;
}

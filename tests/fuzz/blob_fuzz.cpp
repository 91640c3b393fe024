// Reads bytes as a checkpoint file, and once more with lengths and checksums put right: whatever
// they are, they are refused by name or hold a state within the limit.
#include <cstdint>
#include <string>
#include <string_view>

#include "sluice/records/crc32c.hpp"
#include "sluice/state/checkpoint_blob.hpp"
#include "sluice/state/snapshot_bytes.hpp"
#include "sluice/tests/fuzz/read_outcome.hpp"

namespace sluice {

namespace {

constexpr blob_limits limits{.compression = 1, .most_content = 100'000};

void read_as_blob(std::string_view bytes) {
  const auto blob = unpack_blob(bytes, "blob", limits);
  if (!blob) {
    fuzz::require(blob.failure().message.starts_with("blob: "));
    return;
  }
  fuzz::require(blob.value().content.size() <= limits.most_content);
  const auto again = pack_blob(blob.value().what, blob.value().content, limits);
  fuzz::require(again && unpack_blob(again.value(), "blob", limits).value() == blob.value());
}

// The input gives kind, length of the state, length of the stage's name, the name, packed bytes.
std::string blob_around(std::string_view bytes) {
  snapshot_reader in{bytes};
  const auto kind = in.value<std::uint8_t>();
  const auto content_bytes = in.value<std::uint32_t>();
  const auto stage_bytes = in.value<std::uint8_t>();
  const auto stage = in.raw(stage_bytes);
  const auto packed = in.raw(in.left());
  snapshot_writer out;
  out.raw("sluice-c");
  out.value(std::uint32_t{1});
  out.value(std::uint32_t{kind});
  out.value(std::uint64_t{1});
  out.value(std::uint64_t{2});
  out.value(std::uint32_t{3});
  const std::uint64_t whole = 68 + stage.size() + 4 + packed.size() + 20;
  out.value(whole);
  out.value(std::uint64_t{content_bytes});
  out.value<std::uint64_t>(packed.size());
  out.text(stage);
  out.value(crc32c(out.bytes()));
  out.raw(packed);
  const std::uint32_t checksum = crc32c(out.bytes());
  out.raw("c-eciuls");
  out.value(whole);
  out.value(checksum);
  return out.take();
}

}  // namespace

}  // namespace sluice

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes{reinterpret_cast<const char*>(data), size};
  sluice::read_as_blob(bytes);
  sluice::read_as_blob(sluice::blob_around(bytes));
  return 0;
}

// Reads bytes as a commit log, as its witness and as the truth in a record: whatever they are, they
// are refused or are what a writer would have written.
#include <cstdint>
#include <string>
#include <string_view>

#include "sluice/state/meta_log.hpp"
#include "sluice/state/meta_truth_bytes.hpp"
#include "sluice/state/snapshot_bytes.hpp"
#include "sluice/tests/fuzz/read_outcome.hpp"

namespace sluice {

namespace {

void read_as_log(std::string_view bytes) {
  const auto seen = read_witness(bytes);
  for (const auto& witness : {std::optional<log_position>{}, seen}) {
    const auto log = read_log(bytes, "log", witness);
    if (log)
      fuzz::require(log.value().end.bytes + log.value().torn_bytes == bytes.size());
    else
      fuzz::require(log.failure().message.starts_with("log: byte "));
  }
}

// Past the checksums, which hardly ever fit by chance: a truth that is read is written the same,
// and in a log it comes back.
void read_as_truth(std::string_view bytes) {
  snapshot_reader in{bytes};
  const meta_truth truth = read_truth(in);
  fuzz::require(in.at() <= bytes.size());
  if (!in.finish()) return;
  snapshot_writer out;
  write_truth(out, truth);
  fuzz::require(out.bytes() == bytes);
  const auto head = begin_log(7);
  const auto record = log_record_of(truth, 3, head.end);
  const auto log = read_log(head.bytes + record.bytes, "log", record.end);
  fuzz::require(log && log.value().truth == truth && log.value().writes == 3);
}

}  // namespace

}  // namespace sluice

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes{reinterpret_cast<const char*>(data), size};
  sluice::read_as_log(bytes);
  sluice::read_as_truth(bytes);
  return 0;
}

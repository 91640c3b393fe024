// Reads bytes as a log of received bytes, as they are and as the content of a record whose
// checksums fit, and as the record of what was appended to a file: whatever they are, they are
// refused by name or do no harm.
#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "sluice/connectors/byte_log.hpp"
#include "sluice/connectors/epoch_file.hpp"
#include "sluice/records/crc32c.hpp"
#include "sluice/sim/sim_disk.hpp"
#include "sluice/state/snapshot_bytes.hpp"
#include "sluice/tests/fuzz/read_outcome.hpp"

namespace sluice {

namespace {

constexpr job_id job{{1, 2}};

void put(file_port& files, const std::string& name, std::string_view bytes) {
  fuzz::require(static_cast<bool>(files.create(name).value()->append(bytes)));
}

void read_as_log(std::string_view bytes) {
  sim::sim_disk disk{1};
  put(*disk.open(), "bytes.00000000000000000000.log", bytes);
  auto opened = byte_log::open(disk.open(), job);
  if (!opened) return fuzz::require(opened.failure().message.starts_with("disk"));
  byte_log& log = *opened.value();
  fuzz::require(log.end() <= bytes.size());
  std::array<char, 64> room{};
  for (std::uint64_t at = log.begin(); at < log.end();) {
    const auto n = log.read(at, room);
    fuzz::require(n && n.value() > 0);
    at += n.value();
  }
  const std::uint64_t before = log.end();
  fuzz::require(static_cast<bool>(log.append("more\n")));
  auto again = byte_log::open(disk.open(), job);
  fuzz::require(again && again.value()->end() == before + 5);
}

std::string log_around(std::string_view bytes) {
  snapshot_writer out;
  out.raw("sluice-b");
  out.value(std::uint32_t{1});
  out.value(std::uint64_t{1});
  out.value(std::uint64_t{2});
  out.value(std::uint64_t{0});
  const std::uint32_t of_head = crc32c(out.bytes());
  out.value(of_head);
  snapshot_reader in{bytes};
  snapshot_writer record;
  record.value(std::uint32_t{0x62636572});
  record.value(std::uint32_t{in.value<std::uint8_t>()});
  record.value(in.value<std::uint32_t>());
  const auto content = in.raw(in.left());
  const std::uint32_t checksum = crc32c(record.bytes());
  const std::uint32_t chained = crc32c(content, crc32c(record.bytes(), of_head));
  record.value(checksum);
  record.value(chained);
  record.raw(content);
  out.raw(record.bytes());
  return out.take();
}

void read_as_progress(std::string_view bytes) {
  sim::sim_disk disk{1};
  snapshot_writer whole;
  whole.raw("sluice-a");
  whole.value(std::uint32_t{1});
  whole.raw(bytes);
  whole.value(crc32c(whole.bytes()));
  put(*disk.open(), ".bad.jsonl.appending", whole.bytes());
  const auto finished =
      epoch_file{disk.open(), "bad.jsonl"}.resolve({.generation = {1}, .decided = {}}, 0, 1);
  if (!finished)
    fuzz::require(finished.failure().message.starts_with("disk/.bad.jsonl.appending: "));
}

}  // namespace

}  // namespace sluice

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes{reinterpret_cast<const char*>(data), size};
  sluice::read_as_log(bytes);
  sluice::read_as_log(sluice::log_around(bytes));
  sluice::read_as_progress(bytes);
  return 0;
}

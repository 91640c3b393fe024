// Reads bytes as CSV: whatever they are, every row is read or rejected, the same however the input
// is cut.
#include <cstdint>
#include <utility>

#include "sluice/connectors/csv_reader.hpp"
#include "sluice/records/record.hpp"
#include "sluice/tests/fuzz/read_outcome.hpp"

namespace sluice {

namespace {

struct entry {
  std::uint8_t id;
  std::string_view name;
  std::optional<double> amount;
  std::optional<instant> at;
  std::optional<std::string_view> note;
};
SLUICE_RECORD(entry, id, name, amount, at, note);

std::unique_ptr<source_reader> open_rows(input_files files, const source_context& at) {
  auto reader = csv_reader::open(
      std::move(files), schema_of<entry>(),
      {.head = head_line::absent, .max_field = 100, .max_row = 300, .reject_file = {}}, at);
  fuzz::require(static_cast<bool>(reader));
  return std::move(reader).value();
}

// A head line is taken or refused by name.
void read_head(std::string_view text) {
  auto files = input_files::of("in", memory_bytes(std::string(text), 7), 16);
  fuzz::require(static_cast<bool>(files));
  const csv_options options{.extra = extra_columns::ignored, .reject_file = {}};
  const auto head = read_csv_head(*files.value().current(), "in", schema_of<entry>(), options);
  fuzz::require(head || head.failure().message.starts_with("in: "));
}

}  // namespace

}  // namespace sluice

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  sluice::fuzz::require_same_however_cut(text, sluice::open_rows);
  sluice::read_head(text);
  return 0;
}

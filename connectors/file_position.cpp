#include "sluice/connectors/file_position.hpp"

#include "sluice/state/snapshot_bytes.hpp"

namespace sluice {

namespace {
constexpr std::uint8_t format = 1;
}

std::string bytes_of(const file_position& position) {
  snapshot_writer to;
  to.value(format);
  to.value(position.file);
  to.text(position.name);
  to.value(position.offset);
  to.value(position.line);
  to.value(static_cast<std::uint8_t>(position.within_line));
  to.value(position.head);
  to.value(position.tail);
  return to.take();
}

result<file_position> file_position_of(std::string_view bytes) {
  snapshot_reader from{bytes};
  if (from.value<std::uint8_t>() != format) from.refuse("another format of file positions");
  file_position position;
  position.file = from.value<std::uint32_t>();
  position.name = from.text();
  position.offset = from.value<std::uint64_t>();
  position.line = from.value<std::uint64_t>();
  position.within_line = from.value<std::uint8_t>() != 0;
  position.head = from.value<std::uint64_t>();
  position.tail = from.value<std::uint64_t>();
  if (auto done = from.finish(); !done) return done.failure();
  return position;
}

}  // namespace sluice

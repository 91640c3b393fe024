#include "sluice/messages/wire.hpp"

#include <wire.pb.h>

namespace sluice {

namespace {

error malformed(frame_type type, std::string_view what) {
  return {error_code::malformed,
          "header of a " + std::string(to_string(type)) + " frame: " + std::string(what)};
}

}  // namespace

std::string to_wire(const rows_header& header) {
  wire::Rows m;
  m.set_watermark_us(header.watermark.us);
  for (const std::uint32_t bytes : header.part_bytes) m.add_part_bytes(bytes);
  return m.SerializeAsString();
}

result<rows_header> read_rows_header(std::string_view header) {
  wire::Rows m;
  if (header.size() > most_header_bytes) return malformed(frame_type::rows, "too large");
  if (!m.ParseFromArray(header.data(), static_cast<int>(header.size())))
    return malformed(frame_type::rows, "not what its type has");
  if (static_cast<std::size_t>(m.part_bytes_size()) > most_header_entries)
    return malformed(frame_type::rows, "a list that is too long");
  return rows_header{{m.watermark_us()}, {m.part_bytes().begin(), m.part_bytes().end()}};
}

std::string marker_header(instant watermark) {
  wire::Marker m;
  m.set_watermark_us(watermark.us);
  return m.SerializeAsString();
}

result<instant> read_marker_header(std::string_view header) {
  wire::Marker m;
  if (header.size() > most_header_bytes) return malformed(frame_type::marker, "too large");
  if (!m.ParseFromArray(header.data(), static_cast<int>(header.size())))
    return malformed(frame_type::marker, "not what its type has");
  return instant{m.watermark_us()};
}

}  // namespace sluice

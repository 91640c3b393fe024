#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sluice/messages/control.hpp"
#include "sluice/records/instant.hpp"
#include "sluice/records/result.hpp"

namespace sluice {

/// Bytes a frame's header may have. Parsing can take a hundred times as many: larger ones are
/// refused unparsed.
inline constexpr std::size_t most_header_bytes = 65'536;
/// Entries any list in a header may have.
inline constexpr std::size_t most_header_entries = 4'096;

/// What the header of a rows frame says.
struct rows_header {
  instant watermark;  ///< May be promised behind the rows.
  /// Bytes of every part of the columns, without padding: for each column its validity if the field
  /// is optional, its values, its text if it has any.
  std::vector<std::uint32_t> part_bytes;

  bool operator==(const rows_header&) const = default;
};

// Frames ⇄ the bytes of their headers. The only home of Protobuf. `from_wire` and `read_…` take any
// bytes, and answer `malformed` to what no `to_wire` has made: too large, not Protobuf, enumerators
// that do not exist, lists that are too long, text that is not UTF-8.

/// The header of `frame`. An error if it would be larger than headers may be.
result<std::string> to_wire(const control_frame& frame);
/// The frame of `type`, neither rows nor marker, whose prologue says `place` and whose header is
/// `header`.
result<control_frame> from_wire(frame_type type, const frame_place& place, std::string_view header);

std::string to_wire(const rows_header& header);
result<rows_header> read_rows_header(std::string_view header);

/// The header of a marker: its watermark. The rest of it is in the prologue.
std::string marker_header(instant watermark);
result<instant> read_marker_header(std::string_view header);

}  // namespace sluice

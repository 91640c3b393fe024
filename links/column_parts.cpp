#include "sluice/links/column_parts.hpp"

#include <cstring>
#include <string>
#include <utility>

#include "sluice/records/assert.hpp"
#include "sluice/records/utf8.hpp"

namespace sluice {

namespace {

// Where a batch with fewer costs as much as its bytes.
constexpr std::size_t least_narrow_rows = 1024;

bool bit(std::string_view bits, std::size_t i) {
  return (static_cast<unsigned char>(bits[i / 8]) >> (i % 8) & 1) != 0;
}

// What is wrong with a column of booleans. One without a value may hold anything.
std::string_view fault_of_booleans(std::string_view values, std::string_view validity) {
  for (std::size_t i = 0; i < values.size(); ++i)
    if (static_cast<unsigned char>(values[i]) > 1 && (validity.empty() || bit(validity, i)))
      return "a bool that is neither 0 nor 1";
  return {};
}

std::string_view fault_of_text(std::string_view ends, std::string_view text) {
  std::uint32_t before = 0;
  for (std::size_t at = 0; at < ends.size(); at += 4) {
    std::uint32_t end;
    std::memcpy(&end, ends.data() + at, sizeof end);
    if (end < before) return "ends of text that do not ascend";
    if (end > text.size()) return "text that ends outside";
    // The text as a whole is checked below: a value is a piece of it between two characters.
    if (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80)
      return "text that ends within a character";
    before = end;
  }
  if (before != text.size()) return "text behind its last end";
  return is_utf8(text) ? std::string_view{} : "text that is not UTF-8";
}

}  // namespace

std::vector<column_part> parts_of(const column_batch& rows) {
  const auto& fields = rows.fields().fields;
  std::vector<column_part> parts;
  parts.reserve(3 * fields.size());
  for (std::size_t c = 0; c < fields.size(); ++c) {
    if (fields[c].optional)
      parts.push_back({reinterpret_cast<const std::byte*>(rows.validity(c)), (rows.size() + 7) / 8,
                       static_cast<unsigned>(7 - (rows.size() + 7) % 8)});
    parts.push_back(
        {rows.values<std::byte>(c), rows.size() * width(fields[c].type), 0, fields[c].type});
    if (fields[c].type == column_type::text)
      parts.push_back({reinterpret_cast<const std::byte*>(rows.text(c)), rows.text_bytes(c)});
  }
  return parts;
}

bool narrow(std::vector<column_part>& parts, std::size_t rows) {
  if (rows < least_narrow_rows) return false;
  std::size_t before = 0, after = 0;
  std::vector<narrow_form> forms(parts.size());
  for (std::size_t p = 0; p < parts.size(); ++p) {
    forms[p] = shortest_form(parts[p].type, parts[p].from, rows);
    before += parts[p].bytes;
    after += forms[p].width != 0 ? forms[p].bytes(rows) : parts[p].bytes;
  }
  if (4 * after > 3 * before) return false;
  for (std::size_t p = 0; p < parts.size(); ++p)
    if (forms[p].width != 0) {
      parts[p].form = forms[p];
      parts[p].bytes = forms[p].bytes(rows);
    }
  return true;
}

void write_part(const column_part& part, std::size_t rows, char* to) {
  if (part.form.width != 0)
    write_narrow(part.type, part.from, rows, part.form, to);
  else if (part.bytes != 0)
    std::memcpy(to, part.from, part.bytes);
}

bool lie_as_in_a_batch(std::span<const std::uint32_t> part_bytes, const schema& fields,
                       std::size_t rows) {
  auto part = part_bytes.begin();
  for (const field_info& field : fields.fields) {
    if (field.optional) ++part;
    if (*part++ != rows * width(field.type)) return false;
    if (field.type == column_type::text) ++part;
  }
  return true;
}

void copy_columns(std::string_view payload, std::span<const std::uint32_t> part_bytes,
                  column_batch& to) {
  const std::span<std::byte> columns = to.memory().subspan(column_batch::head_room);
  const char* from = payload.data();
  std::size_t at = 0;
  auto part = part_bytes.begin();
  const auto padded = [](std::size_t bytes) { return (bytes + 63) / 64 * 64; };
  const auto copy = [&](column_type type, std::size_t whole) {
    const std::size_t bytes = *part++;
    SLUICE_ASSERT(at + whole <= columns.size(), "columns lie in a frame as in a batch");
    if (bytes != whole)
      read_narrow(type, {from, bytes}, to.size(), columns.data() + at);
    else if (bytes != 0)
      std::memcpy(columns.data() + at, from, bytes);
    from += padded(bytes);
    at += padded(whole);
  };
  for (const field_info& field : to.fields().fields) {
    if (field.optional) copy(field.type, (to.size() + 7) / 8);
    copy(field.type, to.size() * width(field.type));
    if (field.type == column_type::text) copy(field.type, *part);
  }
}

result<std::vector<std::uint32_t>> check_columns(std::string_view payload,
                                                 std::span<const std::uint32_t> part_bytes,
                                                 const schema& fields, std::size_t rows) {
  std::size_t at = 0;
  std::size_t part = 0;
  const auto malformed = [](std::string what) {
    return error{error_code::malformed, std::move(what)};
  };
  // All sizes first: what is declared, what the record asks for and what is there must agree.
  std::vector<std::string_view> pieces;
  pieces.reserve(3 * fields.fields.size());
  constexpr std::size_t any = SIZE_MAX;
  const auto take = [&](std::size_t wanted) {
    if (part == part_bytes.size()) return false;
    const std::size_t bytes = part_bytes[part++];
    const std::size_t padded = (bytes + 63) / 64 * 64;
    if ((wanted != any && bytes != wanted) || padded > payload.size() - at) return false;
    pieces.push_back(payload.substr(at, bytes));
    at += padded;
    return true;
  };
  const auto values = [&](column_type type) {
    const std::size_t declared = part < part_bytes.size() ? part_bytes[part] : 0;
    return narrow_width(type, rows, declared) != 0 ? declared : rows * width(type);
  };
  for (const field_info& field : fields.fields) {
    const bool text = field.type == column_type::text;
    if ((field.optional && !take((rows + 7) / 8)) || !take(values(field.type)) ||
        (text && !take(any)))
      return malformed("column " + std::string(field.name) + ": wrong size");
  }
  if (part != part_bytes.size()) return malformed("more columns than the record has");
  if (at != payload.size()) return malformed("bytes behind the last column");

  std::vector<std::uint32_t> text_bytes(fields.fields.size());
  auto piece = pieces.begin();
  for (std::size_t c = 0; c < fields.fields.size(); ++c) {
    const field_info& field = fields.fields[c];
    const std::string_view validity = field.optional ? *piece++ : std::string_view{};
    const std::string_view values = *piece++;
    std::string_view fault;
    if (values.size() != rows * width(field.type)) fault = fault_of_narrow(field.type, values);
    if (field.type == column_type::boolean) fault = fault_of_booleans(values, validity);
    if (field.type == column_type::text) {
      fault = fault_of_text(values, *piece);
      text_bytes[c] = static_cast<std::uint32_t>((piece++)->size());
    }
    if (!fault.empty())
      return malformed("column " + std::string(field.name) + ": " + std::string(fault));
  }
  return text_bytes;
}

}  // namespace sluice

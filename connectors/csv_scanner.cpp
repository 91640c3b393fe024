#include "sluice/connectors/csv_scanner.hpp"

#include <bit>
#include <cstring>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace sluice {

namespace {

constexpr std::size_t block_bytes = 64;

// One bit for each of 64 bytes: is it the separator, a line end or a quote?
std::uint64_t marks_in(const char* block, char separator) {
  std::uint64_t marks = 0;
#ifdef __SSE2__
  const __m128i separators = _mm_set1_epi8(separator);
  const __m128i line_ends = _mm_set1_epi8('\n');
  const __m128i quotes = _mm_set1_epi8('"');
  for (int i = 0; i < 4; ++i) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(block + 16 * i));
    const __m128i found = _mm_or_si128(
        _mm_or_si128(_mm_cmpeq_epi8(bytes, separators), _mm_cmpeq_epi8(bytes, line_ends)),
        _mm_cmpeq_epi8(bytes, quotes));
    marks |= static_cast<std::uint64_t>(static_cast<std::uint32_t>(_mm_movemask_epi8(found)))
             << (16 * i);
  }
#else
  for (std::size_t i = 0; i < block_bytes; ++i)
    marks |=
        static_cast<std::uint64_t>(block[i] == separator || block[i] == '\n' || block[i] == '"')
        << i;
#endif
  return marks;
}

// The same, for the bytes that are before `end`.
std::uint64_t marks_before_end(const char* block, const char* end, char separator) {
  if (block >= end) return 0;
  const std::uint64_t marks = marks_in(block, separator);
  const auto left = static_cast<std::size_t>(end - block);
  return left >= block_bytes ? marks : marks & ((std::uint64_t{1} << left) - 1);
}

std::string_view between(const char* from, const char* to) {
  return {from, static_cast<std::size_t>(to - from)};
}

}  // namespace

std::string undouble(std::string_view text) {
  std::string value;
  value.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    value += text[i];
    if (text[i] == '"') ++i;
  }
  return value;
}

csv_scanner::csv_scanner(char separator, std::size_t kept, std::size_t max_field)
    : separator_(separator), max_field_(max_field), fields_(kept) {}

void csv_scanner::look_at(std::string_view rest, bool whole) {
  end_ = rest.data() + rest.size();
  whole_ = whole;
  at_ = rest.data();
  look_from(at_);
}

void csv_scanner::look_from(const char* at) {
  block_ = at;
  marks_ = marks_before_end(block_, end_, separator_);
}

csv_row csv_scanner::finish(const csv_row& found, const char* length, const char* end) {
  csv_row row = found;
  row.found = csv_found::row;
  row.length = static_cast<std::size_t>(length - at_);
  row.bytes = static_cast<std::size_t>(end - at_);
  at_ = end;
  return row;
}

csv_row csv_scanner::broken(const csv_row& found, std::string_view reason, const char* seen) const {
  csv_row row = found;
  row.found = csv_found::broken;
  row.length = static_cast<std::size_t>(seen - at_);
  row.reason = reason;
  return row;
}

// The block and its marks are kept in registers within a row: this loop is what reading CSV costs.
csv_row csv_scanner::next() {
  csv_row row;
  if (at_ == end_) return row;
  csv_field* const fields = fields_.data();
  const std::size_t most = fields_.size();
  const char separator = separator_;
  const char* field = at_;
  const char* block = block_;
  std::uint64_t marks = marks_;
  for (;;) {
    while (marks == 0) {
      block += block_bytes;
      if (block >= end_) {
        if (!whole_) return {};
        const char* last = end_ > field && end_[-1] == '\r' ? end_ - 1 : end_;
        keep(row, {between(field, last)});
        return finish(row, last, end_);
      }
      marks = marks_before_end(block, end_, separator);
    }
    const char* mark = block + std::countr_zero(marks);
    marks &= marks - 1;
    if (*mark == separator) {
      if (row.fields < most) fields[row.fields] = {between(field, mark)};
      ++row.fields;
      field = mark + 1;
    } else if (*mark == '\n') {
      const char* last = mark > field && mark[-1] == '\r' ? mark - 1 : mark;
      keep(row, {between(field, last)});
      block_ = block;
      marks_ = marks;
      return finish(row, last, mark + 1);
    } else if (mark != field) {
      return broken(row, "a quote inside a field without quotes", mark + 1);
    } else {
      const char* behind = scan_quoted(row, mark + 1);
      if (!behind) return row;
      const bool returned = behind != end_ && *behind == '\r';
      const char* line_end = behind + (returned ? 1 : 0);
      if (line_end == end_) return whole_ ? finish(row, behind, end_) : csv_row{};
      look_from(line_end + 1);
      if (*line_end == '\n') return finish(row, behind, line_end + 1);
      if (returned || *line_end != separator) {
        return broken(row, "text behind a closing quote", line_end + 1);
      }
      field = line_end + 1;
      block = block_;
      marks = marks_;
    }
  }
}

void csv_scanner::keep(csv_row& row, csv_field field) {
  if (row.fields < fields_.size()) fields_[row.fields] = field;
  ++row.fields;
}

// Scans the field whose text begins at `from` and returns the place behind its closing quote; null
// if there is none, and `row` says why.
const char* csv_scanner::scan_quoted(csv_row& row, const char* from) {
  row.quotes = true;
  csv_form form = csv_form::quoted;
  for (const char* at = from;;) {
    const auto* quote =
        static_cast<const char*>(std::memchr(at, '"', static_cast<std::size_t>(end_ - at)));
    if (static_cast<std::size_t>((quote ? quote : end_) - from) > max_field_) {
      row = broken(row, "a field in quotes is over the limit", from + max_field_ + 1);
      return nullptr;
    }
    if (!quote || quote + 1 == end_) {
      if (quote && whole_) {
        keep(row, {between(from, quote), form});
        return end_;
      }
      if (whole_) row = broken(row, "an open quote", end_);
      return nullptr;
    }
    if (quote[1] != '"') {
      keep(row, {between(from, quote), form});
      return quote + 1;
    }
    form = csv_form::doubled;
    at = quote + 2;
  }
}

}  // namespace sluice

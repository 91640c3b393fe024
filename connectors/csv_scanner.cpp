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
  marks_ = at < end_ ? marks_in(at, separator_) : 0;
}

// The next separator, line end or quote; null if there is none before the end.
const char* csv_scanner::next_mark() {
  while (marks_ == 0) {
    block_ += block_bytes;
    if (block_ >= end_) return nullptr;
    marks_ = marks_in(block_, separator_);
  }
  const char* mark = block_ + std::countr_zero(marks_);
  if (mark >= end_) return nullptr;
  marks_ &= marks_ - 1;
  return mark;
}

void csv_scanner::keep(csv_row& row, csv_field field) {
  if (row.fields < fields_.size()) fields_[row.fields] = field;
  ++row.fields;
}

csv_row csv_scanner::finish(csv_row row, const char* from, const char* length, const char* end) {
  row.found = csv_found::row;
  row.length = static_cast<std::size_t>(length - from);
  row.bytes = static_cast<std::size_t>(end - from);
  at_ = end;
  return row;
}

csv_row csv_scanner::next() {
  const char* const start = at_;
  csv_row row;
  if (start == end_) return row;
  const char* field = start;
  for (;;) {
    const char* mark = next_mark();
    if (mark && *mark == separator_) {
      keep(row, {between(field, mark)});
      field = mark + 1;
    } else if (mark && *mark == '\n') {
      const char* last = mark > field && mark[-1] == '\r' ? mark - 1 : mark;
      keep(row, {between(field, last)});
      return finish(row, start, last, mark + 1);
    } else if (!mark) {
      if (!whole_) return {};
      const char* last = end_ > field && end_[-1] == '\r' ? end_ - 1 : end_;
      keep(row, {between(field, last)});
      return finish(row, start, last, end_);
    } else if (mark != field) {
      row.found = csv_found::broken;
      row.reason = "a quote inside a field without quotes";
      return row;
    } else {
      const char* behind = scan_quoted(row, mark + 1);
      if (!behind) return row;
      const bool returned = behind != end_ && *behind == '\r';
      const char* line_end = behind + (returned ? 1 : 0);
      if (line_end == end_) return whole_ ? finish(row, start, behind, end_) : csv_row{};
      look_from(line_end + 1);
      if (*line_end == '\n') return finish(row, start, behind, line_end + 1);
      if (returned || *line_end != separator_) {
        row.found = csv_found::broken;
        row.reason = "text behind a closing quote";
        return row;
      }
      field = line_end + 1;
    }
  }
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
      row.found = csv_found::broken;
      row.reason = "a field in quotes is over the limit";
      return nullptr;
    }
    if (!quote || quote + 1 == end_) {
      if (quote && whole_) {
        keep(row, {between(from, quote), form});
        return end_;
      }
      row.found = whole_ ? csv_found::broken : csv_found::more;
      row.reason = "an open quote";
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

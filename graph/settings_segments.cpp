#include "sluice/graph/settings_segments.hpp"

#include <algorithm>

namespace sluice {

namespace {

bool begins_long_text(std::string_view line, std::size_t at) {
  auto rest = line.substr(at);
  return rest.starts_with(R"(""")") || rest.starts_with("'''");
}

bool ascii(char c) { return static_cast<unsigned char>(c) < 0x80; }
bool continues_character(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

void append_plain(std::string& out, std::string_view part) {
  for (std::size_t i = 0; i < part.size(); ++i) {
    if (ascii(part[i])) {
      out += part[i];
    } else if (i == 0 || ascii(part[i - 1]) || !continues_character(part[i])) {
      out += '?';
    }
  }
}

// Whether a string or a bracket may begin at `at`, in a value or not: not where it is glued to a
// bare value, which toml++ reads on into the string.
bool may_begin(std::string_view line, std::size_t at, bool in_value) {
  if (at == 0) return true;
  const char before = line[at - 1];
  if (before == '[' || before == '{') return may_begin(line, at - 1, in_value);
  if (before == '.') return !in_value;
  return std::string_view(" \t=,").find(before) != std::string_view::npos;
}

// Equals signs of the last pair in [begin, end) of `line`; `before` were seen in front of it.
int equals_after(std::string_view line, std::size_t begin, std::size_t end, int before) {
  for (std::size_t at = begin; at < end; ++at) {
    if (line[at] == ',' || (line[at] == '{' && may_begin(line, at, before > 0))) before = 0;
    if (line[at] == '=') ++before;
  }
  return before;
}

}  // namespace

std::vector<line_segment> segment_walk::next(std::string_view line, std::size_t at) {
  std::vector<line_segment> segments;
  auto add = [&](segment_kind kind, std::size_t end) {
    if (end > at) segments.push_back({kind, at, end});
    at = end;
  };
  if (in_long_text()) add(segment_kind::long_text, long_text_end(line, at));
  while (at < line.size()) {
    if (line[at] == '#') {
      add(segment_kind::comment, line.size());
    } else if (begins_long_text(line, at)) {
      quote_ = line[at];
      add(segment_kind::long_text, long_text_end(line, at + 3));
    } else if (line[at] == '"' || line[at] == '\'') {
      add(segment_kind::text, text_end(line, at));
    } else {
      add(segment_kind::plain, std::min(line.find_first_of("\"'#", at), line.size()));
    }
  }
  return segments;
}

std::size_t segment_walk::long_text_end(std::string_view line, std::size_t at) {
  for (; at < line.size(); ++at) {
    if (quote_ == '"' && line[at] == '\\') {
      ++at;
    } else if (line[at] == quote_ && begins_long_text(line, at)) {
      at += 3;
      // Up to two more quotes belong to the text, which then ends with them.
      for (int more = 0; more < 2 && at < line.size() && line[at] == quote_; ++more) ++at;
      quote_ = 0;
      return at;
    }
  }
  return line.size();
}

std::size_t text_end(std::string_view line, std::size_t at) {
  char quote = line[at];
  for (++at; at < line.size() && line[at] != quote; ++at) {
    if (quote == '"' && line[at] == '\\') ++at;
  }
  return std::min(at + 1, line.size());
}

std::string plain_characters(std::string_view text) {
  std::string out;
  segment_walk walk;
  for (std::size_t begin = 0; begin < text.size();) {
    auto end = std::min(text.find('\n', begin), text.size());
    auto line = text.substr(begin, end - begin);
    int equals = 0;  // of the present pair: behind a second one all is still its bare value
    for (const auto& segment : walk.next(line, 0)) {
      auto part = line.substr(segment.begin, segment.end - segment.begin);
      if (segment.kind == segment_kind::plain)
        equals = equals_after(line, segment.begin, segment.end, equals);
      bool kept = segment.kind == segment_kind::comment ||
                  (segment.kind == segment_kind::text && equals < 2 &&
                   may_begin(line, segment.begin, equals > 0));
      if (kept) {
        out += part;
      } else {
        append_plain(out, part);
      }
    }
    if (end < text.size()) out += '\n';
    begin = end + 1;
  }
  return out;
}

}  // namespace sluice

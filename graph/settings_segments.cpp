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

// Whether a string may begin at `at`: not where it is glued to a bare value, which toml++ reads on
// into the string.
bool text_may_begin(std::string_view line, std::size_t at) {
  return at == 0 || std::string_view(" \t=,.[{").find(line[at - 1]) != std::string_view::npos;
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
    for (const auto& segment : walk.next(line, 0)) {
      auto part = line.substr(segment.begin, segment.end - segment.begin);
      bool kept = segment.kind == segment_kind::comment ||
                  (segment.kind == segment_kind::text && text_may_begin(line, segment.begin));
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

#include "sluice/graph/settings_problem.hpp"

#include <algorithm>

namespace sluice {

namespace {

constexpr std::size_t longest_shown = 80;

bool continues_character(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) == 0x80; }

bool control(char byte) { return static_cast<unsigned char>(byte) < 0x20 || byte == 0x7F; }

std::string heading(const config_problem& problem) {
  std::string_view kind = problem.severity == problem_severity::warning ? "warning: " : "";
  return place(problem.origin).append(": ").append(kind).append(problem.message);
}

// Keeps tabs in the margin, so that the caret stands below its character however wide a tab is.
std::string margin(std::string_view line, std::uint32_t column) {
  std::string space;
  std::uint32_t at = 1;
  for (char byte : line) {
    if (continues_character(byte)) continue;
    if (at++ >= column) break;
    space += byte == '\t' ? '\t' : ' ';
  }
  if (at < column) space.append(column - at, ' ');
  return space;
}

// Length of the UTF-8 character at `at`, or 0 if there is none; overlong forms are let through.
std::size_t character_length(std::string_view text, std::size_t at) {
  auto lead = static_cast<unsigned char>(text[at]);
  std::size_t length = lead < 0x80 ? 1 : lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  if (lead > 0xF4 || at + length > text.size()) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if (!continues_character(text[at + i])) return 0;
  }
  return length;
}

// What a terminal or a JSON reader might stumble over becomes a question mark.
std::string harmless(std::string_view line) {
  std::string shown;
  for (std::size_t at = 0; at < line.size();) {
    auto length = character_length(line, at);
    bool kept = length > 1 || (length == 1 && (!control(line[at]) || line[at] == '\t'));
    shown += kept ? std::string(line.substr(at, length)) : "?";
    at += std::max(length, std::size_t{1});
  }
  return shown;
}

std::string all_lines(const std::vector<config_problem>& problems) {
  std::string text;
  for (const auto& problem : problems) {
    if (!text.empty()) text += '\n';
    text += one_line(problem);
  }
  return text;
}

}  // namespace

std::string place(const setting_origin& origin) {
  if (origin.layer == setting_layer::standard) return "default";
  std::string text = printable(origin.name);
  if (origin.line != 0) text += ":" + std::to_string(origin.line);
  if (origin.column != 0) text += ":" + std::to_string(origin.column);
  return text;
}

config_problem error_saying(std::string message, std::string hint) {
  return {problem_severity::error, {}, std::move(message), std::move(hint), {}};
}

config_problem warning_saying(std::string message, std::string hint) {
  return {problem_severity::warning, {}, std::move(message), std::move(hint), {}};
}

std::string one_line(const config_problem& problem) {
  auto text = heading(problem);
  if (!problem.hint.empty()) text += " (" + problem.hint + ")";
  return text;
}

std::string render(const config_problem& problem) {
  if (problem.source_line.empty() || problem.origin.column == 0) return one_line(problem);
  auto text = heading(problem);
  text += "\n" + harmless(problem.source_line) + "\n";
  text += margin(problem.source_line, problem.origin.column) + "^";
  if (!problem.hint.empty()) text += " " + problem.hint;
  return text;
}

std::string printable(std::string_view text) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string shown;
  std::size_t characters = 0;
  for (std::size_t at = 0; at < text.size();) {
    if (++characters > longest_shown) return shown + "…";
    auto length = character_length(text, at);
    if (text[at] == '\n') {
      shown += "\\n";
    } else if (length == 0 || control(text[at])) {
      auto value = static_cast<unsigned char>(text[at]);
      shown.append("\\x").append(1, digits[value >> 4]).append(1, digits[value & 15]);
    } else {
      shown += text.substr(at, length);
    }
    at += std::max(length, std::size_t{1});
  }
  return shown;
}

config_error::config_error(std::vector<config_problem> problems)
    : std::runtime_error(all_lines(problems)), problems_(std::move(problems)) {}

}  // namespace sluice

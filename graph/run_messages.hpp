#pragma once

#include <cstdio>
#include <string_view>

#include "sluice/graph/run_choices.hpp"

namespace sluice {

/// Says things to the person at the terminal, on stderr unless told otherwise: stdout is for data.
class run_messages {
 public:
  explicit run_messages(const run_choices& chosen, std::FILE* to = stderr);

  void error(std::string_view line) const;
  void warning(std::string_view line) const;
  /// Of importance even to who wants quiet: rows were rejected.
  void notice(std::string_view line) const;
  /// What was asked for by a flag: always said, never coloured.
  void asked_for(std::string_view text) const;
  /// Not said when quiet.
  void note(std::string_view line) const;
  /// Said only when verbose.
  void detail(std::string_view text) const;

  bool colored() const { return colored_; }
  std::FILE* to() const { return to_; }

 private:
  void say(const char* color, std::string_view line) const;

  std::FILE* to_;
  loudness loud_;
  bool colored_;
};

/// True if `file` is a terminal.
bool is_terminal(std::FILE* file);
/// Characters of a line of the terminal `file`; 80 if that is not known.
std::size_t terminal_width(std::FILE* file);
/// True if what goes to `file` may be coloured: asked for, or a terminal without `NO_COLOR`
/// (no-color.org).
bool may_color(color_use use, std::FILE* file);

}  // namespace sluice

#include "sluice/graph/run_messages.hpp"

#include <cstdlib>
#include <string>

#include <sys/ioctl.h>
#include <unistd.h>

namespace sluice {

namespace {

constexpr const char* red = "\x1b[31m";
constexpr const char* yellow = "\x1b[33m";
constexpr const char* plain = "\x1b[0m";

}  // namespace

run_messages::run_messages(const run_choices& chosen, std::FILE* to)
    : to_(to), loud_(chosen.loud), colored_(may_color(chosen.color, to)) {}

void run_messages::error(std::string_view line) const { say(red, line); }
void run_messages::warning(std::string_view line) const { say(yellow, line); }
void run_messages::notice(std::string_view line) const { say(yellow, line); }
void run_messages::asked_for(std::string_view text) const { say(nullptr, text); }
void run_messages::note(std::string_view line) const {
  if (loud_ != loudness::quiet) say(nullptr, line);
}
void run_messages::detail(std::string_view text) const {
  if (loud_ == loudness::verbose) say(nullptr, text);
}

// One write a message, so that it does not mix with what others print.
void run_messages::say(const char* color, std::string_view line) const {
  std::string text{line};
  while (text.ends_with('\n')) text.pop_back();
  if (colored_ && color != nullptr) text = color + text + plain;
  text += '\n';
  std::fwrite(text.data(), 1, text.size(), to_);
  std::fflush(to_);
}

bool is_terminal(std::FILE* file) { return ::isatty(::fileno(file)) == 1; }

std::size_t terminal_width(std::FILE* file) {
  winsize size{};
  if (::ioctl(::fileno(file), TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return 80;
  return size.ws_col;
}

bool may_color(color_use use, std::FILE* file) {
  if (use != color_use::automatic) return use == color_use::always;
  const char* refused = std::getenv("NO_COLOR");
  return is_terminal(file) && (refused == nullptr || *refused == '\0');
}

}  // namespace sluice

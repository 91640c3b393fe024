#include "sluice/records/instant.hpp"

#include <charconv>
#include <chrono>
#include <cstddef>

namespace sluice {

namespace {

using namespace std::chrono;

constexpr sys_time<microseconds> first{sys_days{year{0} / January / 1}};
constexpr sys_time<microseconds> behind{sys_days{year{10000} / January / 1}};

// Writes `value` as `count` digits and returns the place behind them.
char* write(char* to, std::int64_t value, std::size_t count) {
  for (std::size_t i = count; i-- > 0; value /= 10) to[i] = static_cast<char>('0' + value % 10);
  return to + count;
}

char* write(char* to, char separator, std::int64_t value, std::size_t count) {
  *to = separator;
  return write(to + 1, value, count);
}

// The number that `count` digits from `at` on are, -1 if one of them is none.
int number(std::string_view text, std::size_t at, std::size_t count) {
  int value = 0;
  for (std::size_t i = at; i < at + count; ++i) {
    const unsigned digit = static_cast<unsigned char>(text[i]) - unsigned{'0'};
    if (digit > 9) return -1;
    value = 10 * value + static_cast<int>(digit);
  }
  return value;
}

// Reads what may stand behind the seconds: nothing, `.d` to `.dddddd`, each with or without `Z`.
bool parse_end(std::string_view text, std::int64_t& us) {
  us = 0;
  if (text.ends_with('Z')) text.remove_suffix(1);
  if (text.empty()) return true;
  if (text.front() != '.' || text.size() < 2 || text.size() > 7) return false;
  std::int64_t unit = 100'000;
  for (const char c : text.substr(1)) {
    if (c < '0' || c > '9') return false;
    us += unit * (c - '0');
    unit /= 10;
  }
  return true;
}

bool parse_microseconds(std::string_view text, instant& out) {
  instant read;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), read.us);
  if (error != std::errc{} || end != text.data() + text.size()) return false;
  out = read;
  return true;
}

}  // namespace

std::string to_string(instant t) {
  const sys_time<microseconds> at{microseconds{t.us}};
  if (at < first || at >= behind) return std::to_string(t.us);
  const auto day = floor<days>(at);
  const year_month_day date{day};
  const hh_mm_ss time{at - day};
  char text[32];
  char* to = write(text, int{date.year()}, 4);
  to = write(to, '-', unsigned{date.month()}, 2);
  to = write(to, '-', unsigned{date.day()}, 2);
  to = write(to, 'T', time.hours().count(), 2);
  to = write(to, ':', time.minutes().count(), 2);
  to = write(to, ':', time.seconds().count(), 2);
  const std::int64_t fraction = time.subseconds().count();
  if (fraction % 1000 != 0)
    to = write(to, '.', fraction, 6);
  else if (fraction != 0)
    to = write(to, '.', fraction / 1000, 3);
  *to++ = 'Z';
  return {text, to};
}

bool parse(std::string_view text, instant& out) {
  constexpr std::size_t shortest = std::string_view{"2018-04-01T00:00:00"}.size();
  if (text.size() < shortest || text[4] != '-') return parse_microseconds(text, out);
  const int y = number(text, 0, 4), mo = number(text, 5, 2), d = number(text, 8, 2);
  const int h = number(text, 11, 2), mi = number(text, 14, 2), s = number(text, 17, 2);
  std::int64_t us = 0;
  if (text[7] != '-' || (text[10] != 'T' && text[10] != ' ') || text[13] != ':' ||
      text[16] != ':' || !parse_end(text.substr(shortest), us))
    return false;
  if (y < 0 || mo < 0 || d < 0 || h < 0 || mi < 0 || s < 0 || h > 23 || mi > 59 || s > 59)
    return false;
  const year_month_day date{year{y}, month{static_cast<unsigned>(mo)},
                            day{static_cast<unsigned>(d)}};
  if (!date.ok()) return false;
  const auto at = sys_days{date} + hours{h} + minutes{mi} + seconds{s} + microseconds{us};
  out = {duration_cast<microseconds>(at.time_since_epoch()).count()};
  return true;
}

}  // namespace sluice

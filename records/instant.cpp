#include "sluice/records/instant.hpp"

#include <charconv>
#include <chrono>
#include <cstdio>

namespace sluice {

std::string to_string(instant t) {
  using namespace std::chrono;
  const sys_time<microseconds> at{microseconds{t.us}};
  const auto day = floor<days>(at);
  const year_month_day date{day};
  const hh_mm_ss time{at - day};
  char text[64];
  int n = std::snprintf(
      text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02d", int{date.year()}, unsigned{date.month()},
      unsigned{date.day()}, static_cast<int>(time.hours().count()),
      static_cast<int>(time.minutes().count()), static_cast<int>(time.seconds().count()));
  const auto fraction = time.subseconds().count();
  if (fraction % 1000 != 0)
    n += std::snprintf(text + n, sizeof text - n, ".%06d", static_cast<int>(fraction));
  else if (fraction != 0)
    n += std::snprintf(text + n, sizeof text - n, ".%03d", static_cast<int>(fraction / 1000));
  return std::string(text, static_cast<std::size_t>(n)) + "Z";
}

namespace {

// Takes exactly `digits` digits off the front of `text`.
bool take(std::string_view& text, std::size_t digits, int& out) {
  if (text.size() < digits) return false;
  const auto [end, error] = std::from_chars(text.data(), text.data() + digits, out);
  if (error != std::errc{} || end != text.data() + digits || text[0] == '-') return false;
  text.remove_prefix(digits);
  return true;
}

bool take(std::string_view& text, char c) {
  if (text.empty() || text.front() != c) return false;
  text.remove_prefix(1);
  return true;
}

// Takes `.ddd` of one to six digits as microseconds; nothing there is 0.
bool take_fraction(std::string_view& text, std::int64_t& us) {
  us = 0;
  if (!take(text, '.')) return true;
  std::int64_t unit = 100'000;
  std::size_t digits = 0;
  for (; !text.empty() && text.front() >= '0' && text.front() <= '9'; ++digits, unit /= 10) {
    us += unit * (text.front() - '0');
    text.remove_prefix(1);
  }
  return digits >= 1 && digits <= 6;
}

}  // namespace

bool parse(std::string_view text, instant& out) {
  using namespace std::chrono;
  int y = 0, mo = 0, d = 0, h = 0, mi = 0, s = 0;
  std::int64_t us = 0;
  if (!take(text, 4, y) || !take(text, '-') || !take(text, 2, mo) || !take(text, '-') ||
      !take(text, 2, d) || (!take(text, 'T') && !take(text, ' ')) || !take(text, 2, h) ||
      !take(text, ':') || !take(text, 2, mi) || !take(text, ':') || !take(text, 2, s) ||
      !take_fraction(text, us))
    return false;
  take(text, 'Z');
  const year_month_day date{year{y}, month{static_cast<unsigned>(mo)},
                            day{static_cast<unsigned>(d)}};
  if (!text.empty() || !date.ok() || h > 23 || mi > 59 || s > 59) return false;
  const auto at = sys_days{date} + hours{h} + minutes{mi} + seconds{s} + microseconds{us};
  out = {duration_cast<microseconds>(at.time_since_epoch()).count()};
  return true;
}

}  // namespace sluice

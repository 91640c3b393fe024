#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <ostream>
#include <utility>
#include <vector>

#include "sluice/messages/marker.hpp"
#include "sluice/records/batch.hpp"

/// A little language for what goes over a channel: `sequence(rows(1, 2), mark(1), rows(3))`.
namespace sluice::script {

/// A row that is nothing but a number.
struct number {
  std::uint64_t value;
};
SLUICE_RECORD(number, value);

/// Rows, or a marker if there is one.
struct event {
  std::vector<std::uint64_t> rows;
  std::optional<marker> mark;
  bool operator==(const event&) const = default;
};

/// Events in order; neighbouring rows count as one event, so where batches were cut does not show.
class events {
 public:
  events() = default;
  events(const event& only) { add(only); }

  void add(const event& next) {
    if (next.mark || all_.empty() || all_.back().mark)
      all_.push_back(next);
    else
      all_.back().rows.insert(all_.back().rows.end(), next.rows.begin(), next.rows.end());
  }
  void add(const events& more) {
    for (const event& e : more.all_) add(e);
  }
  const std::vector<event>& all() const { return all_; }
  bool operator==(const events&) const = default;

 private:
  std::vector<event> all_;
};

template <class... N>
event rows(N... values) {
  return {{static_cast<std::uint64_t>(values)...}, std::nullopt};
}
/// The rows first … last.
inline event rows_from_to(std::uint64_t first, std::uint64_t last) {
  event made;
  for (std::uint64_t i = first; i <= last; ++i) made.rows.push_back(i);
  return made;
}
/// A marker that only flushes.
inline event mark(std::uint64_t epoch, instant watermark = instant::lowest()) {
  return {{}, marker{.epoch = {epoch}, .watermark = watermark}};
}
inline event commit(std::uint64_t epoch, instant watermark = instant::lowest()) {
  return {{}, marker{.epoch = {epoch}, .commit = true, .watermark = watermark}};
}
inline event end(std::uint64_t epoch) {
  return {{},
          marker{.epoch = {epoch}, .commit = true, .end = true, .watermark = instant::highest()}};
}
inline event idle(std::uint64_t epoch, instant watermark = instant::lowest()) {
  return {{}, marker{.epoch = {epoch}, .idle = true, .watermark = watermark}};
}
template <class... E>
events sequence(const E&... parts) {
  events made;
  (made.add(parts), ...);
  return made;
}

inline batch_ptr batch_of(const std::vector<std::uint64_t>& values) {
  batch_builder<number> made{buffer_pool{},
                             {.rows = values.empty() ? 1 : values.size(), .bytes = 1 << 30}};
  for (const auto v : values) made.push({v});
  return made.take();
}
inline event event_of(const column_batch& rows) {
  event made;
  const batch<number> view{rows};
  for (std::size_t i = 0; i < view.size(); ++i) made.rows.push_back(view[i].value);
  return made;
}

inline std::ostream& operator<<(std::ostream& out, const event& e) {
  if (e.mark) {
    out << (e.mark->end      ? "end("
            : e.mark->commit ? "commit("
            : e.mark->idle   ? "idle("
                             : "mark(")
        << e.mark->epoch.value;
    if (e.mark->watermark != instant::lowest() && !e.mark->end)
      out << ", {" << e.mark->watermark.us << "}";
    return out << ")";
  }
  out << "rows(";
  for (std::size_t i = 0; i < e.rows.size(); ++i) out << (i == 0 ? "" : ", ") << e.rows[i];
  return out << ")";
}
inline std::ostream& operator<<(std::ostream& out, const events& all) {
  out << "sequence(";
  for (std::size_t i = 0; i < all.all().size(); ++i) out << (i == 0 ? "" : ", ") << all.all()[i];
  return out << ")";
}

}  // namespace sluice::script

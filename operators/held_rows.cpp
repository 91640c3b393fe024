#include "sluice/operators/held_rows.hpp"

#include <algorithm>
#include <tuple>

#include "sluice/operators/key_columns.hpp"
#include "sluice/operators/saved_rows.hpp"
#include "sluice/records/assert.hpp"

namespace sluice {

namespace {

bool before(const held_rows::held& a, const held_rows::held& b) {
  return std::tie(a.at, a.input, a.tie, a.arrival) < std::tie(b.at, b.input, b.tie, b.arrival);
}

auto place(std::vector<held_rows::held>& rows, std::size_t at) {
  return rows.begin() + static_cast<std::ptrdiff_t>(at);
}

}  // namespace

void held_rows::waiting_rows::add(const held& row) {
  if (sorted == rows.size() && (rows.size() == first || before(rows.back(), row))) ++sorted;
  rows.push_back(row);
}

void held_rows::waiting_rows::sort() {
  if (sorted == rows.size()) return;
  std::sort(place(rows, sorted), rows.end(), before);
  const auto overlap =
      std::upper_bound(place(rows, first), place(rows, sorted), rows[sorted], before);
  std::inplace_merge(overlap, place(rows, sorted), rows.end(), before);
  sorted = rows.size();
}

void held_rows::waiting_rows::release(std::int64_t watermark, std::vector<held>& out) {
  sort();
  const auto from = place(rows, first);
  const auto to =
      std::partition_point(from, rows.end(), [&](const held& h) { return h.at <= watermark; });
  out.insert(out.end(), from, to);
  first = static_cast<std::size_t>(to - rows.begin());
  // Moves what is left to the front once that costs no more than a step for each row that went.
  if (2 * first >= rows.size()) {
    rows.erase(rows.begin(), to);
    first = 0;
    sorted = rows.size();
  }
}

void held_rows::keep(std::size_t input, const batch_ptr& rows, std::vector<std::uint32_t>& late) {
  const order_columns& order = inputs_[input];
  const instant* at = rows->values<instant>(order.at);
  std::vector<std::uint64_t> ties(order.has_tie ? rows->size() : 0);
  if (order.has_tie) widen(*rows, order.tie, ties);

  if (free_.empty()) {
    free_.push_back(static_cast<std::uint32_t>(batches_.size()));
    batches_.emplace_back();
  }
  const std::uint32_t slot = free_.back();
  std::size_t kept = 0;
  for (std::uint32_t i = 0; i < rows->size(); ++i) {
    if (at[i] <= used_) {
      late.push_back(i);
      continue;
    }
    waiting_[input].add({at[i].us, order.has_tie ? ties[i] : 0, arrivals_++, slot, i,
                         static_cast<std::uint32_t>(input)});
    ++kept;
  }
  if (kept == 0) return;
  free_.pop_back();
  batches_[slot] = {rows, kept};
}

void held_rows::release(instant watermark) {
  if (watermark <= used_) return;
  used_ = watermark;
  released_.erase(released_.begin(), released_.begin() + static_cast<std::ptrdiff_t>(next_));
  next_ = 0;
  const std::size_t old = released_.size();
  for (auto& input : waiting_) {
    const std::size_t middle = released_.size();
    input.release(watermark.us, released_);
    if (middle != old && middle != released_.size())
      std::inplace_merge(place(released_, old), place(released_, middle), released_.end(), before);
  }
}

std::vector<held_rows::held>& held_rows::take(std::size_t most) {
  for (const held& h : taken_)
    if (--batches_[h.batch].left == 0) {
      batches_[h.batch].rows = nullptr;
      free_.push_back(h.batch);
    }
  const std::size_t n = std::min(most, released_.size() - next_);
  const auto from = released_.begin() + static_cast<std::ptrdiff_t>(next_);
  taken_.assign(from, from + static_cast<std::ptrdiff_t>(n));
  next_ += n;
  return taken_;
}

void held_rows::save(snapshot_writer& to) const {
  SLUICE_ASSERT(!has_released(), "rows are saved at a marker, when none is released");
  to.value(used_.us);
  for (const waiting_rows& input : waiting_) {
    auto rows = input.rows;
    rows.erase(rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(input.first));
    std::sort(rows.begin(), rows.end(), before);
    to.value(static_cast<std::uint8_t>(!rows.empty()));
    if (rows.empty()) continue;
    column_batch all{batches_[rows[0].batch].rows->fields(), buffer_pool{}, rows.size()};
    for (const held& h : rows) all.append(batch_of(h), h.row, 1);
    save_rows(to, all);
  }
}

void held_rows::load(snapshot_reader& from, const std::vector<const schema*>& fields,
                     const key_hash& hash, key_group_range mine) {
  const instant used{from.value<std::int64_t>()};
  const instant own = std::exchange(used_, instant::lowest());  // nothing of this is late
  for (std::size_t i = 0; i < waiting_.size() && from.sound(); ++i) {
    if (from.value<std::uint8_t>() == 0) continue;
    const auto rows = load_rows(from, *fields[i], buffer_pool{});
    if (!rows) return;
    std::vector<std::uint64_t> hashes(rows->size());
    hash(i, *rows, hashes);
    std::vector<std::uint32_t> chosen;
    for (std::uint32_t row = 0; row < rows->size(); ++row)
      if (mine.contains(group_of(hashes[row]))) chosen.push_back(row);
    auto part = std::make_shared<column_batch>(*fields[i], buffer_pool{}, chosen.size());
    part->append(*rows, chosen);
    std::vector<std::uint32_t> late;
    keep(i, part, late);
  }
  used_ = std::max(own, used);
}

std::size_t held_rows::size() const {
  std::size_t rows = released_.size() - next_;
  for (const auto& input : waiting_) rows += input.rows.size() - input.first;
  return rows;
}

}  // namespace sluice

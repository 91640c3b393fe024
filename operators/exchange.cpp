#include "sluice/operators/exchange.hpp"

#include <algorithm>
#include <numeric>

#include "sluice/records/assert.hpp"
#include "sluice/state/key_groups.hpp"

namespace sluice {

namespace {

std::size_t row_size(const column_batch& rows, std::size_t row) {
  std::size_t bytes = rows.fields().row_bytes;
  if (rows.fields().texts != 0)
    for (std::size_t c = 0; c < rows.fields().fields.size(); ++c)
      if (rows.fields().fields[c].type == column_type::text) bytes += rows.text_at(c, row).size();
  return bytes;
}

}  // namespace

exchange::exchange(spread how, std::size_t targets, key_columns keys, gathering gather,
                   buffer_pool pool)
    : how_(targets == 1 && how != spread::broadcast ? spread::same : how),
      keys_(std::move(keys)),
      gather_(gather),
      pool_(std::move(pool)),
      targets_(targets) {
  SLUICE_ASSERT(targets > 0, "an exchange has a target");
  SLUICE_ASSERT(how_ != spread::same || targets == 1, "rows that are not spread have one target");
}

void exchange::add(const batch_ptr& rows, put_function put) {
  if (!rows || rows->empty()) return;
  switch (how_) {
    case spread::same:
      return add_to(0, rows, put);
    case spread::in_turn: {
      const std::size_t target = turn_;
      turn_ = (turn_ + 1) % targets_.size();
      return add_to(target, rows, put);
    }
    case spread::broadcast:
      for (std::size_t t = 0; t < targets_.size(); ++t) add_to(t, rows, put);
      return;
    case spread::by_key:
      break;
  }
  hashes_.resize(rows->size());
  keys_.hash(*rows, hashes_);
  for (auto& to : targets_) to.chosen.clear();
  for (std::uint32_t i = 0; i < rows->size(); ++i)
    targets_[owner(group_of(hashes_[i]), targets_.size())].chosen.push_back(i);
  for (std::size_t t = 0; t < targets_.size(); ++t) add_chosen(t, *rows, put);
}

void exchange::add_to(std::size_t target, const batch_ptr& rows, put_function put) {
  target_state& to = targets_[target];
  const bool within = rows->size() <= gather_.bounds.rows &&
                      (rows->bytes() <= gather_.bounds.bytes || rows->size() == 1);
  if (within && (!gather_.until_marker || rows->size() >= gather_.bounds.rows / 2)) {
    if (to.open) give(target, put);  // a small batch costs less than copying a large one
    to.since_marker += rows->size();
    return put(target, rows);
  }
  to.chosen.resize(rows->size());
  std::iota(to.chosen.begin(), to.chosen.end(), 0u);
  add_chosen(target, *rows, put);
}

// How many of the chosen rows behind `from` still go into the open batch.
std::size_t exchange::fitting(const target_state& to, const column_batch& rows,
                              std::size_t from) const {
  std::size_t n = std::min(to.open->capacity() - to.open->size(), to.chosen.size() - from);
  std::size_t bytes = to.open->bytes();
  if (rows.fields().texts == 0) {
    const std::size_t width = std::max<std::size_t>(1, rows.fields().row_bytes);
    const std::size_t room =
        bytes < gather_.bounds.bytes ? (gather_.bounds.bytes - bytes) / width : 0;
    n = std::min(n, room);
  } else {
    std::size_t i = 0;
    while (i < n && (bytes += row_size(rows, to.chosen[from + i])) <= gather_.bounds.bytes) ++i;
    n = i;
  }
  return n == 0 && to.open->empty() ? 1 : n;  // a row above the bound travels alone
}

void exchange::add_chosen(std::size_t target, const column_batch& rows, put_function put) {
  target_state& to = targets_[target];
  for (std::size_t from = 0; from < to.chosen.size();) {
    if (!to.open)
      to.open = std::make_shared<column_batch>(
          rows.fields(), pool_,
          gather_.until_marker ? gather_.bounds.rows
                               : std::min(gather_.bounds.rows, to.chosen.size() - from),
          to.text_room);
    const std::size_t n = fitting(to, rows, from);
    to.open->append(rows, std::span(to.chosen).subspan(from, n));
    const std::size_t before = to.since_marker;
    to.since_marker += n;
    from += n;
    const bool multiple_in_it =
        gather_.multiple != 0 && before / gather_.multiple != to.since_marker / gather_.multiple;
    if (n == 0 || multiple_in_it || to.open->size() == to.open->capacity() ||
        to.open->bytes() >= gather_.bounds.bytes)
      give(target, put);
  }
  if (!gather_.until_marker && to.open) give(target, put);
}

void exchange::give(std::size_t target, put_function put) {
  target_state& to = targets_[target];
  if (to.open->fields().texts != 0) to.text_room = to.open->text_room();
  put(target, std::move(to.open));
  to.open = nullptr;
}

void exchange::cut(put_function put) {
  for (std::size_t t = 0; t < targets_.size(); ++t) {
    targets_[t].since_marker = 0;
    if (targets_[t].open) give(t, put);
  }
}

std::size_t exchange::gathered() const {
  std::size_t rows = 0;
  for (const auto& to : targets_) rows += to.open ? to.open->size() : 0;
  return rows;
}

}  // namespace sluice

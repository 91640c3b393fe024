#include "sluice/records/column_batch.hpp"

#include <algorithm>

#include "sluice/records/assert.hpp"

namespace sluice {

namespace {

constexpr std::size_t aligned(std::size_t bytes) { return (bytes + 63) / 64 * 64; }

template <class V>
void copy_chosen(const std::byte* from, std::byte* to, std::span<const std::uint32_t> chosen) {
  const V* in = reinterpret_cast<const V*>(from);
  V* out = reinterpret_cast<V*>(to);
  for (std::size_t i = 0; i < chosen.size(); ++i) out[i] = in[chosen[i]];
}

void copy_chosen(std::size_t width, const std::byte* from, std::byte* to,
                 std::span<const std::uint32_t> chosen) {
  switch (width) {
    case 1:
      return copy_chosen<std::uint8_t>(from, to, chosen);
    case 2:
      return copy_chosen<std::uint16_t>(from, to, chosen);
    case 4:
      return copy_chosen<std::uint32_t>(from, to, chosen);
    default:
      return copy_chosen<std::uint64_t>(from, to, chosen);
  }
}

}  // namespace

column_batch::column_batch(const schema& fields, const buffer_pool& pool, std::size_t rows,
                           std::span<const std::uint32_t> text_bytes)
    : schema_(&fields), pool_(pool), columns_(fields.fields.size()), capacity_(rows) {
  set_text_room(text_bytes);
  take_room();
}

column_batch::column_batch(const schema& fields, const buffer_pool& pool, std::size_t rows,
                           std::span<const std::uint32_t> text_bytes, kept_columns columns)
    : schema_(&fields),
      pool_(pool),
      owner_(std::move(columns.owner)),
      begin_(const_cast<std::byte*>(columns.begin)),
      columns_(fields.fields.size()),
      capacity_(rows),
      rows_(rows) {
  SLUICE_ASSERT(reinterpret_cast<std::uintptr_t>(begin_) % sizeof(std::uint64_t) == 0,
                "kept columns begin at a word");
  set_text_room(text_bytes);
  lay_out();
}

void column_batch::set_text_room(std::span<const std::uint32_t> text_bytes) {
  for (std::size_t c = 0; c < columns_.size() && c < text_bytes.size(); ++c)
    if (schema_->fields[c].type == column_type::text) columns_[c].text_room = text_bytes[c];
}

void column_batch::take_room() {
  buffer_ = pool_.take(head_room + lay_out());
  begin_ = buffer_.data() + head_room;
}

// Places every column for the present capacity and text room; returns the bytes they take.
std::size_t column_batch::lay_out() {
  std::size_t at = 0;
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    const field_info& field = schema_->fields[c];
    place& p = columns_[c];
    p.validity = at;
    if (field.optional) at += aligned((capacity_ + 7) / 8);
    p.values = at;
    at += aligned(capacity_ * width(field.type));
    p.text = at;
    at += aligned(p.text_room);
  }
  return at;
}

std::size_t column_batch::bytes() const {
  std::size_t sum = rows_ * schema_->row_bytes;
  if (schema_->texts != 0)
    for (std::size_t c = 0; c < columns_.size(); ++c)
      if (schema_->fields[c].type == column_type::text) sum += text_bytes(c);
  return sum;
}

bool column_batch::dense() const {
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    const field_info& field = schema_->fields[c];
    const std::size_t w = width(field.type);
    if (aligned(rows_ * w) != aligned(capacity_ * w)) return false;
    if (field.optional && aligned((rows_ + 7) / 8) != aligned((capacity_ + 7) / 8)) return false;
    if (field.type == column_type::text && aligned(text_bytes(c)) != aligned(columns_[c].text_room))
      return false;
  }
  return true;
}

std::span<std::byte> column_batch::memory() const {
  if (!buffer_) return {};
  const std::size_t end =
      columns_.empty() ? 0 : columns_.back().text + aligned(columns_.back().text_room);
  return {buffer_.data(), head_room + end};
}

std::vector<std::uint32_t> column_batch::text_room() const {
  std::vector<std::uint32_t> room(columns_.size());
  for (std::size_t c = 0; c < room.size(); ++c)
    room[c] = static_cast<std::uint32_t>(columns_[c].text_room);
  return room;
}

// Moves everything into a larger buffer, unwritten rows too: other columns may be further on than
// column `c`.
void column_batch::grow_text(std::size_t c, std::size_t needed) {
  SLUICE_ASSERT(needed <= UINT32_MAX, "text of one batch column stays below 4 GiB");
  const auto old_columns = columns_;
  columns_[c].text_room = std::max(
      {needed, std::min<std::size_t>(2 * columns_[c].text_room, UINT32_MAX), std::size_t{1024}});
  const buffer old = std::move(buffer_);
  const std::byte* const from_begin = begin_;
  take_room();
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    const field_info& field = schema_->fields[i];
    const auto move = [&](std::size_t to, std::size_t from, std::size_t bytes) {
      std::memcpy(begin_ + to, from_begin + from, bytes);
    };
    if (field.optional) move(columns_[i].validity, old_columns[i].validity, (capacity_ + 7) / 8);
    move(columns_[i].values, old_columns[i].values, capacity_ * width(field.type));
    move(columns_[i].text, old_columns[i].text, old_columns[i].text_room);
  }
}

void column_batch::append(const column_batch& from, std::span<const std::uint32_t> chosen) {
  SLUICE_ASSERT(rows_ + chosen.size() <= capacity_, "appended rows fit the batch");
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    const field_info& field = schema_->fields[c];
    if (field.optional)
      for (std::size_t i = 0; i < chosen.size(); ++i)
        set_valid(c, rows_ + i, from.valid(c, chosen[i]));
    if (field.type == column_type::text) {
      for (std::size_t i = 0; i < chosen.size(); ++i)
        set_text(c, rows_ + i, from.text_at(c, chosen[i]));
    } else {
      const std::size_t w = width(field.type);
      copy_chosen(w, from.values<std::byte>(c), values<std::byte>(c) + rows_ * w, chosen);
    }
  }
  rows_ += chosen.size();
}

void column_batch::append(const column_batch& from, std::size_t first, std::size_t count) {
  SLUICE_ASSERT(rows_ + count <= capacity_, "appended rows fit the batch");
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    const field_info& field = schema_->fields[c];
    if (field.optional)
      for (std::size_t i = 0; i < count; ++i) set_valid(c, rows_ + i, from.valid(c, first + i));
    if (field.type == column_type::text) {
      for (std::size_t i = 0; i < count; ++i) set_text(c, rows_ + i, from.text_at(c, first + i));
    } else {
      const std::size_t w = width(field.type);
      std::memcpy(values<std::byte>(c) + rows_ * w, from.values<std::byte>(c) + first * w,
                  count * w);
    }
  }
  rows_ += count;
}

batch_ptr slice(const column_batch& from, std::size_t first, std::size_t count,
                const buffer_pool& pool) {
  std::vector<std::uint32_t> text = from.text_room();
  for (std::size_t c = 0; c < text.size() && count == from.size(); ++c)
    if (text[c] != 0) text[c] = static_cast<std::uint32_t>(from.text_bytes(c));
  auto part = std::make_shared<column_batch>(from.fields(), pool, count, text);
  part->append(from, first, count);
  return part;
}

}  // namespace sluice

#include "sluice/operators/saved_rows.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace sluice {

// | rows 4 | texts: bytes 4 each | then for each column: validity? values text? |
void save_rows(snapshot_writer& to, const column_batch& rows) {
  to.count(rows.size());
  const auto& fields = rows.fields().fields;
  for (std::size_t c = 0; c < fields.size(); ++c)
    if (fields[c].type == column_type::text)
      to.value(static_cast<std::uint32_t>(rows.text_bytes(c)));
  for (std::size_t c = 0; c < fields.size(); ++c) {
    if (fields[c].optional)
      to.raw({reinterpret_cast<const char*>(rows.validity(c)), (rows.size() + 7) / 8});
    to.raw({rows.values<char>(c), rows.size() * width(fields[c].type)});
    if (fields[c].type == column_type::text) to.raw({rows.text(c), rows.text_bytes(c)});
  }
}

std::shared_ptr<column_batch> load_rows(snapshot_reader& from, const schema& fields,
                                        const buffer_pool& pool) {
  const std::size_t count = from.count(std::max<std::size_t>(fields.row_bytes, 1));
  std::vector<std::uint32_t> texts(fields.fields.size());
  std::uint64_t text_bytes = 0;
  for (std::size_t c = 0; c < texts.size(); ++c)
    if (fields.fields[c].type == column_type::text)
      text_bytes += texts[c] = from.value<std::uint32_t>();
  if (text_bytes > from.left()) from.refuse("more text than bytes");
  if (!from.sound()) return nullptr;
  auto rows = std::make_shared<column_batch>(fields, pool, count, texts);
  for (std::size_t c = 0; c < texts.size(); ++c) {
    const field_info& field = fields.fields[c];
    std::string_view valid;
    if (field.optional) valid = from.raw((count + 7) / 8);
    const std::string_view values = from.raw(count * width(field.type));
    const std::string_view text = from.raw(texts[c]);
    if (!from.sound()) return nullptr;
    for (std::size_t i = 0; i < count && field.optional; ++i)
      rows->set_valid(c, i, (static_cast<unsigned char>(valid[i / 8]) >> (i % 8) & 1) != 0);
    if (field.type != column_type::text) {
      if (count != 0) std::memcpy(rows->values<std::byte>(c), values.data(), values.size());
      continue;
    }
    std::uint32_t begin = 0;
    for (std::size_t i = 0; i < count; ++i) {
      std::uint32_t end = 0;
      std::memcpy(&end, values.data() + i * sizeof end, sizeof end);
      if (end < begin || end > texts[c])
        return from.refuse("the ends of a text do not ascend"), nullptr;
      rows->set_text(c, i, text.substr(begin, end - begin));
      begin = end;
    }
  }
  rows->resize(count);
  return rows;
}

}  // namespace sluice

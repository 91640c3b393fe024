#include "sluice/apps/fraud/feature_text.hpp"

#include <charconv>
#include <cstdint>
#include <initializer_list>

namespace sluice::fraud {

namespace {

void append_line(std::string& out, std::initializer_list<std::int64_t> values) {
  char digits[24];
  for (auto value : values) {
    out.append(digits, std::to_chars(digits, digits + sizeof digits, value).ptr);
    out.push_back(',');
  }
  out.back() = '\n';
}

}  // namespace

void append_world_text(std::string& out, const handbook_world& world, std::uint64_t tx_id) {
  const world_row& row = world.rows[tx_id];
  append_line(out, {static_cast<std::int64_t>(tx_id), row.time_s, row.customer, row.terminal,
                    row.amount_cents, row.fraud(), row.scenario});
}

void append_feature_text(std::string& out, const features& row) {
  append_line(out, {static_cast<std::int64_t>(row.tx_id), row.weekend, row.night, row.c_n1,
                    row.c_sum1, row.c_n7, row.c_sum7, row.c_n30, row.c_sum30, row.t_n1, row.t_f1,
                    row.t_n7, row.t_f7, row.t_n30, row.t_f30});
}

std::string world_text(const handbook_world& world) {
  std::string out(world_text_head);
  for (std::uint64_t tx_id = 0; tx_id < world.rows.size(); ++tx_id)
    append_world_text(out, world, tx_id);
  return out;
}

}  // namespace sluice::fraud

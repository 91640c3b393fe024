#include "sluice/apps/fraud/row_text_files.hpp"

#include <charconv>

#include "sluice/apps/fraud/feature_text.hpp"
#include "sluice/records/batch.hpp"

namespace sluice::fraud {

namespace {

constexpr std::string_view decision_head = "tx_id,at,customer,answer,reasons\n";
constexpr std::string_view score_head = "tx_id,score\n";

template <record T, void (*Append)(std::string&, const T&)>
void append_row(std::string& out, const column_batch& rows, std::size_t row) {
  Append(out, batch<T>{rows}[row]);
}

template <const std::string_view& Text>
void append_head(std::string& out, const schema&) {
  out += Text;
}

}  // namespace

row_text_files feature_files(const std::string& path) {
  return {path,
          {.extension = ".csv",
           .head = append_head<feature_text_head>,
           .row = append_row<features, append_feature_text>}};
}

row_text_files decision_files(const std::string& path) {
  return {path,
          {.extension = ".csv",
           .head = append_head<decision_head>,
           .row = append_row<decision, append_decision_text>}};
}

row_text_files score_files(const std::string& path) {
  return {path,
          {.extension = ".csv",
           .head = append_head<score_head>,
           .row = append_row<scored, append_score_text>}};
}

void append_decision_text(std::string& out, const decision& row) {
  out += std::to_string(row.tx_id);
  out += ',';
  out += to_string(row.at);
  out += ',';
  out += std::to_string(row.customer);
  out += ',';
  out += name(row.answer);
  out += ',';
  out += row.reasons;
  out += '\n';
}

void append_score_text(std::string& out, const scored& row) {
  char score[32];
  const auto end = std::to_chars(score, score + sizeof score, row.champion).ptr;
  out += std::to_string(row.tx_id);
  out += ',';
  out.append(score, end);
  out += '\n';
}

std::string_view name(verdict answer) {
  switch (answer) {
    case verdict::approve:
      return "approve";
    case verdict::review:
      return "review";
    case verdict::decline:
      return "decline";
  }
  return "?";
}

}  // namespace sluice::fraud

#pragma once

#include <string>
#include <utility>

#include "sluice/apps/fraud/records.hpp"
#include "sluice/connectors/row_files.hpp"
#include "sluice/connectors/sink.hpp"

namespace sluice::fraud {

/// CSV part files with a head and a text form of their own.
class row_text_files {
 public:
  row_text_files(std::string path, row_format format) : path_(std::move(path)), format_(format) {}

  result<std::unique_ptr<sink_writer>> open(const sink_context& at) const {
    return open_row_file(path_, at, format_);
  }
  result<void> try_open(const sink_context& at) const {
    return try_row_file(path_, at, format_.extension);
  }
  std::string describe() const { return describe_row_files("csv", path_, format_.extension); }

 private:
  std::string path_;
  row_format format_;
};

/// `features` with the columns of `feature_text_head`.
row_text_files feature_files(const std::string& path);
/// `decision`: tx_id, at, customer, answer (approve, review, decline), reasons.
row_text_files decision_files(const std::string& path);
/// `scored`: tx_id, score of the model in use, as short as it can be read back exactly.
row_text_files score_files(const std::string& path);

/// Appends what `decision_files` and `score_files` write of a row.
void append_decision_text(std::string& out, const decision& row);
void append_score_text(std::string& out, const scored& row);

/// `approve`, `review`, `decline`
std::string_view name(verdict answer);

}  // namespace sluice::fraud

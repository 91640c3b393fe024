#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "sluice/connectors/csv_head.hpp"
#include "sluice/connectors/csv_scanner.hpp"
#include "sluice/connectors/input_files.hpp"
#include "sluice/connectors/rejects.hpp"
#include "sluice/connectors/row_filler.hpp"
#include "sluice/connectors/source.hpp"

namespace sluice {

/// Reads CSV files straight into columns. What a bad row is and how far it reaches: `from::csv`.
class csv_reader final : public source_reader {
 public:
  /// Reads `files`, beginning with the head line of the first. Errors: as `read_csv_head`.
  static result<std::unique_ptr<source_reader>> open(input_files files, const schema& fields,
                                                     const csv_options& options,
                                                     const source_context& at,
                                                     row_check check = {});

  csv_reader(input_files files, csv_head head, const schema& fields, const csv_options& options,
             const source_context& at, row_check check);

  result<read_batch> read() override;
  read_progress progress() const override { return files_.progress(); }
  std::uint64_t rejected() const override { return rejects_.count(); }
  std::string position() const override;
  result<std::shared_ptr<epoch_output>> by_epoch(std::size_t instance) override {
    return rejects_.by_epoch(instance);
  }

 private:
  enum class step { again, end };

  result<void> go_to(const file_position& position);
  result<step> read_row();
  result<step> read_more();
  result<step> read_next_file();
  result<void> take_row(const csv_row& row);
  std::string_view take_field(const csv_field& from, std::size_t field);
  std::string_view ask_check();
  result<void> reject(std::string_view reason, std::string_view text);
  result<void> reject_line(std::string_view reason);
  bool skip_line();
  void use(std::size_t bytes, std::uint64_t lines);

  input_files files_;
  csv_head head_;
  const schema* schema_;
  csv_options options_;
  row_check check_;
  row_filler rows_;
  rejects rejects_;
  csv_scanner scanner_;
  bool looking_ = false;   // scanner_ looks at what is in the window
  bool skipping_ = false;  // within a rejected line
  std::uint64_t line_ = 1;
};

}  // namespace sluice

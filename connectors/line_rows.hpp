#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "sluice/connectors/input_files.hpp"
#include "sluice/connectors/line_splitter.hpp"
#include "sluice/connectors/rejects.hpp"
#include "sluice/connectors/row_filler.hpp"
#include "sluice/connectors/source.hpp"

namespace sluice {

/// What becomes of a line.
struct line_verdict {
  enum class kind { row, no_row, bad } is = kind::row;
  std::string reason = {};  ///< Why it is bad.
};

/// Turns one line into a row.
class line_format {
 public:
  virtual ~line_format() = default;
  /// Writes `line` into row `row` of `to`. `input_window::padding` bytes behind the line may be
  /// read.
  virtual line_verdict take(std::string_view line, column_batch& to, std::size_t row) = 0;
};

/// Reads inputs whose rows are lines.
class line_rows final : public source_reader {
 public:
  /// Reads `files`, from `at.position` on. Errors: they are not those of the position.
  static result<std::unique_ptr<source_reader>> open(input_files files,
                                                     std::unique_ptr<line_format> format,
                                                     std::size_t max_line, const schema& fields,
                                                     const source_context& at);

  line_rows(input_files files, std::unique_ptr<line_format> format, std::size_t max_line,
            const schema& fields, const source_context& at);

  result<read_batch> read() override;
  int wake_descriptor() const override { return files_.descriptor(); }
  read_progress progress() const override { return files_.progress(); }
  std::uint64_t rejected() const override { return rejects_.count(); }
  std::string position() const override;
  result<std::shared_ptr<epoch_output>> by_epoch(std::size_t instance) override {
    return rejects_.by_epoch(instance);
  }

 private:
  result<void> take_line(const input_line& line);
  result<void> reject(const input_line& line, std::string_view reason);

  input_files files_;
  std::unique_ptr<line_format> format_;
  line_splitter lines_;
  row_filler rows_;
  rejects rejects_;
};

}  // namespace sluice

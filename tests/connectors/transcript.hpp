#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "sluice/connectors/csv_options.hpp"
#include "sluice/connectors/source.hpp"

namespace sluice::test {

/// What a reader gave until it ended or failed.
struct transcript {
  std::vector<std::string> rows;     ///< `1|text|~`, `~` for an absent value.
  std::vector<std::string> rejects;  ///< `LINE@OFFSET REASON: TEXT`
  std::string failure;
  std::vector<std::size_t> batches = {};  ///< Rows of each.

  std::size_t read() const { return rows.size() + rejects.size(); }
};

using lines = std::vector<std::string>;

/// Row `row` of `rows` as a transcript shows it.
std::string shown(const column_batch& rows, std::size_t row);

/// How an input comes to a reader.
struct input_manner {
  std::size_t piece = SIZE_MAX;    ///< Bytes the input gives at a time.
  std::size_t block = 256 * 1024;  ///< Bytes the reader asks for.
  batch_bounds bounds = {};
};

/// Opens a reader in a context and reads to its end. Checks that it counts what it rejected, stays
/// within the bounds and, where `input` is what it reads, tells the true places of bad rows.
transcript read_all(
    const std::function<result<std::unique_ptr<source_reader>>(const source_context&)>& open,
    batch_bounds bounds = {}, std::string_view input = {});

/// Reads `text` as CSV into rows of `fields`, as the file `in.csv`.
transcript read_csv(std::string_view text, const schema& fields, const csv_options& options = {},
                    const input_manner& manner = {});

/// Reads `text` as JSON lines into rows of `fields`, as the file `in.jsonl`.
transcript read_json_lines(std::string_view text, const schema& fields,
                           std::size_t max_line = 16 << 20, const input_manner& manner = {});

}  // namespace sluice::test

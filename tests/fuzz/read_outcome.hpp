#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "sluice/connectors/input_files.hpp"
#include "sluice/connectors/reject_logs.hpp"
#include "sluice/connectors/source.hpp"

namespace sluice::fuzz {

/// What a reader made of an input.
struct read_outcome {
  std::vector<std::string> rows;
  std::vector<rejected_row> rejects;

  bool operator==(const read_outcome&) const = default;
};

/// How the input is cut, and how large the batches may be.
struct read_manner {
  std::size_t piece = SIZE_MAX;  ///< Bytes the input gives at a time.
  std::size_t block = 4096;      ///< Bytes the reader asks for.
  batch_bounds bounds = {.rows = 64};
};

/// Ends the process if `condition` does not hold.
void require(bool condition);

using open_reader =
    std::function<std::unique_ptr<source_reader>(input_files, const source_context&)>;

/// Reads `text` to its end with the reader `open` opens. Requires that it neither fails nor leaves
/// its bounds, counts what it rejects and tells where it stands.
read_outcome read(std::string_view text, const read_manner& manner, const open_reader& open);

/// Requires that what `open` reads from `text` does not depend on how it is cut.
void require_same_however_cut(std::string_view text, const open_reader& open);

}  // namespace sluice::fuzz

#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "sluice/bench/bounds/keyed_sum.hpp"
#include "sluice/bench/inputs/keyed_rows.hpp"
#include "sluice/connectors/source.hpp"

namespace sluice::bench {

/// Which rows of the keyed sum a graph makes: rows 0 … `rows` - 1 of `input`, `passes` times over,
/// before them, if asked for, one of value 0 for every key. So counts and sums of a run are those
/// of one pass, times `passes`.
struct keyed_stretch {
  keyed_input input{};
  std::uint64_t rows = 0;
  std::uint64_t passes = 1;
  bool warm = true;
  double rate =
      0;  ///< Rows a second of the whole source, by an absolute schedule; 0: all there are.

  std::uint64_t all_rows() const { return rows * passes; }
  std::uint64_t warm_rows() const { return warm ? input.keys : 0; }
};

/// What a bench wants to know of a source in its own process. Called on the thread of the source.
struct keyed_source_hooks {
  std::function<void()> timed_row{};  ///< A batch of rows that are timed is about to be made.
  std::function<void()> cut{};        ///< A COMMIT marker is about to follow the rows so far.
  std::function<bool()> over{};       ///< The input ends here; asked before every pass.
};

/// Makes them; each instance an even part. Goes on where it was after a failure.
struct keyed_source {
  using record_type = keyed_row;
  keyed_stretch of;
  keyed_source_hooks hooks{};

  result<std::unique_ptr<source_reader>> open(const source_context& at) const;
  std::string describe() const { return "rows of the keyed sum"; }
};

}  // namespace sluice::bench

#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "sluice/connectors/sink.hpp"
#include "sluice/records/record.hpp"

namespace sluice {

/// What `check_sink` writes: numbers, each once, and a text that goes with the number.
struct conformance_row {
  std::uint64_t number;
  std::string_view text;
};
SLUICE_RECORD(conformance_row, number, text);

/// A row as somebody who reads the output sees it.
struct visible_row {
  std::uint64_t number = 0;
  std::string text;
  auto operator<=>(const visible_row&) const = default;
};

/// Thrown by a sink under test where `sink_under_test::crash_after` says; ends its process, as it
/// were.
struct simulated_crash {};

/// How `check_sink` gets at a sink, and at what others see of it.
struct sink_under_test {
  /// Opens an instance, as a graph with checkpoints does. Called for every instance of every
  /// generation; those of former ones may still be there, stopped.
  std::function<result<std::unique_ptr<sink_writer>>(const sink_context&)> open;
  /// All rows that can be seen outside, in any order.
  std::function<result<std::vector<visible_row>>()> visible;
  /// Makes the outside as if nothing had ever been written, before every story.
  std::function<void()> clear;

  /// Names of everything prepared that is there: files, transactions. Null: not looked at.
  std::function<result<std::vector<std::string>>()> prepared = {};
  /// Lets the next so many steps within the sink succeed and the one after them throw
  /// `simulated_crash`; of a sink whose connection to the outside can be replaced by one that
  /// counts. Null: the sink crashes between the calls of its functions only.
  std::function<void(std::size_t steps)> crash_after = {};

  std::string staging = {};  ///< `sink_context::staging`
  /// Numbers of instances of successive generations, the first again after the last.
  std::vector<std::vector<std::size_t>> instances = {{1}, {2, 1}, {1, 3}};
  std::size_t most_findings = 20;     ///< Then it is given up.
  std::size_t large_row = 1'200'000;  ///< Bytes of text of a row that is in no buffer as a whole.
};

/// Rehearses a sink that says it `commits()` in every way a run can go wrong (docs/protocol.md 13):
/// a crash before and after everything that is asked of it, within it too if it can be told to; two
/// decided epochs at a restart; commits repeated, replayed late, and by writers that were stopped
/// and replaced; writers that were stopped before `resolve`, and resolve behind newer ones; epochs
/// without rows and with a row larger than any buffer; other numbers of instances. Returns what is
/// wrong, a sentence each; nothing if the sink keeps its promise.
///
///   sink_under_test mine{.open = [&](const sink_context& at) { return my_sink.open(at); },
///                        .visible = [&] { return rows_of(my_database); },
///                        .clear = [&] { my_database.truncate(); }};
///   CHECK(check_sink(mine).empty());
///
/// At every moment every row that is to be seen is seen once (nothing lost, nothing doubled), and
/// no other (nothing shown before it is decided); a restart leaves nothing prepared behind.
std::vector<std::string> check_sink(const sink_under_test& sink);

}  // namespace sluice

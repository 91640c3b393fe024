#pragma once

#include <string>
#include <vector>

#include "sluice/graph/run_position.hpp"

namespace sluice {

/// The counts and times of every stage instance as two tables for people: what went through it and
/// how full its channels were, and what its actor did with its time.
std::string stats_tables(const run_status& status, const stage_windows& windows);

/// The same as Prometheus text (exposition format 0.0.4). Without
/// `sluice_channel_oldest_row_seconds`, the phases of `sluice_epoch_duration_seconds`, and what
/// only several processes have: links, rollbacks, generations.
std::string stats_metrics(const run_status& status, const stage_windows& windows);

/// An instance as people are told of it: `count`, `count #2`.
std::string instance_name(const instance_status& one);

/// Lays out rows of cells in columns, two blanks between them: the first row is the head, columns
/// of which all other cells begin with a digit or a dash are flush right. Every row has as many
/// cells as the first.
std::string text_table(const std::vector<std::vector<std::string>>& rows);

}  // namespace sluice

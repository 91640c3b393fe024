#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sluice/graph/run_beginning.hpp"

namespace sluice {

/// How a run shows how far it is; `automatic` is a bar on a terminal, unless rows are printed there
/// too, and else a line every few seconds.
enum class progress_form : std::uint8_t { automatic, bar, plain, json, none };

/// How the counts of a run are shown at its end: not at all, as a table, or as Prometheus
/// text.
enum class stats_form : std::uint8_t { none, table, metrics };

enum class picture_form : std::uint8_t { text, dot, mermaid };
enum class loudness : std::uint8_t { quiet, usual, verbose };
enum class color_use : std::uint8_t { automatic, always, never };

/// A setting given by a flag of its own, such as `--every 1s`.
struct flag_setting {
  std::string key;  ///< As in a file: `batch.rows`.
  std::string value;
  std::string flag;  ///< What messages name: `--rows`, or `SLUICE_ROWS`.
};

/// What `simulate` is to do.
struct simulation_choices {
  std::uint64_t first_seed = 1;
  std::uint64_t last_seed = 100;
  std::string faults;              ///< `kill,drop`; empty: all kinds.
  std::uint64_t nodes = 0;         ///< 0: 2 to 4, as the seed draws it.
  std::uint64_t input_rows = 200;  ///< The most that are taken of each source.
  std::string trace;               ///< File; empty: none is written.
};

/// What was chosen on the command line, by the flags every program has.
struct run_choices {
  std::vector<std::string> config_files;
  std::vector<std::string> assignments;  ///< `key=value`
  std::vector<flag_setting> settings;
  std::vector<std::string> flag_names;  ///< Whose `SLUICE_…` variables are no settings.
  progress_form progress = progress_form::automatic;
  stats_form stats = stats_form::none;
  loudness loud = loudness::usual;
  std::string checkpoints;  ///< Directory; empty: none are kept.
  std::uint64_t nodes = 1;  ///< Processes of this machine.
  std::string node_name;    ///< Which of the nodes of the cluster this is; empty: no node.
  bool insecure = false;    ///< Any address without keys, for tests.
  std::int64_t parent = 0;  ///< Process that this one ends with; 0: none.
  run_beginning from;       ///< Where a run with checkpoints begins.
  color_use color = color_use::automatic;

  picture_form format = picture_form::text;  ///< `graph`
  bool config_shown = false;                 ///< `explain`
  bool schema_shown = false;
  bool connect = false;  ///< `check`
  bool deny_warnings = false;
  bool json = false;
  std::string sweep;          ///< `bench`: KEY=A..B; empty: one run.
  std::uint32_t seconds = 5;  ///< … and how long each run takes; 0: to the end of its input.
  std::uint64_t seed = 1;     ///< … and what the order of the runs is drawn from.
  std::string key_directory = ".";  ///< `keys new`
  std::vector<std::string> words;  ///< `help`, `keys`, `diff`, `stop`: what stands behind the verb.
  bool stop_keeps = false;         ///< `stop`; neither: keeps.
  bool stop_drains = false;
  simulation_choices simulation;  ///< `simulate`
};

}  // namespace sluice

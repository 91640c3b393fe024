#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sluice/graph/settings_origin.hpp"
#include "sluice/operators/batch_policy.hpp"

namespace sluice {

enum class pre_aggregate : std::uint8_t;  // operators/pre_aggregate.hpp

/// The settings there are. `parallelism` exists per stage only, `commit_every`, `threads`,
/// `batch_max_bytes`, `store`, `nodes`, `key`, `allowed` and `commit_deadline` for the graph only;
/// the others for both.
enum class setting_id : std::uint8_t {
  latency,
  mini_batch_size,
  policy,
  batch_rows,
  batch_max_bytes,
  pre_aggregate,
  commit_every,
  commit_deadline,
  credit_rows,
  credit_max_bytes,
  threads,
  parallelism,
  store,
  nodes,
  key,
  allowed,
};

/// A value that was given for a setting and lost to one of higher precedence.
struct losing_setting {
  std::int64_t value = 0;  ///< in the unit of the setting
  setting_origin origin;
  std::string text = {};  ///< of a setting that is a text

  bool operator==(const losing_setting&) const = default;
};

/// One setting as it is in force: its value, who said so, and who else spoke.
struct setting {
  setting_id id{};
  std::string stage;       ///< empty for the graph
  std::int64_t value = 0;  ///< ms, rows, bytes, markers, threads, or the number of a name
  setting_origin origin;
  std::vector<losing_setting> losers;  ///< strongest first; the default is not listed
  std::string text = {};               ///< of a setting that is a text; its `value` is 0

  bool operator==(const setting&) const = default;
};

/// How a graph is tuned: every known setting with its value and its origin.
///
/// A default-constructed object holds the defaults; `settings_reader` makes one from code, files,
/// environment and command line. The value of a stage is the one given for that stage, or the
/// graph's. An empty stage name, or one nothing was said about, gives the graph's value.
class settings {
 public:
  settings();

  /// When results leave `stage`.
  batch_policy policy(std::string_view stage = {}) const;
  /// Time between markers; for a stage of policy `mini`, the period of its own timer. At least 1
  /// ms.
  std::chrono::milliseconds latency(std::string_view stage = {}) const;
  /// Input rows an instance of `stage` may cache before it flushes; at least 1.
  std::uint64_t mini_batch_size(std::string_view stage = {}) const;
  /// Most rows of one column batch; at least 1.
  std::uint64_t batch_rows(std::string_view stage = {}) const;
  /// Most bytes of one column batch; a larger row travels alone.
  std::uint64_t batch_bytes() const;
  /// Whether rows for `stage` are combined before they go to another node.
  sluice::pre_aggregate pre_aggregate(std::string_view stage = {}) const;
  /// COMMIT goes with every k-th marker; at least 1.
  std::uint64_t commit_every() const;
  /// A COMMIT epoch with which nothing moves for so long is given up; 0: none ever is.
  std::chrono::milliseconds commit_deadline() const;
  /// Window of one channel into `stage` in rows; not below any `batch_rows`.
  std::uint64_t credit_rows(std::string_view stage = {}) const;
  /// Window of one channel into `stage` in bytes; not below `batch_bytes`.
  std::uint64_t credit_bytes(std::string_view stage = {}) const;
  /// Scheduler threads; 0 means as many as suit the machine.
  std::uint64_t threads() const;
  /// Instances of `stage`; 0 means nobody said.
  std::uint64_t parallelism(std::string_view stage) const;

  /// Where the truth about a run with checkpoints is kept: `etcd://HOST:PORT/PREFIX` or a
  /// directory; empty: beside the files of the checkpoints.
  std::string store() const;
  /// The nodes of a run, `NAME=ADDRESS,…`; empty: nobody said.
  std::string nodes() const;
  /// Files with the key of this node and with those that may connect; empty: no keys.
  std::string key_file() const;
  std::string allowed_file() const;

  /// Returns what is said about `id` for exactly that stage (empty: the graph), or null.
  /// Valid until the next `assign`.
  const setting* find(setting_id id, std::string_view stage = {}) const;

  /// Returns every setting of the graph, then those of the stages by name.
  std::vector<setting> entries() const { return entries_; }

  /// Puts `entry` in the place of what was said about the same setting and stage.
  void assign(setting entry);

  bool operator==(const settings&) const = default;

 private:
  std::int64_t value(setting_id id, std::string_view stage) const;

  // By stage, then by setting; the graph is the empty name and always complete. A vector, as this
  // header is read by every program that composes a graph.
  std::vector<setting> entries_;
};

/// Returns a line for every setting: name, value with unit, origin; losing values below it.
std::string explain(const settings& chosen);

/// Returns a JSON schema (draft 2020-12) of a configuration file.
std::string settings_schema();

}  // namespace sluice

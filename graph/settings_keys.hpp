#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "sluice/graph/settings.hpp"

namespace sluice {

/// What a value of a setting is: a time (integer ms or "5s"), a size (integer bytes or "8MiB"), a
/// plain number, the name of a policy, one of a few other names, the name of a store, or a text.
enum class setting_kind : std::uint8_t { time, size, number, policy, name, store, text };

/// Everything known about one setting; the one list from which reading, explaining and the schema
/// follow.
struct setting_description {
  setting_id id{};
  std::string_view name;                    ///< as `explain` prints it
  std::span<const std::string_view> names;  ///< spellings for the graph; empty: per stage only
  std::span<const std::string_view> stage_names;  ///< spellings below [stage.NAME]; may be empty
  setting_kind kind{};
  std::int64_t initial = 0;   ///< the default
  std::int64_t smallest = 0;  ///< smallest and largest value allowed
  std::int64_t largest = 0;
  std::string_view unit;   ///< "ms", "rows", …; empty for a policy, a name or a text
  std::string_view about;  ///< one sentence for schema and documents
};

/// Every known setting, in the order of `setting_id`.
std::span<const setting_description> setting_descriptions();

const setting_description& describe(setting_id id);

/// Returns the setting spelled `key` for the graph, or null.
const setting_description* find_graph_key(std::string_view key);

/// Returns the setting spelled `key` below [stage.NAME], or null.
const setting_description* find_stage_key(std::string_view key);

/// A key as given outside of a file: `batch.rows` or `stage.NAME.batch.rows`.
struct spelled_key {
  std::string stage;  ///< empty for the graph
  const setting_description* description = nullptr;
};

/// Returns what `key` names, or nothing. A stage name may contain dots; it need not exist.
std::optional<spelled_key> find_key(std::string_view key);

/// True for the three Blink settings and their twins, which stand above the first table of a file.
bool blink_key(std::string_view key);

/// Which keys are meant: those of the graph, or those below [stage.NAME].
enum class key_scope : std::uint8_t { graph, stage };

/// True if `key` is a table on the way to a known setting, such as `batch` or `blink.miniBatch`.
bool known_table(std::string_view key, key_scope scope);

/// Returns what to write in place of `key`, which is not known: the nearest name in its table, or a
/// key that ends alike, or else the keys there are.
std::string unknown_key_hint(std::string_view key, key_scope scope);

}  // namespace sluice

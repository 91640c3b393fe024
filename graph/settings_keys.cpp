#include "sluice/graph/settings_keys.hpp"
#include "sluice/operators/pre_aggregate.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "sluice/graph/settings_nearest.hpp"

namespace sluice {

namespace {

using names = std::span<const std::string_view>;

constexpr std::array<std::string_view, 4> latency_names{
    "microBatch.allowLatencyMs", "miniBatch.allowLatencyMs", "blink.microBatch.allowLatencyMs",
    "blink.miniBatch.allowLatencyMs"};
constexpr std::array<std::string_view, 2> latency_stage_names{"miniBatch.allowLatencyMs",
                                                              "allowLatencyMs"};
constexpr std::array<std::string_view, 2> mini_size_names{"miniBatch.size", "blink.miniBatch.size"};
constexpr std::array<std::string_view, 1> mini_size_stage_names{"miniBatch.size"};
constexpr std::array<std::string_view, 1> policy_names{"batch.policy"};
constexpr std::array<std::string_view, 1> policy_stage_names{"policy"};
constexpr std::array<std::string_view, 1> batch_rows_names{"batch.rows"};
constexpr std::array<std::string_view, 1> batch_bytes_names{"batch.max_bytes"};
constexpr std::array<std::string_view, 1> pre_aggregate_key_names{"batch.pre_aggregate"};
constexpr std::array<std::string_view, 1> pre_aggregate_stage_names{"pre_aggregate"};
constexpr std::array<std::string_view, 1> commit_every_names{"commit.every"};
constexpr std::array<std::string_view, 1> credit_rows_names{"credit.rows"};
constexpr std::array<std::string_view, 1> credit_bytes_names{"credit.max_bytes"};
constexpr std::array<std::string_view, 1> threads_names{"scheduler.threads"};
constexpr std::array<std::string_view, 1> store_names{"cluster.store"};
constexpr std::array<std::string_view, 1> nodes_names{"cluster.nodes"};
constexpr std::array<std::string_view, 1> key_names{"cluster.key"};
constexpr std::array<std::string_view, 1> allowed_names{"cluster.allowed"};
constexpr std::array<std::string_view, 1> commit_deadline_names{"commit.deadline_ms"};
constexpr std::array<std::string_view, 1> parallelism_stage_names{"parallelism"};

constexpr std::int64_t mebibyte = 1 << 20;
constexpr std::int64_t day_ms = 24 * 60 * 60 * 1000;
constexpr std::int64_t key_groups = 256;

constexpr std::array<setting_description, 16> descriptions{{
    {setting_id::latency, "effective_latency_ms", latency_names, latency_stage_names,
     setting_kind::time, 1000, 1, day_ms, "ms",
     "time between two markers; for a stage of policy mini, the period of its timer"},
    {setting_id::mini_batch_size, "mini_batch_size", mini_size_names, mini_size_stage_names,
     setting_kind::number, 20'000, 1, 1'000'000'000, "rows",
     "input rows an instance of a caching stage may hold before it flushes"},
    {setting_id::policy, "batch.policy", policy_names, policy_stage_names, setting_kind::policy,
     static_cast<std::int64_t>(batch_policy::both), 0, 0, "", "when results leave a stage"},
    {setting_id::batch_rows, "batch.rows", batch_rows_names, batch_rows_names, setting_kind::number,
     8192, 1, mebibyte, "rows", "most rows of one column batch"},
    {setting_id::batch_max_bytes,
     "batch.max_bytes",
     batch_bytes_names,
     {},
     setting_kind::size,
     mebibyte,
     1,
     1024 * mebibyte,
     "bytes",
     "most bytes of one column batch; a larger row travels alone"},
    {setting_id::pre_aggregate, "batch.pre_aggregate", pre_aggregate_key_names,
     pre_aggregate_stage_names, setting_kind::name,
     static_cast<std::int64_t>(pre_aggregate::automatic), 0, 2, "",
     "whether rows for an aggregate on another node are combined by key before they are sent"},
    {setting_id::commit_every,
     "commit.every",
     commit_every_names,
     {},
     setting_kind::number,
     1,
     1,
     1'000'000,
     "markers",
     "COMMIT goes with every k-th marker"},
    {setting_id::commit_deadline,
     "commit.deadline_ms",
     commit_deadline_names,
     {},
     setting_kind::time,
     10'000,
     0,
     day_ms,
     "ms",
     "a run with checkpoints goes back if an epoch is open and nothing moves for so long; 0: "
     "never"},
    {setting_id::credit_rows, "credit.rows", credit_rows_names, credit_rows_names,
     setting_kind::number, 65'536, 1, 1'000'000'000, "rows", "window of one channel in rows"},
    {setting_id::credit_max_bytes, "credit.max_bytes", credit_bytes_names, credit_bytes_names,
     setting_kind::size, 2 * mebibyte, 1, 1024 * mebibyte, "bytes",
     "window of one channel in bytes"},
    {setting_id::threads,
     "scheduler.threads",
     threads_names,
     {},
     setting_kind::number,
     0,
     0,
     1024,
     "threads",
     "threads that run the actors; 0 means as many as suit the machine"},
    {setting_id::parallelism,
     "parallelism",
     {},
     parallelism_stage_names,
     setting_kind::number,
     0,
     1,
     key_groups,
     "instances",
     "instances of the stage"},
    {setting_id::store,
     "cluster.store",
     store_names,
     {},
     setting_kind::store,
     0,
     0,
     0,
     "",
     "where the truth about a run with checkpoints is kept: etcd://HOST:PORT/PREFIX or a "
     "directory"},
    {setting_id::nodes,
     "cluster.nodes",
     nodes_names,
     {},
     setting_kind::text,
     0,
     0,
     0,
     "",
     "the nodes of the run, NAME=ADDRESS,…; the first one has the coordinator"},
    {setting_id::key,
     "cluster.key",
     key_names,
     {},
     setting_kind::text,
     0,
     0,
     0,
     "",
     "file with the key of this node, as `keys new` makes it"},
    {setting_id::allowed,
     "cluster.allowed",
     allowed_names,
     {},
     setting_kind::text,
     0,
     0,
     0,
     "",
     "file with the nodes that may connect and their public keys, a line each as `keys new` prints "
     "it"},
}};

bool contains(names list, std::string_view name) {
  return std::find(list.begin(), list.end(), name) != list.end();
}

std::string_view last_part(std::string_view key) { return key.substr(key.rfind('.') + 1); }

names spellings(const setting_description& description, key_scope scope) {
  return scope == key_scope::stage ? description.stage_names : description.names;
}

// Every key and every table that may be written in `scope`.
std::vector<std::string> written_names(key_scope scope) {
  std::vector<std::string> known;
  if (scope == key_scope::graph) known = {"source", "stage"};
  for (const auto& description : descriptions) {
    for (auto name : spellings(description, scope)) {
      for (auto dot = name.find('.'); dot != name.npos; dot = name.find('.', dot + 1)) {
        known.emplace_back(name.substr(0, dot));
      }
      known.emplace_back(name);
    }
  }
  std::sort(known.begin(), known.end());
  known.erase(std::unique(known.begin(), known.end()), known.end());
  return known;
}

std::string did_you_mean(std::string_view name) {
  return "did you mean " + std::string(name) + "?";
}

constexpr std::string_view stage_prefix = "stage.";

}  // namespace

std::span<const setting_description> setting_descriptions() { return descriptions; }

const setting_description& describe(setting_id id) {
  return descriptions[static_cast<std::size_t>(id)];
}

const setting_description* find_graph_key(std::string_view key) {
  for (const auto& description : descriptions) {
    if (contains(description.names, key)) return &description;
  }
  return nullptr;
}

const setting_description* find_stage_key(std::string_view key) {
  for (const auto& description : descriptions) {
    if (contains(description.stage_names, key)) return &description;
  }
  return nullptr;
}

std::optional<spelled_key> find_key(std::string_view key) {
  if (!key.starts_with(stage_prefix)) {
    auto description = find_graph_key(key);
    return description ? std::optional(spelled_key{"", description}) : std::nullopt;
  }
  key.remove_prefix(stage_prefix.size());
  // The first dot with a known key behind it ends the name, so the longest known key is taken.
  for (auto dot = key.find('.'); dot != key.npos; dot = key.find('.', dot + 1)) {
    auto description = find_stage_key(key.substr(dot + 1));
    if (description && dot > 0) return spelled_key{std::string(key.substr(0, dot)), description};
  }
  return std::nullopt;
}

bool blink_key(std::string_view key) {
  return contains(latency_names, key) || contains(mini_size_names, key);
}

bool known_table(std::string_view key, key_scope scope) {
  if (scope == key_scope::graph && (key == "source" || key == "stage")) return true;
  auto leads = [&](std::string_view name) {
    return name.size() > key.size() && name.starts_with(key) && name[key.size()] == '.';
  };
  return std::any_of(descriptions.begin(), descriptions.end(), [&](const auto& description) {
    auto list = spellings(description, scope);
    return std::any_of(list.begin(), list.end(), leads);
  });
}

std::string unknown_key_hint(std::string_view key, key_scope scope) {
  for (const auto& description : descriptions) {
    auto list = spellings(description, scope);
    if (description.name == key && !list.empty()) return did_you_mean(list.front());
  }
  // Names are compared within the table the key is in, or one long prefix makes all of them alike.
  auto dot = key.rfind('.');
  std::string table(
      dot != key.npos && known_table(key.substr(0, dot), scope) ? key.substr(0, dot + 1) : "");
  std::vector<std::string> near;
  for (const auto& name : written_names(scope)) {
    if (name.starts_with(table)) near.push_back(name.substr(table.size()));
  }
  if (auto name = nearest_name(key.substr(table.size()), near)) return did_you_mean(table + *name);
  // The table may be wrong and the rest right: `policy` for `batch.policy`.
  std::string known;
  std::vector<std::string> last_parts;
  for (const auto& description : descriptions) {
    auto list = spellings(description, scope);
    if (list.empty()) continue;
    last_parts.emplace_back(last_part(list.front()));
    if (list.front().starts_with(table)) {
      known.append(known.empty() ? "known: " : ", ").append(list.front());
    }
  }
  auto alike = nearest_name(last_part(key), last_parts);
  for (const auto& description : descriptions) {
    auto list = spellings(description, scope);
    if (alike && !list.empty() && last_part(list.front()) == *alike) {
      return did_you_mean(list.front());
    }
  }
  return known;
}

}  // namespace sluice

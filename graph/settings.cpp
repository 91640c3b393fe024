#include "sluice/graph/settings.hpp"

#include "sluice/graph/settings_keys.hpp"

namespace sluice {

settings::settings() {
  for (const auto& description : setting_descriptions()) {
    if (!description.names.empty()) {
      assign({.id = description.id,
              .stage = {},
              .value = description.initial,
              .origin = {},
              .losers = {}});
    }
  }
}

batch_policy settings::policy(std::string_view stage) const {
  return static_cast<batch_policy>(value(setting_id::policy, stage));
}

std::chrono::milliseconds settings::latency(std::string_view stage) const {
  return std::chrono::milliseconds(value(setting_id::latency, stage));
}

std::uint64_t settings::mini_batch_size(std::string_view stage) const {
  return value(setting_id::mini_batch_size, stage);
}

std::uint64_t settings::batch_rows(std::string_view stage) const {
  return value(setting_id::batch_rows, stage);
}

std::uint64_t settings::batch_bytes() const { return value(setting_id::batch_max_bytes, {}); }

std::uint64_t settings::commit_every() const { return value(setting_id::commit_every, {}); }

std::uint64_t settings::credit_rows(std::string_view stage) const {
  return value(setting_id::credit_rows, stage);
}

std::uint64_t settings::credit_bytes(std::string_view stage) const {
  return value(setting_id::credit_max_bytes, stage);
}

std::uint64_t settings::threads() const { return value(setting_id::threads, {}); }

std::uint64_t settings::parallelism(std::string_view stage) const {
  return value(setting_id::parallelism, stage);
}

const setting* settings::find(setting_id id, std::string_view stage) const {
  auto of_stage = entries_.find(stage);
  if (of_stage == entries_.end()) return nullptr;
  auto found = of_stage->second.find(id);
  return found == of_stage->second.end() ? nullptr : &found->second;
}

std::vector<setting> settings::entries() const {
  std::vector<setting> all;
  for (const auto& [stage, by_id] : entries_) {
    for (const auto& [id, entry] : by_id) all.push_back(entry);
  }
  return all;
}

void settings::assign(setting entry) {
  auto& place = entries_[entry.stage][entry.id];
  place = std::move(entry);
}

std::int64_t settings::value(setting_id id, std::string_view stage) const {
  if (auto own = find(id, stage)) return own->value;
  if (auto graph = find(id)) return graph->value;
  return describe(id).initial;
}

}  // namespace sluice

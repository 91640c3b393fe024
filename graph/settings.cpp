#include "sluice/graph/settings.hpp"

#include <algorithm>
#include <utility>

#include "sluice/graph/settings_keys.hpp"
#include "sluice/operators/pre_aggregate.hpp"

namespace sluice {

namespace {

using place_in_order = std::pair<std::string_view, setting_id>;

bool before(const setting& entry, const place_in_order& place) {
  return place_in_order(entry.stage, entry.id) < place;
}

}  // namespace

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

pre_aggregate settings::pre_aggregate(std::string_view stage) const {
  return static_cast<sluice::pre_aggregate>(value(setting_id::pre_aggregate, stage));
}

std::uint64_t settings::commit_every() const { return value(setting_id::commit_every, {}); }

std::chrono::milliseconds settings::commit_deadline() const {
  return std::chrono::milliseconds{value(setting_id::commit_deadline, {})};
}

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

std::string settings::store() const { return find(setting_id::store)->text; }
std::string settings::nodes() const { return find(setting_id::nodes)->text; }
std::string settings::key_file() const { return find(setting_id::key)->text; }
std::string settings::allowed_file() const { return find(setting_id::allowed)->text; }

const setting* settings::find(setting_id id, std::string_view stage) const {
  const auto found =
      std::lower_bound(entries_.begin(), entries_.end(), place_in_order(stage, id), before);
  return found != entries_.end() && found->stage == stage && found->id == id ? &*found : nullptr;
}

void settings::assign(setting entry) {
  const auto place = std::lower_bound(entries_.begin(), entries_.end(),
                                      place_in_order(entry.stage, entry.id), before);
  if (place != entries_.end() && place->stage == entry.stage && place->id == entry.id)
    *place = std::move(entry);
  else
    entries_.insert(place, std::move(entry));
}

std::int64_t settings::value(setting_id id, std::string_view stage) const {
  if (auto own = find(id, stage)) return own->value;
  if (auto graph = find(id)) return graph->value;
  return describe(id).initial;
}

}  // namespace sluice

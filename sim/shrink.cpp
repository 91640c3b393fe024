#include "sluice/sim/shrink.hpp"

#include <algorithm>
#include <utility>

namespace sluice::sim {

namespace {

class shrinker {
 public:
  shrinker(settings chosen, const shrinking& what, seeded_random& random)
      : chosen_(std::move(chosen)), what_(what), random_(random) {}

  settings apply(const graph_description& g) {
    if (what_.policy) draw_policy({});
    if (what_.interval) set(setting_id::latency, {}, random_.between(1, 20));
    if (what_.commits) set(setting_id::commit_every, {}, random_.between(1, 4));
    if (what_.size) set(setting_id::mini_batch_size, {}, random_.between(1, 50));
    if (what_.batches) draw_batch({});
    for (const auto& stage : g.stages) {
      if (what_.policy && random_.once_in(4)) draw_policy(stage.name);
      if (what_.batches && random_.once_in(4)) draw_batch(stage.name);
      const auto& kept = what_.kept_parallel;
      if (what_.parallelism && std::find(kept.begin(), kept.end(), stage.name) == kept.end())
        set(setting_id::parallelism, stage.name, random_.once_in(2) ? 1 : random_.between(2, 4));
    }
    if (what_.windows) draw_windows(g);
    return std::move(chosen_);
  }

 private:
  void set(setting_id id, const std::string& stage, std::uint64_t value) {
    set_drawn(chosen_, id, stage, value);
  }
  void draw_policy(const std::string& stage) {
    const auto policy = random_.one_of(
        {batch_policy::off, batch_policy::micro, batch_policy::mini, batch_policy::both});
    set(setting_id::policy, stage, static_cast<std::uint64_t>(policy));
  }
  void draw_batch(const std::string& stage) {
    set(setting_id::batch_rows, stage, random_.between(1, 8));
    if (stage.empty() && random_.once_in(3))
      set(setting_id::batch_max_bytes, {}, random_.between(1, what_.largest_row));
  }
  void draw_windows(const graph_description& g) {
    std::uint64_t rows = chosen_.batch_rows();
    for (const auto& stage : g.stages) rows = std::max(rows, chosen_.batch_rows(stage.name));
    const std::uint64_t bytes = std::max(chosen_.batch_bytes(), what_.largest_row);
    set(setting_id::credit_rows, {}, rows * random_.one_of({1, 1, 1, 2, 5}));
    if (random_.once_in(3)) set(setting_id::credit_max_bytes, {}, bytes);
    for (const auto& stage : g.stages)
      if (random_.once_in(4)) set(setting_id::credit_rows, stage.name, rows);
  }

  settings chosen_;
  const shrinking& what_;
  seeded_random& random_;
};

}  // namespace

void set_drawn(settings& chosen, setting_id id, const std::string& stage, std::uint64_t value) {
  setting_origin origin;
  origin.layer = setting_layer::command_line;
  origin.name = "seed";
  chosen.assign({.id = id,
                 .stage = stage,
                 .value = static_cast<std::int64_t>(value),
                 .origin = std::move(origin),
                 .losers = {}});
}

settings shrunk(settings chosen, const graph_description& g, const shrinking& what,
                seeded_random& random) {
  return shrinker{std::move(chosen), what, random}.apply(g);
}

}  // namespace sluice::sim

#include "sluice/graph/plan.hpp"

#include <algorithm>
#include <thread>

namespace sluice {

namespace {

// Where a node of the graph ended up.
struct placed {
  std::size_t stage = 0;
  std::size_t operation = 0;
};

class planner {
 public:
  planner(const graph_description& g, const settings& chosen) : g_(g), settings_(chosen) {}

  plan make() {
    for (std::size_t n = 0; n < g_.stages.size(); ++n) place(n);
    for (std::size_t n = 0; n < g_.stages.size(); ++n) connect(n);
    plan_.interval_ms = static_cast<std::uint64_t>(settings_.latency().count());
    plan_.commit_every = settings_.commit_every();
    plan_.deadline_ms = static_cast<std::uint64_t>(settings_.commit_deadline().count());
    const std::size_t cores = std::max(1u, std::thread::hardware_concurrency());
    plan_.threads = settings_.threads() != 0 ? settings_.threads() : cores <= 2 ? 1 : cores - 1;
    return std::move(plan_);
  }

 private:
  std::size_t instances(const stage_node& node) const {
    return std::max<std::uint64_t>(1, settings_.parallelism(node.name));
  }

  std::size_t add_stage(std::string name, stage_role role, const stage_node& like) {
    planned_stage made;
    made.name = std::move(name);
    made.role = role;
    made.instances = instances(like);
    made.policy = settings_.policy(like.name);
    made.timer_ms = static_cast<std::uint64_t>(settings_.latency(like.name).count());
    made.size = settings_.mini_batch_size(like.name);
    made.bounds = {settings_.batch_rows(like.name), settings_.batch_bytes()};
    plan_.stages.push_back(std::move(made));
    return plan_.stages.size() - 1;
  }

  // Puts node n into a stage of its own, or behind the stage its rows come from.
  void place(std::size_t n) {
    const stage_node& node = g_.stages[n];
    switch (node.kind) {
      case stage_kind::source: {
        const std::size_t source = add_stage(node.name, stage_role::source, node);
        plan_.stages[source].operations.push_back({n});
        const std::size_t batcher = add_stage(node.name + "/batcher", stage_role::batcher, node);
        plan_.stages[batcher].operations.push_back({planned_operation::no_node});
        planned_edge edge;
        edge.from_stage = source;
        edge.to_stage = batcher;
        edge.fields = node.outputs[0];
        edge.gather.bounds = plan_.stages[source].bounds;
        edge.window = window_into(node.name);
        plan_.edges.push_back(edge);
        places_.push_back({batcher, 0});
        return;
      }
      case stage_kind::transform:
        if (const auto host = host_of(node)) {
          planned_stage& stage = plan_.stages[host->stage];
          stage.operations.push_back({n});
          stage.links.push_back(
              {host->operation, node.inputs[0].from[0].port, stage.operations.size() - 1});
          places_.push_back({host->stage, stage.operations.size() - 1});
          return;
        }
        return own_stage(n, stage_role::batcher);
      case stage_kind::keyed:
        return own_stage(n, stage_role::aggregator);
      case stage_kind::sink:
        return own_stage(n, stage_role::sink);
    }
  }

  void own_stage(std::size_t n, stage_role role) {
    const stage_node& node = g_.stages[n];
    const std::size_t stage = add_stage(node.name, role, node);
    plan_.stages[stage].operations.push_back({n});
    plan_.stages[stage].adaptive = node.gathers;
    places_.push_back({stage, 0});
  }

  // Whether something was said about the channels into a stage, which a fused one has none of.
  bool has_way_in_of_its_own(const std::string& name) const {
    constexpr setting_id about_channels[] = {setting_id::policy, setting_id::batch_rows,
                                             setting_id::credit_rows, setting_id::credit_max_bytes};
    return std::any_of(std::begin(about_channels), std::end(about_channels),
                       [&](setting_id id) { return settings_.find(id, name) != nullptr; });
  }

  // The place whose actor a stateless node can share, if there is one.
  std::optional<placed> host_of(const stage_node& node) const {
    const auto& from = node.inputs[0].from;
    if (node.own_actor || from.size() != 1 || has_way_in_of_its_own(node.name)) return std::nullopt;
    const placed& host = places_[from[0].stage];
    const std::uint64_t wanted = settings_.parallelism(node.name);
    if (wanted != 0 && wanted != plan_.stages[host.stage].instances) return std::nullopt;
    return host;
  }

  credit window_into(const std::string& name) const {
    return {settings_.credit_rows(name), settings_.credit_bytes(name)};
  }

  // Draws the edges into node n, unless it is fused.
  void connect(std::size_t n) {
    const stage_node& node = g_.stages[n];
    const placed& here = places_[n];
    if (node.kind == stage_kind::source || here.operation != 0) return;
    const planned_stage& to = plan_.stages[here.stage];
    for (std::size_t i = 0; i < node.inputs.size(); ++i)
      for (const producer& p : node.inputs[i].from) {
        const placed& from = places_[p.stage];
        const planned_stage& sender = plan_.stages[from.stage];
        planned_edge edge;
        edge.from_stage = from.stage;
        edge.from_operation = from.operation;
        edge.port = p.port;
        edge.to_stage = here.stage;
        edge.input = i;
        edge.keys = node.inputs[i].keys;
        edge.fields = node.inputs[i].fields;
        edge.how = to.instances == 1                  ? spread::same
                   : !edge.keys.empty()               ? spread::by_key
                   : to.instances == sender.instances ? spread::same
                                                      : spread::in_turn;
        edge.gather = gather_into(node, to, sender, edge.how);
        edge.window = window_into(node.name);
        if (node.combined) edge.before_wire = settings_.pre_aggregate(node.name);
        if (edge.before_wire != pre_aggregate::off) edge.combined = node.combined;
        plan_.edges.push_back(edge);
      }
  }

  // Rows wait for a marker where batches would get small: behind a source, and where they are
  // spread by key.
  gathering gather_into(const stage_node& node, const planned_stage& to, const planned_stage& from,
                        spread how) const {
    const bool waits = to.policy != batch_policy::off && to.policy != batch_policy::mini;
    const bool sized = to.policy != batch_policy::off && to.policy != batch_policy::micro;
    const bool small = from.role == stage_role::batcher || how == spread::by_key;
    return {.bounds = to.bounds,
            .until_marker = waits && small,
            .multiple = node.gathers && sized && waits ? to.size : 0};
  }

  const graph_description& g_;
  const settings& settings_;
  plan plan_;
  std::vector<placed> places_;
};

}  // namespace

std::string_view to_string(stage_role role) {
  switch (role) {
    case stage_role::source:
      return "source";
    case stage_role::batcher:
      return "batcher";
    case stage_role::aggregator:
      return "aggregator";
    case stage_role::sink:
      return "sink";
  }
  return "?";
}

std::size_t targets_of(const plan& p, const planned_edge& edge) {
  const bool one = edge.how == spread::same;
  return one ? 1 : p.stages[edge.to_stage].instances;
}

std::size_t receiver_of(const plan& p, const planned_edge& edge, std::size_t sender,
                        std::size_t target) {
  if (edge.how != spread::same) return target;
  return p.stages[edge.to_stage].instances == 1 ? 0 : sender;
}

std::size_t plan::first_of(std::size_t stage) const {
  std::size_t n = 0;
  for (std::size_t s = 0; s < stage; ++s) n += stages[s].instances;
  return n;
}

std::size_t plan::actors() const {
  std::size_t n = 1;  // the coordinator
  for (const auto& s : stages) n += s.instances;
  return n;
}

std::size_t plan::channels() const {
  std::size_t n = 0;
  for (const auto& e : edges) n += stages[e.from_stage].instances * targets_of(*this, e);
  return n;
}

std::uint64_t plan::window_bytes() const {
  std::uint64_t bytes = 0;
  for (const auto& e : edges)
    bytes += stages[e.from_stage].instances * targets_of(*this, e) * e.window.bytes;
  return bytes;
}

plan make_plan(const graph_description& g, const settings& chosen) {
  return planner{g, chosen}.make();
}

}  // namespace sluice

#include "sluice/graph/deploy.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "sluice/actors/sink_operation.hpp"
#include "sluice/connectors/epoch_file.hpp"
#include "sluice/operators/transform.hpp"

namespace sluice {

namespace {

// What sources had prepared of an epoch that is decided.
result<void> show_rejected(const std::map<std::string, std::shared_ptr<epoch_file>>& shown,
                           const manifest& decided) {
  for (const instance_snapshot& one : decided.instances) {
    const auto file = shown.find(one.stage);
    if (file == shown.end() || one.epoch != decided.epoch) continue;
    auto saved = source_snapshot_of(one.state);
    if (!saved) return saved.failure();
    auto done = file->second->append(
        {one.epoch, decided.generation, one.instance, std::move(saved.value().prepared)});
    if (!done)
      return error{done.failure().code, "stage " + one.stage + ": " + done.failure().message};
  }
  return {};
}

// A snapshot for whose file there is no room is tried again, as what a database does not take is.
std::shared_ptr<durability> waiting_for_room(const durability& how,
                                             std::shared_ptr<outside_waits> wait) {
  auto waiting = std::make_shared<durability>(how);
  if (!wait) return waiting;
  waiting->write_file = [write = how.write_file, wait = std::move(wait)](
                            const std::string& stage, std::size_t instance, epoch_id epoch,
                            const snapshot_chain::file_content& content) {
    return tried_until_room(*wait, stage, [&] { return write(stage, instance, epoch, content); });
  };
  return waiting;
}

class deployer {
 public:
  deployer(const graph_description& g, const plan& p, const deploy_options& options)
      : g_(g), plan_(p), options_(options) {}

  result<deployment> make() {
    std::size_t first = 0;
    for (const auto& stage : plan_.stages) {
      first_.push_back(first);
      first += stage.instances;
    }
    made_.waits = options_.wait;
    made_.instances.resize(first);
    for (std::size_t s = 0; s < plan_.stages.size(); ++s)
      for (std::size_t i = 0; i < plan_.stages[s].instances; ++i) describe(s, i);
    exchanges_.resize(first);
    inlets_.resize(first);
    windows_.resize(first);
    for (const auto& edge : plan_.edges) wire(edge);
    made_.epochs = {.interval_ms = plan_.interval_ms,
                    .commit_every = plan_.commit_every,
                    .sources = instances_of(stage_role::source),
                    .sinks = instances_of(stage_role::sink),  // and sources, where they answer
                    .after = {},
                    .reserved_to = {~std::uint64_t{0}}};
    made_.deadline_ms = plan_.deadline_ms;
    if (options_.from) {
      made_.durable = waiting_for_room(*options_.from->how, options_.wait);
      made_.epochs.after = made_.durable->first_after;
      made_.epochs.reserved_to = made_.durable->reserved_to;
      made_.epochs.sinks += made_.epochs.sources;
    }
    const std::vector<std::size_t> order = in_order_of_harm();
    if (auto tried = for_each_instance(order, &deployer::try_sink); !tried) return tried.failure();
    if (auto built = for_each_instance(order, &deployer::build); !built) return built.failure();
    if (coordinates())
      if (auto resolved = resolve_rejects(); !resolved) return resolved.failure();
    return std::move(made_);
  }

 private:
  struct outgoing {
    std::size_t operation = 0;
    std::size_t port = 0;
    exchange spread_over;
    std::size_t first = 0;
    std::optional<pre_aggregation> before_wire{};
  };

  std::size_t instances_of(stage_role role) const {
    std::size_t all = 0;
    for (const planned_stage& stage : plan_.stages) all += stage.role == role ? stage.instances : 0;
    return all;
  }
  bool is_here(std::size_t s, std::size_t i) const {
    return made_.instances[first_[s] + i].node.empty();
  }

  // What everybody has to know of an instance, wherever it runs.
  void describe(std::size_t s, std::size_t i) {
    const planned_stage& stage = plan_.stages[s];
    planned_instance& one = made_.instances[first_[s] + i];
    one.stage = stage.name;
    one.role = to_string(stage.role);
    one.instance = i;
    if (options_.places) {
      const std::string& node = options_.places->node_of[first_[s] + i];
      if (node != options_.here) one.node = node;
    }
    one.is_source = stage.role == stage_role::source;
    one.is_sink = stage.role == stage_role::sink;
    const std::size_t first = stage.operations.front().node;
    one.answers = one.is_source || one.is_sink ||
                  (first != planned_operation::no_node &&
                   g_.stages[first].make()->how_to_save() != saving::nothing);
    if (!one.is_source) return;
    one.has_event_time = g_.stages[first].event_time.has_value();
    made_.paced = made_.paced || g_.stages[first].most_ahead_us.has_value();
  }

  // What a stage loses outside if another one cannot be opened after it: only sinks lose something,
  // and those that have been tried are the last to be in doubt.
  int harm(const planned_stage& stage) const {
    if (stage.role != stage_role::sink) return stage.role == stage_role::source ? 0 : 1;
    return g_.stages[stage.operations[0].node].try_sink ? 3 : 2;
  }
  std::vector<std::size_t> in_order_of_harm() const {
    std::vector<std::size_t> order;
    for (std::size_t s = 0; s < plan_.stages.size(); ++s) order.push_back(s);
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
      return harm(plan_.stages[a]) < harm(plan_.stages[b]);
    });
    return order;
  }
  result<void> for_each_instance(const std::vector<std::size_t>& stages,
                                 result<void> (deployer::*act)(std::size_t s, std::size_t i)) {
    for (const std::size_t s : stages)
      for (std::size_t i = 0; i < plan_.stages[s].instances; ++i)
        if (!is_here(s, i))
          continue;
        else if (const auto done = (this->*act)(s, i); !done)
          return at(plan_.stages[s], done.failure());
    return {};
  }

  static error at(const planned_stage& stage, const error& what) {
    return {what.code, "stage " + stage.name + ": " + what.message};
  }

  sink_context sink_at(std::size_t s, std::size_t i) const {
    const planned_stage& stage = plan_.stages[s];
    const stage_node& node = g_.stages[stage.operations[0].node];
    return {.stage = node.name,
            .instance = i,
            .instances = stage.instances,
            .fields = node.inputs[0].fields,
            .commits = options_.from != nullptr,
            .staging = options_.staging,
            .wait = options_.wait};
  }
  result<void> try_sink(std::size_t s, std::size_t i) {
    const planned_stage& stage = plan_.stages[s];
    if (stage.role != stage_role::sink) return {};
    const stage_node& node = g_.stages[stage.operations[0].node];
    return node.try_sink ? node.try_sink(sink_at(s, i)) : result<void>{};
  }

  // Makes the channels of one edge: numbers at both ends, an exchange at every sender.
  void wire(const planned_edge& edge) {
    const planned_stage& from = plan_.stages[edge.from_stage];
    const planned_stage& to = plan_.stages[edge.to_stage];
    for (std::size_t i = 0; i < from.instances; ++i) {
      const std::size_t sender = first_[edge.from_stage] + i;
      const std::size_t targets = targets_of(plan_, edge);
      exchanges_[sender].push_back(
          {edge.from_operation, edge.port,
           exchange{edge.how, targets, edge.keys, edge.gather, options_.pool},
           windows_[sender].size()});
      std::vector<bool> away;
      for (std::size_t t = 0; t < targets; ++t) {
        const std::size_t instance = receiver_of(plan_, edge, i, t);
        connect(sender, first_[edge.to_stage] + instance, edge);
        away.push_back(!is_here(edge.to_stage, instance));
      }
      if (edge.combined && is_here(edge.from_stage, i) &&
          std::find(away.begin(), away.end(), true) != away.end())
        exchanges_[sender].back().before_wire.emplace(
            g_.stages[to.operations.front().node].make_combiner(), edge.before_wire,
            std::move(away), options_.pool);
    }
  }

  void connect(std::size_t sender, std::size_t receiver, const planned_edge& edge) {
    planned_instance& a = made_.instances[sender];
    planned_instance& b = made_.instances[receiver];
    const channel_id id{channels_++};
    a.downstream.push_back({receiver, static_cast<std::uint32_t>(b.upstream.size()), id});
    b.upstream.push_back({sender, static_cast<std::uint32_t>(a.downstream.size() - 1), id});
    b.windows.push_back(edge.window);
    b.fields.push_back(edge.fields);
    b.combined.push_back(edge.combined);
    windows_[sender].push_back(edge.window);
    inlets_[receiver].push_back({edge.input, edge.window});
  }

  result<void> build(std::size_t s, std::size_t i) {
    const planned_stage& stage = plan_.stages[s];
    planned_instance& one = made_.instances[first_[s] + i];
    one.timer = std::chrono::milliseconds(stage.timer_ms);
    return stage.role == stage_role::source ? build_source(s, i, one) : build_stage(s, i, one);
  }

  static std::optional<job_id> job_of(const restoring* from) {
    return from ? std::optional{from->truth.job} : std::nullopt;
  }

  result<void> build_source(std::size_t s, std::size_t i, planned_instance& one) {
    const planned_stage& stage = plan_.stages[s];
    const stage_node& node = g_.stages[stage.operations[0].node];
    source_snapshot snapshot;
    if (options_.from) {
      auto saved = options_.from->source(stage.name, i, stage.instances);
      if (!saved) return saved.failure();
      snapshot = std::move(saved).value();
    }
    auto reader = node.open_source({.stage = node.name,
                                    .instance = i,
                                    .instances = stage.instances,
                                    .pool = options_.pool,
                                    .bounds = stage.bounds,
                                    .rejects = rejects_of(s),
                                    .position = snapshot.position,
                                    .job = job_of(options_.from)});
    if (!reader) return reader.failure();
    source_parts parts;
    parts.reader = std::move(reader).value();
    if (node.event_time)
      parts.event_time.emplace(node.event_time->column, node.event_time->lateness_us);
    for (auto& out : exchanges_[first_[s] + i])
      parts.edges.push_back({std::move(out.spread_over), out.first});
    parts.outlets = windows_[first_[s] + i];
    parts.pool = options_.pool;
    parts.keeps_snapshots = options_.from != nullptr;
    parts.steps_aside = node.steps_aside;
    parts.most_ahead_us = node.most_ahead_us;
    if (options_.from) {
      auto out = parts.reader->by_epoch(i);
      if (!out) return out.failure();
      parts.puts_out = std::move(out).value();
      if (parts.puts_out) parts.puts_out->begin_generation(made_.durable->generation);
    }
    one.source = std::make_shared<source_pump>(std::move(parts));
    one.source->restore(snapshot);
    return {};
  }

  // Whatever is rejected of source stage `s`. With checkpoints an earlier run's rows go only when
  // everything else could be opened.
  const std::shared_ptr<reject_log>& rejects_of(std::size_t s) {
    auto& log = rejects_[s];
    if (log) return log;
    const stage_node& node = g_.stages[plan_.stages[s].operations[0].node];
    log = node.rejects || !options_.rejects ? node.rejects : options_.rejects(node.name);
    if (log) log->begin(node.name, options_.from != nullptr);
    return log;
  }

  bool coordinates() const { return made_.durable && made_.durable->store; }

  // Rows that sources have rejected, wherever they run, are shown here: several processes cannot
  // append to one file without losing or doubling some of it.
  result<void> resolve_rejects() {
    std::map<std::string, std::shared_ptr<epoch_file>> shown;
    for (std::size_t s = 0; s < plan_.stages.size(); ++s) {
      const planned_stage& stage = plan_.stages[s];
      const auto& log = stage.role == stage_role::source ? rejects_of(s) : nullptr;
      if (!log) continue;
      auto file = log->shown_by_epoch();
      if (!file) return at(stage, file.failure());
      if (!file.value()) continue;
      for (std::size_t i = 0; i < stage.instances; ++i) {
        const auto how = options_.from->resolve_source(stage.name, i, stage.instances);
        if (!how) return at(stage, how.failure());
        if (auto done = file.value()->resolve(how.value(), i, stage.instances); !done)
          return at(stage, done.failure());
      }
      shown[stage.name] = std::move(file).value();
    }
    if (!shown.empty())
      made_.durable->show_rejected = [shown](const manifest& m) { return show_rejected(shown, m); };
    return {};
  }

  result<void> build_stage(std::size_t s, std::size_t i, planned_instance& one) {
    const planned_stage& stage = plan_.stages[s];
    stage_parts parts;
    for (const auto& planned : stage.operations) {
      if (planned.node == planned_operation::no_node) {
        parts.operations.push_back(std::make_unique<identity_operation>());
        continue;
      }
      const stage_node& node = g_.stages[planned.node];
      if (node.kind == stage_kind::sink) {
        auto writer = node.open_sink(sink_at(s, i));
        if (!writer) return writer.failure();
        one.sink = std::move(writer).value();
        if (options_.from && one.sink->commits()) {
          const auto how = options_.from->resolve(node.name, i, stage.instances);
          if (!how) return how.failure();
          if (auto resolved = one.sink->resolve(how.value()); !resolved) return resolved;
        }
        parts.operations.push_back(std::make_unique<sink_operation>(one.sink));
      } else {
        parts.operations.push_back(node.make());
      }
    }
    parts.links = stage.links;
    for (auto& out : exchanges_[first_[s] + i])
      parts.edges.push_back({out.operation, out.port, std::move(out.spread_over), out.first,
                             std::move(out.before_wire)});
    parts.inlets = inlets_[first_[s] + i];
    parts.outlets = windows_[first_[s] + i];
    parts.gather = batching{stage.policy, stage.size, stage.adaptive};
    parts.pool = options_.pool;
    parts.bounds = stage.bounds;
    one.work = std::make_shared<sluice::stage>(std::move(parts));
    if (!options_.from) return {};
    one.work->keep_snapshots();
    if (!one.work->keeps_snapshots()) return {};
    auto chain = options_.from->load(stage.name, i, stage.instances, *one.work);
    if (!chain) return chain.failure();
    one.snapshots = std::move(chain).value();
    if (!one.snapshots.wants_whole()) one.work->save_changes();
    return {};
  }

  const graph_description& g_;
  const plan& plan_;
  const deploy_options& options_;
  deployment made_;
  std::vector<std::size_t> first_;  // number of each stage's first instance
  std::uint32_t channels_ = 0;
  std::vector<std::vector<outgoing>> exchanges_;
  std::vector<std::vector<inlet_channel>> inlets_;
  std::vector<std::vector<credit>> windows_;
  std::map<std::size_t, std::shared_ptr<reject_log>> rejects_;
};

}  // namespace

result<deployment> deploy(const graph_description& g, const plan& p,
                          const deploy_options& options) {
  return deployer{g, p, options}.make();
}

}  // namespace sluice

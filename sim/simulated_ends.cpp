#include "sluice/sim/simulated_ends.hpp"

#include <poll.h>

#include <algorithm>
#include <cstdlib>
#include <sstream>
#include <utility>

#include "sluice/connectors/committed_files.hpp"
#include "sluice/connectors/json_objects.hpp"
#include "sluice/connectors/reject_logs.hpp"
#include "sluice/connectors/row_filler.hpp"

namespace sluice::sim {

namespace {

// Where one instance stops: how many rows it has given, and whether it has ended there.
struct stop {
  std::uint64_t rows = 0;
  bool end = false;
};

// Gives rows that are there. Its position is how many it has given.
class kept_rows final : public source_reader {
 public:
  kept_rows(std::shared_ptr<const input_rows> all, const schema& fields, const source_context& at,
            std::vector<stop> stops)
      : all_(std::move(all)),
        out_(fields, at.pool, at.bounds),
        instance_(at.instance),
        instances_(at.instances),
        given_(std::strtoull(at.position.c_str(), nullptr, 10)),
        stops_(std::move(stops)) {}

  result<read_batch> read() override {
    const bool stopping = stop_ < stops_.size();
    const std::uint64_t until = stopping ? stops_[stop_].rows : all_->rows;
    while (!out_.full() && instance_ + given_ * instances_ < all_->rows && given_ < until) push();
    batch_ptr rows = out_.take();
    if (!out_.empty()) return read_batch{std::move(rows), read_state::more};
    if (stopping && given_ == until)
      return read_batch{std::move(rows), stops_[stop_].end ? read_state::end : read_state::later};
    const bool done = instance_ + given_ * instances_ >= all_->rows;
    return read_batch{std::move(rows), done ? read_state::end : read_state::more};
  }

  // Asked for when a COMMIT passes.
  std::string position() const override {
    if (stop_ < stops_.size() && given_ == stops_[stop_].rows) ++stop_;
    return std::to_string(given_);
  }

 private:
  void push() {
    std::uint64_t row = instance_ + given_++ * instances_;
    std::size_t batch = 0;
    while (row >= all_->batches[batch]->size()) row -= all_->batches[batch++]->size();
    const auto chosen = static_cast<std::uint32_t>(row);
    out_.batch().append(*all_->batches[batch], std::span{&chosen, 1});
    out_.add();
  }

  std::shared_ptr<const input_rows> all_;
  row_filler out_;
  std::uint64_t instance_;
  std::uint64_t instances_;
  std::uint64_t given_;
  std::vector<stop> stops_;
  mutable std::size_t stop_ = 0;
};

std::vector<stop> stops_of(const std::vector<sealed_cut>& cuts, const std::string& stage,
                           std::size_t instance) {
  std::vector<stop> stops;
  for (const sealed_cut& cut : cuts)
    for (const auto& part : cut.sources)
      if (part.stage == stage && part.instance == instance)
        stops.push_back({part.rows, part.ended});
  return stops;
}

std::string about(const stage_node& node, const std::string& what) {
  return "source " + node.name + " (" + node.what + ") " + what;
}

result<std::shared_ptr<const input_rows>> read_input(const stage_node& node, std::uint64_t most,
                                                     std::chrono::milliseconds patience) {
  if (!node.replayable || node.logged)
    return error{error_code::failed,
                 about(node, "cannot be simulated: what it has read cannot be read again")};
  auto input = std::make_shared<input_rows>();
  const auto rejects = std::make_shared<memory_reject_log>();
  source_context at;
  at.stage = node.name;
  at.rejects = rejects;
  auto reader = node.open_source(at);
  if (!reader) return error{reader.failure().code, about(node, reader.failure().message)};
  const auto until = std::chrono::steady_clock::now() + patience;
  while (!input->all && input->rows < most) {
    auto got = reader.value()->read();
    if (!got) return error{got.failure().code, about(node, got.failure().message)};
    if (const batch_ptr& rows = got.value().rows; rows && !rows->empty()) {
      const std::uint64_t room = most - input->rows;
      input->batches.push_back(rows);
      input->rows += std::min<std::uint64_t>(rows->size(), room);
    }
    const read_state state = got.value().state;
    input->all = state == read_state::end && input->rows < most;
    if (state == read_state::end || std::chrono::steady_clock::now() > until) break;
    if (state == read_state::more) continue;
    // Without a descriptor it says no more than to come again.
    ::pollfd something{.fd = reader.value()->wake_descriptor(), .events = POLLIN, .revents = 0};
    ::poll(&something, 1, 1);
  }
  input->rejected = reader.value()->rejected();
  if (input->rows == 0 && !input->all)
    return error{error_code::failed,
                 about(node, "cannot be simulated: it has given no row within " +
                                 std::to_string(patience.count()) + " ms")};
  return std::shared_ptr<const input_rows>{std::move(input)};
}

}  // namespace

result<simulation_inputs> read_inputs(const graph_description& g, std::uint64_t rows,
                                      std::chrono::milliseconds patience) {
  simulation_inputs inputs;
  for (const auto& node : g.stages) {
    if (node.kind != stage_kind::source) continue;
    auto input = read_input(node, rows, patience);
    if (!input) return input.failure();
    inputs[node.name] = std::move(input).value();
  }
  return inputs;
}

std::vector<std::size_t> sinks_of(const graph_description& g) {
  std::vector<std::size_t> sinks;
  for (std::size_t i = 0; i < g.stages.size(); ++i)
    if (g.stages[i].kind == stage_kind::sink) sinks.push_back(i);
  return sinks;
}

graph_description with_simulated_ends(const graph_description& g, const simulation_inputs& inputs,
                                      sim_disk& disk, const std::vector<sealed_cut>* cuts) {
  graph_description made = g;
  std::size_t number = 0;
  for (auto& node : made.stages) {
    node.stays = false;
    if (node.kind == stage_kind::source) {
      node.open_source = [input = inputs.at(node.name), fields = node.outputs.front(),
                          cuts](const source_context& at) {
        auto stops = cuts ? stops_of(*cuts, at.stage, at.instance) : std::vector<stop>{};
        return std::unique_ptr<source_reader>{
            std::make_unique<kept_rows>(input, *fields, at, std::move(stops))};
      };
    } else if (node.kind == stage_kind::sink) {
      made.texts.push_back(".sink" + std::to_string(number++));
      const std::string_view extension = made.texts.back();  // stays there when the graph moves
      node.open_sink = [&disk, extension](const sink_context& at) {
        return std::unique_ptr<sink_writer>{std::make_unique<committed_files>(
            disk.open(), at, row_format{.extension = extension, .row = append_json_row})};
      };
      node.try_sink = {};
      node.shows = {};
      node.prints = false;
      node.commits = true;
    }
  }
  return made;
}

shown_rows shown_on(sim_disk& disk, bool with_rows) {
  shown_rows shown;
  const auto files = disk.open();
  const auto names = files->list();
  if (!names) return shown;
  std::map<std::pair<std::size_t, std::uint64_t>, std::vector<std::string>> found;
  for (const std::string& name : names.value()) {
    if (name.ends_with(".staged") || name.ends_with(".writing")) shown.prepared.push_back(name);
    const std::size_t extension = name.rfind(".sink");
    if (!name.starts_with("part-") || extension == name.npos) continue;
    const std::uint64_t epoch = std::stoull(name.substr(name.find('.') + 1));
    shown.newest = std::max(shown.newest, epoch);
    if (!with_rows) continue;
    auto& rows = found[{std::stoull(name.substr(extension + 5)), epoch}];
    std::istringstream lines{files->read(name).value()};
    for (std::string line; std::getline(lines, line);) rows.push_back(line);
  }
  for (auto& [at, rows] : found) {
    std::sort(rows.begin(), rows.end());
    shown.epochs.push_back({at.first, at.second, std::move(rows)});
  }
  return shown;
}

}  // namespace sluice::sim

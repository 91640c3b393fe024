#include "sluice/state/graph_outline.hpp"

#include <algorithm>
#include <utility>

#include "sluice/records/crc32c.hpp"
#include "sluice/records/hash.hpp"
#include "sluice/state/snapshot_bytes.hpp"

namespace sluice {

namespace {

constexpr std::string_view magic = "sluice-g";
constexpr std::uint32_t version = 1;
constexpr std::size_t checksum_bytes = 4;
// The fewest bytes each takes: what bounds their number before room is made for them.
constexpr std::size_t least_input = 8 + 8;
constexpr std::size_t least_stage = 1 + 8 + 8 + 8;

stage_outline read_stage(snapshot_reader& in) {
  stage_outline stage;
  const auto role = in.value<std::uint8_t>();
  if (role < 1 || role > 3) in.refuse("a stage is neither source nor sink nor has it state");
  stage.is = static_cast<stage_outline::role>(role);
  stage.name = in.text();
  for (auto left = in.count(least_input); left > 0; --left) {
    input_outline input;
    input.fields = in.text();
    input.keys = in.text();
    stage.inputs.push_back(std::move(input));
  }
  stage.gives = in.text();
  return stage;
}

}  // namespace

// The order of calls means nothing.
std::string signature_of(const graph_outline& outline) {
  std::vector<std::string> lines;
  for (const stage_outline& stage : outline.stages) {
    std::string line = "stage " + stage.name;
    for (const auto& input : stage.inputs) line += " |" + input.fields + input.keys;
    if (stage.is == stage_outline::role::source) line += " gives" + stage.gives;
    lines.push_back(std::move(line));
  }
  std::sort(lines.begin(), lines.end());
  std::string text = "checkpoint " + std::to_string(outline.checkpoint_format) + ", key hash " +
                     std::to_string(outline.key_hash) + ", key groups " +
                     std::to_string(outline.key_groups) + '\n';
  for (const auto& line : lines) text += line + '\n';
  return text;
}

graph_hash hash_of(const graph_outline& outline) { return {hash_key(signature_of(outline))}; }

std::string bytes_of(const kept_outline& kept) {
  snapshot_writer out;
  out.raw(magic);
  out.value(version);
  for (const auto half : kept.job.value) out.value(half);
  out.value(kept.graph.checkpoint_format);
  out.value(kept.graph.key_hash);
  out.value(kept.graph.key_groups);
  out.count(kept.graph.stages.size());
  for (const stage_outline& stage : kept.graph.stages) {
    out.value(static_cast<std::uint8_t>(stage.is));
    out.text(stage.name);
    out.count(stage.inputs.size());
    for (const auto& input : stage.inputs) {
      out.text(input.fields);
      out.text(input.keys);
    }
    out.text(stage.gives);
  }
  out.value(crc32c(out.bytes()));
  return out.take();
}

result<kept_outline> read_outline(std::string_view bytes, const std::string& path) {
  const auto wrong = [&](const std::string& what) {
    return error{error_code::malformed, path + ": " + what};
  };
  if (bytes.substr(0, magic.size()) != magic) return wrong("this is no outline of a graph");
  if (bytes.size() < magic.size() + 4 + checksum_bytes) return wrong("the file is cut");
  const auto content = bytes.substr(0, bytes.size() - checksum_bytes);
  snapshot_reader in{content};
  in.raw(magic.size());
  if (const auto found = in.value<std::uint32_t>(); found != version)
    return wrong("format version " + std::to_string(found) + " is unknown; known is " +
                 std::to_string(version));
  snapshot_reader end{bytes.substr(content.size())};
  if (end.value<std::uint32_t>() != crc32c(content))
    return wrong("the file does not match its checksum");
  kept_outline kept;
  for (auto& half : kept.job.value) half = in.value<std::uint64_t>();
  kept.graph.checkpoint_format = in.value<std::uint32_t>();
  kept.graph.key_hash = in.value<std::uint32_t>();
  kept.graph.key_groups = in.value<std::uint32_t>();
  for (auto left = in.count(least_stage); left > 0; --left)
    kept.graph.stages.push_back(read_stage(in));
  if (auto whole = in.finish(); !whole) return wrong(whole.failure().message);
  return kept;
}

}  // namespace sluice

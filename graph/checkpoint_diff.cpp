#include "sluice/graph/checkpoint_diff.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace sluice {

namespace {

using role = stage_outline::role;

std::string word_of(role is) {
  switch (is) {
    case role::source:
      return "source";
    case role::sink:
      return "sink";
    case role::state:
      break;
  }
  return "state";
}

// What the last sealed epoch holds of a stage.
struct kept_stage {
  std::size_t instances = 0;
  std::uint64_t bytes = 0;
  bool ended = true;
};

std::map<std::string, kept_stage> stages_of(const meta_truth& truth) {
  std::map<std::string, kept_stage> all;
  if (const manifest* last = truth.last())
    for (const instance_snapshot& one : last->instances) {
      kept_stage& of = all[one.stage];
      ++of.instances;
      of.bytes += one.state.size();
      for (const blob_ref& blob : one.blobs) of.bytes += blob.bytes;
      of.ended = of.ended && one.ended;
    }
  return all;
}

const stage_outline* find(const graph_outline& in, const std::string& name) {
  const auto found = std::find_if(in.stages.begin(), in.stages.end(),
                                  [&](const stage_outline& s) { return s.name == name; });
  return found == in.stages.end() ? nullptr : &*found;
}

// ` a:u64 b:text` → `a:u64 b:text`; a sentence needs something to name.
std::string shown(const std::string& text) {
  const auto begin = text.find_first_not_of(' ');
  return begin == text.npos ? "nothing" : text.substr(begin);
}
std::string change(const char* of, const std::string& before, const std::string& now) {
  return std::string{"changed; "} + of + " were " + shown(before) + ", are " + shown(now);
}

// Empty if the two are the same.
std::string changed(const stage_outline& before, const stage_outline& now) {
  if (before.is != now.is)
    return "changed; was a stage of kind " + word_of(before.is) + ", is of kind " + word_of(now.is);
  if (before.gives != now.gives) return change("its fields", before.gives, now.gives);
  if (before.inputs.size() != now.inputs.size())
    return "changed; had " + std::to_string(before.inputs.size()) + " inputs, has " +
           std::to_string(now.inputs.size());
  for (std::size_t i = 0; i < now.inputs.size(); ++i) {
    if (before.inputs[i].keys != now.inputs[i].keys)
      return change("its keys", before.inputs[i].keys, now.inputs[i].keys);
    if (before.inputs[i].fields != now.inputs[i].fields)
      return change("the fields of its input", before.inputs[i].fields, now.inputs[i].fields);
  }
  return {};
}

std::string goes_on(role is, const kept_stage& kept) {
  if (kept.ended && is != role::sink) return "same; it had ended";
  switch (is) {
    case role::source:
      return "same; reads on where it was";
    case role::sink:
      return "same; shows what follows";
    case role::state:
      break;
  }
  return "same; keeps its state";
}

class comparing {
 public:
  comparing(const kept_checkpoint& kept, const graph_outline& here,
            const instance_counts& instances)
      : kept_(kept), here_(here), instances_(instances), stages_(stages_of(kept.truth)) {}

  checkpoint_comparison all() {
    const bool same = kept_.truth.graph == hash_of(here_);
    if (kept_.graph) compare_formats(*kept_.graph);
    std::set<std::string> names;
    for (const auto& stage : here_.stages) names.insert(stage.name);
    if (kept_.graph)
      for (const auto& stage : kept_.graph->stages) names.insert(stage.name);
    for (const auto& [name, of] : stages_) names.insert(name);
    for (const auto& name : names) made_.stages.push_back(about(name, same));
    if (!same && made_.differences() == 0)
      made_.others.push_back(
          "records, keys or formats have changed; which of them is not known, because the "
          "checkpoint was made before the graph was kept with it");
    return std::move(made_);
  }

 private:
  void compare_formats(const graph_outline& before) {
    const auto one = [&](const char* what, std::uint32_t was, std::uint32_t is) {
      if (was != is)
        made_.others.push_back(std::string{what} + " was " + std::to_string(was) + ", is " +
                               std::to_string(is));
    };
    one("the checkpoint format", before.checkpoint_format, here_.checkpoint_format);
    one("the version of the key hash", before.key_hash, here_.key_hash);
    one("the number of key groups", before.key_groups, here_.key_groups);
  }

  stage_finding about(const std::string& name, bool same) {
    const stage_outline* const now = find(here_, name);
    const stage_outline* const before = kept_.graph ? find(*kept_.graph, name)
                                        : same      ? now
                                                    : nullptr;
    const auto saved = stages_.find(name);
    const kept_stage kept = saved == stages_.end() ? kept_stage{} : saved->second;
    const bool was_there = before || saved != stages_.end();
    stage_finding found;
    found.stage = name;
    found.role = now ? word_of(now->is) : before ? word_of(before->is) : "";
    found.kept = kept.instances;
    found.bytes = kept.bytes;
    if (const auto n = instances_.find(name); now && n != instances_.end()) found.here = n->second;
    if (!now) {
      found.differs = true;
      found.what = gone(found.role, kept);
    } else if (!was_there) {
      found.differs = !same;
      found.what = now->is == role::source  ? "new; is read from its start"
                   : now->is == role::state ? "new; begins without state"
                                            : "new";
    } else if (const std::string what = before ? changed(*before, *now) : ""; !what.empty()) {
      found.differs = true;
      found.what = what + "; " + lost(word_of(now->is));
    } else if (kept.instances == 0) {
      found.what = "same; nothing is kept of it yet";
    } else {
      found.what = goes_on(now->is, kept);
      compare_instances(found, now->is);
    }
    return found;
  }

  static std::string lost(const std::string& role) {
    if (role == "source") return "where it was would be lost";
    if (role == "sink") return "what it has shown stays";
    return "its state would be lost";
  }
  static std::string gone(const std::string& role, const kept_stage& kept) {
    return "gone; " +
           (role.empty() ? std::to_string(kept.bytes) + " bytes of it would be lost" : lost(role));
  }

  void compare_instances(stage_finding& found, role is) const {
    if (found.here == 0 || found.here == found.kept) return;
    if (is == role::source) {
      found.differs = true;
      found.what = "had " + std::to_string(found.kept) + " instances, has " +
                   std::to_string(found.here) + "; sources keep their parallelism";
    } else if (is == role::state) {
      found.what += ", its keys spread anew";
    }
  }

  const kept_checkpoint& kept_;
  const graph_outline& here_;
  const instance_counts& instances_;
  std::map<std::string, kept_stage> stages_;
  checkpoint_comparison made_;
};

}  // namespace

std::size_t checkpoint_comparison::differences() const {
  const auto differing =
      std::count_if(stages.begin(), stages.end(), [](const stage_finding& s) { return s.differs; });
  return static_cast<std::size_t>(differing) + others.size();
}

std::string checkpoint_comparison::summary() const {
  std::string text;
  const auto add = [&](const std::string& sentence) {
    text += (text.empty() ? "" : ". ") + sentence;
  };
  for (const auto& stage : stages)
    if (stage.differs) add("stage " + stage.stage + ": " + stage.what);
  for (const auto& other : others) add(other);
  return text;
}

checkpoint_comparison compare(const kept_checkpoint& kept, const graph_outline& here,
                              const instance_counts& instances) {
  return comparing{kept, here, instances}.all();
}

}  // namespace sluice

#include "sluice/graph/settings_match.hpp"

#include <algorithm>
#include <set>
#include <tuple>

#include "sluice/graph/settings_lines.hpp"
#include "sluice/graph/settings_nearest.hpp"
#include "sluice/graph/settings_syntax.hpp"

namespace sluice {

namespace {

config_problem below_table_error(const std::string& key) {
  return error_saying("Blink key below a table: " + printable(key),
                      "move it above the first table");
}

std::string join(std::span<const key_part> parts) {
  std::vector<std::string> names;
  for (const auto& part : parts) names.push_back(part.name);
  return written_path(names);
}

// Below a stage the size goes without prefix, and an interval only with a timer of its own.
config_problem blink_key_of_stage(std::string_view own_key, const std::string& key) {
  constexpr std::string_view prefix = "blink.";
  auto problem = below_table_error(key);
  if (own_key.starts_with(prefix) && find_stage_key(own_key.substr(prefix.size()))) {
    problem.hint = "for one stage write " + std::string(own_key.substr(prefix.size()));
  }
  return problem;
}

class file_matching {
 public:
  file_matching(const std::string& name, std::string_view content, const file_contents& contents,
                std::span<const std::string> stages)
      : name_(name), lines_(content), contents_(contents), stages_(stages) {}

  matched_file match() {
    for (const auto& entry : contents_.entries) {
      if (entry.path[0].name == "stage" && entry.path.size() > 1) {
        match_stage(entry);
      } else {
        match_graph(entry);
      }
    }
    return std::move(matched_);
  }

 private:
  void match_graph(const file_entry& entry) {
    auto key = join(entry.path);
    auto description = find_graph_key(key);
    const auto& last = entry.path.back();
    bool below_table = contents_.first_table_line != 0 && last.line > contents_.first_table_line;
    if (description && !(below_table && blink_key(key))) {
      accept(entry, key, {}, *description);
    } else if (description) {
      report(last, below_table_error(key));
    } else if (known_table(key, key_scope::graph)) {
      if (!entry.empty_table) report_table_expected(entry, key);
    } else if (below_table && blink_suffix(entry)) {
      report(*blink_suffix(entry), below_table_error(key));
    } else {
      report_unknown(entry, 0, key_scope::graph);
    }
  }

  void match_stage(const file_entry& entry) {
    const auto& stage = entry.path[1];
    if (std::find(stages_.begin(), stages_.end(), stage.name) == stages_.end()) {
      report(stage, unknown_stage(stage.name, stages_));
      return;
    }
    auto own = std::span(entry.path).subspan(2);
    auto key = join(entry.path);
    if (own.empty()) {
      if (!entry.empty_table) report_table_expected(entry, key);
      return;
    }
    auto own_key = join(own);
    if (auto description = find_stage_key(own_key)) {
      accept(entry, key, stage.name, *description);
    } else if (blink_key(own_key)) {
      report(own.front(), blink_key_of_stage(own_key, key));
    } else if (known_table(own_key, key_scope::stage)) {
      if (!entry.empty_table) report_table_expected(entry, key);
    } else {
      report_unknown(entry, 2, key_scope::stage);
    }
  }

  void accept(const file_entry& entry, std::string key, std::string stage,
              const setting_description& description) {
    setting_candidate candidate;
    candidate.description = &description;
    candidate.stage = std::move(stage);
    candidate.value = entry.value;
    candidate.origin = {setting_layer::file, name_, entry.line, entry.column, std::move(key)};
    candidate.source_line = lines_.line(entry.line);
    matched_.candidates.push_back(std::move(candidate));
  }

  // The part where a Blink key begins, if the entry ends in one: `[batch]` and then
  // `miniBatch.size`.
  const key_part* blink_suffix(const file_entry& entry) const {
    for (std::size_t i = 1; i < entry.path.size(); ++i) {
      if (blink_key(join(std::span(entry.path).subspan(i)))) return &entry.path[i];
    }
    return nullptr;
  }

  void report_table_expected(const file_entry& entry, const std::string& key) {
    report({key, entry.line, entry.column},
           error_saying("wrong type: " + key + " = " + entry.value.shown,
                        "it is a table: write [" + key + "]"));
  }

  // Reports the first part that leads nowhere, so that an unknown table counts once.
  void report_unknown(const file_entry& entry, std::size_t first, key_scope scope) {
    auto parts = std::span(entry.path);
    auto size = std::size_t{1};
    auto leads_on = [&](const std::string& key) {
      bool value = scope == key_scope::stage ? find_stage_key(key) : find_graph_key(key);
      return value || known_table(key, scope);
    };
    while (first + size < parts.size() && leads_on(join(parts.subspan(first, size)))) ++size;
    report(parts[first + size - 1],
           unknown_key(join(parts.first(first + size)), join(parts.subspan(first, size)), scope));
  }

  void report(const key_part& part, config_problem problem) {
    if (!reported_.insert({part.line, part.column, problem.message}).second) return;
    problem.origin = {setting_layer::file, name_, part.line, part.column, {}};
    problem.source_line = lines_.line(part.line);
    matched_.problems.push_back(std::move(problem));
  }

  const std::string& name_;
  settings_lines lines_;
  const file_contents& contents_;
  std::span<const std::string> stages_;
  matched_file matched_;
  std::set<std::tuple<std::uint32_t, std::uint32_t, std::string>> reported_;
};

std::string joined(std::span<const std::string> names) {
  std::string text;
  for (const auto& name : names) text += (text.empty() ? "" : ", ") + printable(name);
  return text;
}

}  // namespace

matched_file match_file(const std::string& name, std::string_view content,
                        const file_contents& contents, std::span<const std::string> stages) {
  return file_matching(name, content, contents, stages).match();
}

config_problem unknown_stage(std::string_view stage, std::span<const std::string> stages) {
  auto message = "unknown stage: " + printable(stage);
  if (auto near = nearest_name(stage, stages)) {
    return error_saying(std::move(message), "did you mean " + printable(*near) + "?");
  }
  return error_saying(std::move(message),
                      stages.empty() ? "the graph names no stage" : "stages: " + joined(stages));
}

config_problem unknown_key(std::string_view shown, std::string_view own, key_scope scope) {
  return error_saying("unknown key: " + printable(shown), unknown_key_hint(own, scope));
}

}  // namespace sluice

#include "sluice/graph/settings_reader.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <memory>
#include <system_error>

#include "sluice/graph/settings_decision.hpp"
#include "sluice/graph/settings_environment.hpp"
#include "sluice/graph/settings_file.hpp"
#include "sluice/graph/settings_match.hpp"

namespace sluice {

namespace {

constexpr std::string_view stage_prefix = "stage.";

setting_origin code_origin(const call_site& where, std::string key) {
  std::string_view path = where.file_name();
  return {setting_layer::code, std::string(path.substr(path.rfind('/') + 1)), where.line(), 0,
          std::move(key)};
}

given_value free_text(std::string_view text) {
  return {value_form::free_text, 0, std::string(text), printable(text)};
}

given_value integer(std::int64_t number) {
  return {value_form::integer, number, {}, std::to_string(number)};
}

std::string stage_key(std::string_view stage, std::string_view key) {
  return std::string(stage_prefix).append(stage).append(".").append(key);
}

struct loaded_file {
  std::string content;
  std::string failure;  // empty if all was read
};

loaded_file load(const std::string& path) {
  // Reads one block more than a configuration file may have, so that `read_settings_text` refuses
  // it.
  constexpr std::size_t block = 1 << 16;
  constexpr std::size_t most_blocks = 17;
  loaded_file loaded;
  auto failure = [](int code) { return std::generic_category().message(code); };
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rb"), std::fclose);
  if (!file) return {{}, failure(errno)};
  std::string buffer(block, '\0');
  for (std::size_t i = 0; i < most_blocks; ++i) {
    auto got = std::fread(buffer.data(), 1, block, file.get());
    loaded.content.append(buffer, 0, got);
    if (got < block) break;
  }
  if (std::ferror(file.get())) return {{}, failure(errno)};
  return loaded;
}

}  // namespace

settings settings_reading::checked() const {
  if (!errors.empty()) throw config_error(errors);
  return values;
}

settings_reader::settings_reader(std::span<const std::string> stages)
    : stages_(stages.begin(), stages.end()) {}

void settings_reader::code(std::string_view key, std::string_view value, call_site where) {
  add(code_origin(where, std::string(key)), free_text(value));
}

void settings_reader::code(std::string_view key, std::int64_t value, call_site where) {
  add(code_origin(where, std::string(key)), integer(value));
}

void settings_reader::code_stage(std::string_view stage, std::string_view key,
                                 std::string_view value, call_site where) {
  add(code_origin(where, stage_key(stage, key)), stage, key, free_text(value));
}

void settings_reader::code_stage(std::string_view stage, std::string_view key, std::int64_t value,
                                 call_site where) {
  add(code_origin(where, stage_key(stage, key)), stage, key, integer(value));
}

void settings_reader::file(const std::string& path) {
  auto loaded = load(path);
  if (loaded.failure.empty()) {
    text(path, loaded.content);
  } else {
    complain({setting_layer::file, path, 0, 0, {}},
             error_saying("cannot read configuration file", loaded.failure));
  }
}

void settings_reader::text(const std::string& name, std::string_view content) {
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  if (content.starts_with(byte_order_mark)) content.remove_prefix(byte_order_mark.size());
  auto contents = read_settings_text(name, content);
  auto matched = match_file(name, content, contents, stages_);
  auto source = sources_++;
  for (auto& problem : contents.problems) problems_.push_back({std::move(problem), source});
  for (auto& problem : matched.problems) problems_.push_back({std::move(problem), source});
  for (auto& candidate : matched.candidates) {
    candidate.source = source;
    candidates_.push_back(std::move(candidate));
  }
}

void settings_reader::environment(std::span<const environment_variable> variables,
                                  std::span<const std::string> flags) {
  for (const auto& [name, value] : variables) {
    variables_[name] = value;
    if (!name.starts_with("SLUICE_")) continue;
    setting_origin origin{setting_layer::environment, name, 0, 0, {}};
    auto meaning = meaning_of_variable(name, stages_, flags);
    if (meaning.flag) continue;
    if (meaning.keys.size() == 1) {
      origin.key = meaning.keys.front();
      add(std::move(origin), free_text(value));
    } else if (meaning.keys.empty()) {
      auto hint = meaning.nearest ? "did you mean " + *meaning.nearest + "?" : "";
      complain(std::move(origin), warning_saying("no such setting or flag", std::move(hint)));
    } else {
      complain(std::move(origin),
               error_saying("may mean " + meaning.keys[0] + " or " + meaning.keys[1],
                            "set it in a file or with --set"));
    }
  }
}

void settings_reader::set(std::string_view assignment) {
  auto equals = assignment.find('=');
  auto flag = std::string("--set ").append(assignment);
  if (equals == assignment.npos) {
    complain({setting_layer::command_line, std::move(flag), 0, 0, {}},
             error_saying("= expected: " + printable(assignment), "write --set key=value"));
  } else {
    set(assignment.substr(0, equals), assignment.substr(equals + 1), flag);
  }
}

void settings_reader::set(std::string_view key, std::string_view value, std::string_view flag) {
  add({setting_layer::command_line, std::string(flag), 0, 0, std::string(key)}, free_text(value));
}

void settings_reader::without_effect(std::string_view stage, setting_id id, std::string_view why) {
  idle_.push_back({std::string(stage), id, std::string(why)});
}

settings_reading settings_reader::read() const {
  return decide_settings(candidates_, problems_, idle_, [this](std::string_view name) {
    auto found = variables_.find(name);
    return found == variables_.end() ? std::nullopt : std::optional(found->second);
  });
}

// Takes a value whose whole key is spelled in `origin`, as on the command line.
void settings_reader::add(setting_origin origin, given_value value) {
  std::string key = origin.key;
  if (auto known = find_key(key)) {
    auto own_begin = known->stage.empty() ? 0 : stage_prefix.size() + known->stage.size() + 1;
    add(std::move(origin), known->stage, std::string_view(key).substr(own_begin), std::move(value));
    return;
  }
  if (!key.starts_with(stage_prefix)) {
    complain(std::move(origin), unknown_key(key, key, key_scope::graph));
    return;
  }
  auto rest = std::string_view(key).substr(stage_prefix.size());
  for (const auto& stage : stages_) {
    if (rest.starts_with(stage + ".")) {
      complain(std::move(origin),
               unknown_key(key, rest.substr(stage.size() + 1), key_scope::stage));
      return;
    }
  }
  complain(std::move(origin), unknown_stage(rest.substr(0, rest.find('.')), stages_));
}

void settings_reader::add(setting_origin origin, std::string_view stage, std::string_view own_key,
                          given_value value) {
  if (!stage.empty() && std::find(stages_.begin(), stages_.end(), stage) == stages_.end()) {
    complain(std::move(origin), unknown_stage(stage, stages_));
    return;
  }
  auto description = stage.empty() ? find_graph_key(own_key) : find_stage_key(own_key);
  if (!description) {
    auto scope = stage.empty() ? key_scope::graph : key_scope::stage;
    auto problem = unknown_key(origin.key, own_key, scope);
    complain(std::move(origin), std::move(problem));
    return;
  }
  candidates_.push_back(
      {description, std::string(stage), std::move(value), std::move(origin), {}, sources_++});
}

void settings_reader::complain(setting_origin origin, config_problem problem) {
  problem.origin = std::move(origin);
  problems_.push_back({std::move(problem), sources_++});
}

}  // namespace sluice

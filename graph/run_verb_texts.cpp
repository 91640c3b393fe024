#include "sluice/graph/run_verb_texts.hpp"

#include <caf/config.hpp>

#include <map>

#include "sluice/graph/run_stats.hpp"
#include "sluice/graph/run_verbs.hpp"
#include "sluice/graph/settings_environment.hpp"
#include "sluice/graph/settings_keys.hpp"
#include "sluice/graph/settings_value.hpp"

#ifndef SLUICE_VERSION
#error "the build says which version this is"
#endif

namespace sluice {

namespace {

std::string compiler() {
#if defined(__clang__)
  return "clang " + std::to_string(__clang_major__) + "." + std::to_string(__clang_minor__);
#else
  return "g++ " + std::to_string(__GNUC__) + "." + std::to_string(__GNUC_MINOR__);
#endif
}

// 1706 is 0.17.6.
std::string actor_library() {
  return std::to_string(CAF_VERSION / 10000) + "." + std::to_string(CAF_VERSION / 100 % 100) + "." +
         std::to_string(CAF_VERSION % 100);
}

}  // namespace

std::string built_with() {
#ifdef __OPTIMIZE__
  const std::string how = "optimised";
#else
  const std::string how = "not optimised";
#endif
  return compiler() + " (" + how + "), CAF " + actor_library() + ", sluice " + library_version();
}

std::string library_version() { return SLUICE_VERSION; }

std::string list_text() {
  return "sources\n" +
         text_table({{"  from::text_file", "lines of text files"},
                     {"  from::text_socket", "lines from host:port, at most once unless logged"},
                     {"  from::csv", "CSV files (RFC 4180); bad rows to STAGE.rejected.jsonl"},
                     {"  from::json_lines", "files with a JSON object a line; bad rows likewise"},
                     {"  from::generate", "rows from a function of their number, seeded"},
                     {"  from::rows", "rows given in the program"}}) +
         "sinks\n" +
         text_table({{"  to::console", "printed at the end of their epoch"},
                     {"  to::csv", "one file, or a folder of parts"},
                     {"  to::json_lines", "likewise"},
                     {"  to::collect", "kept in memory"},
                     {"  to::nothing", "dropped"}}) +
         "policies\n  off, micro, mini, both\noptions\n  none in this version\nbuilt with\n  " +
         built_with() + "\n";
}

std::string settings_help() {
  std::vector<std::vector<std::string>> rows{{"key", "variable", "meaning"}};
  for (const auto& setting : setting_descriptions()) {
    const bool of_stage = setting.names.empty();
    const std::string key{of_stage ? setting.stage_names.front() : setting.names.front()};
    const std::string spelled = of_stage ? "stage.NAME." + key : key;
    rows.push_back({spelled, variable_of_key(spelled), std::string{setting.about}});
  }
  return "A setting is given in code, in a file (--config FILE, TOML), by a variable or by --set "
         "KEY=VALUE;\n"
         "each of these beats those before it. [stage.NAME] in a file is about one stage.\n\n" +
         text_table(rows) + "\nexplain --config shows what is in force and who said so.\n";
}

std::string exit_help(const std::vector<std::pair<int, std::string>>& own_codes) {
  std::map<int, std::string> all{
      {0, "done"},
      {1, "the run failed"},
      {2,
       "wrong usage, settings or graph, or a connector that cannot be opened: nothing was started"},
      {3, "a person has to decide: a checkpoint cannot be believed or is of another graph"},
      {4, "the checkpoint differs from this program (diff)"},
      {130,
       "aborted by a second Ctrl-C; the first one lets what was read be worked off, as does "
       "SIGTERM "
       "without checkpoints; with them SIGTERM stops behind one more checkpoint"}};
  for (const auto& [code, meaning] : own_codes) {
    std::string& text = all[code];
    text += (text.empty() ? "" : ", or: ") + meaning;
  }
  std::vector<std::vector<std::string>> lines;
  for (const auto& [code, meaning] : all) lines.push_back({std::to_string(code), meaning});
  return text_table(lines);
}

}  // namespace sluice

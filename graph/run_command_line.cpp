#include "sluice/graph/run_command_line.hpp"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <set>

#include "sluice/graph/run_arguments.hpp"
#include "sluice/graph/run_choices.hpp"
#include "sluice/graph/run_flags.hpp"
#include "sluice/graph/settings_environment.hpp"
#include "sluice/graph/settings_problem.hpp"

namespace sluice {

namespace {

// The verbs a flag of the program's own goes with unless it says otherwise.
const std::vector<std::string> graph_verbs{"run",  "graph", "explain", "check",
                                           "diff", "bench", "simulate"};

std::string joined(const std::vector<std::string>& words) {
  std::string all;
  for (const auto& word : words) all += (all.empty() ? "" : " ") + word;
  return all;
}

}  // namespace

struct command_line::contents {
  std::vector<std::string> arguments;
  std::string about;
  std::string program = "program";
  std::vector<verb_description> own_verbs;
  std::vector<std::string>
      running;  // those of the program's own verbs that run a graph, and the others
  std::vector<std::string> others;
  std::vector<flag_description> own_flags;
  run_choices choices;
  arguments_grammar grammar;
  std::string verb = "run";
  std::set<std::string> given;
  std::vector<std::pair<int, std::string>> exit_codes;

  void add(const std::string& flag, flag_arity arity, std::string about_it,
           std::vector<std::string> verbs, decltype(flag_description::take) take) {
    const std::size_t blank = flag.find(' ');
    flag_description made;
    made.name = flag.substr(0, blank);
    made.placeholder = blank == flag.npos ? "VALUE" : flag.substr(blank + 1);
    made.arity = arity;
    made.about = std::move(about_it);
    made.verbs = std::move(verbs);
    made.take = std::move(take);
    own_flags.push_back(std::move(made));
  }

  // Flags that named no verbs get theirs now that all verbs are known.
  void make_grammar() {
    grammar.program = program;
    grammar.about = about;
    grammar.verbs = own_verbs;
    for (auto& verb : usual_verbs()) grammar.verbs.push_back(std::move(verb));
    grammar.flags = own_flags;
    for (auto& flag : grammar.flags) {
      if (flag.verbs.empty()) {
        flag.verbs = graph_verbs;
        for (const auto& own : own_verbs) flag.verbs.push_back(own.name);
      }
      // A node composes the same graph.
      if (flag.goes_with("run")) flag.verbs.push_back("node");
    }
    for (auto& flag : usual_flags(choices, running, others))
      grammar.flags.push_back(std::move(flag));
    for (const auto& flag : grammar.flags) choices.flag_names.push_back(flag.name);
  }

  // Hands values to a flag; returns what is wrong with them.
  std::string hand_over(const flag_description& flag, const std::vector<std::string>& values,
                        const std::string& by) {
    given.insert(flag.name);
    const std::string right = flag.take(values, by);
    if (right.empty()) return {};
    if (values.empty()) return "value missing: " + by + " (" + right + ")";
    return "wrong value: " + by + (by.starts_with("--") ? " " : "=") + printable(joined(values)) +
           " (" + right + ")";
  }

  // A variable counts where the command line gave no value; the first description of a name reads
  // it.
  std::string read_variables(const std::set<std::string>& valued) {
    std::set<std::string> seen = valued;
    for (const auto& flag : grammar.flags) {
      if (!flag.goes_with(verb) || !seen.insert(flag.name).second) continue;
      const std::string variable = variable_of_key(flag.name);
      const char* value = std::getenv(variable.c_str());
      if (value == nullptr || *value == '\0') continue;
      if (auto wrong = hand_over(flag, {value}, variable); !wrong.empty()) return wrong;
    }
    return {};
  }
};

command_line::command_line(std::string about) : all_(std::make_unique<contents>()) {
  all_->about = std::move(about);
}
command_line::~command_line() = default;

command_line& command_line::add_verb(std::string name, std::string about, verb_use use) {
  (use == verb_use::runs_a_graph ? all_->running : all_->others).push_back(name);
  all_->own_verbs.push_back({std::move(name), std::move(about)});
  return *this;
}

command_line& command_line::exit_code(int code, std::string meaning) {
  all_->exit_codes.emplace_back(code, std::move(meaning));
  return *this;
}

const std::vector<std::pair<int, std::string>>& command_line::exit_codes() const {
  return all_->exit_codes;
}

command_line& command_line::option(const std::string& flag, std::string& value, std::string about,
                                   std::vector<std::string> verbs) {
  all_->add(flag, flag_arity::one, std::move(about), std::move(verbs),
            [&value](const auto& values, const auto&) {
              value = values.empty() ? std::string{} : values.back();
              return std::string{};
            });
  return *this;
}

command_line& command_line::option(const std::string& flag, bool& value, std::string about,
                                   std::vector<std::string> verbs) {
  all_->add(flag, flag_arity::none, std::move(about), std::move(verbs),
            [&value](const auto& values, const auto&) { return take_switch(values, value); });
  return *this;
}

command_line& command_line::setting(const std::string& flag, std::string key, std::string about,
                                    std::vector<std::string> verbs) {
  all_->add(
      flag, flag_arity::one, std::move(about), std::move(verbs),
      [&into = all_->choices.settings, key = std::move(key)](const auto& values, const auto& by) {
        into.push_back({key, values.empty() ? std::string{} : values.back(), by});
        return std::string{};
      });
  return *this;
}

command_line& command_line::number(const std::string& flag, std::function<void(std::int64_t)> take,
                                   std::int64_t smallest, std::int64_t largest, std::string about,
                                   std::vector<std::string> verbs) {
  all_->add(flag, flag_arity::one, std::move(about), std::move(verbs),
            [take = std::move(take), smallest, largest](const auto& values, const auto&) {
              const std::string text = values.empty() ? std::string{} : values.back();
              std::int64_t number = 0;
              const auto [end, failed] =
                  std::from_chars(text.data(), text.data() + text.size(), number);
              if (failed != std::errc{} || end != text.data() + text.size() || number < smallest ||
                  number > largest)
                return "a whole number from " + std::to_string(smallest) + " to " +
                       std::to_string(largest);
              take(number);
              return std::string{};
            });
  return *this;
}

std::optional<int> command_line::read(int argc, char** argv) {
  std::vector<std::string> arguments(argv + (argc > 0 ? 1 : 0), argv + argc);
  if (argc > 0) all_->program = std::string{argv[0]}.substr(std::string{argv[0]}.rfind('/') + 1);
  all_->arguments = arguments;
  all_->make_grammar();
  const found_arguments found = find_arguments(all_->grammar, arguments);
  if (!found.help.empty()) {
    std::fputs(found.help.c_str(), stdout);
    return 0;
  }
  all_->verb = found.verb;
  all_->choices.words = found.words;
  std::string wrong = found.wrong;
  std::set<std::string> valued;
  for (const auto& one : found.flags) {
    if (!wrong.empty()) break;
    wrong = all_->hand_over(*one.flag, one.values, "--" + one.flag->name);
    if (one.flag->arity != flag_arity::any || !one.values.empty()) valued.insert(one.flag->name);
  }
  if (wrong.empty()) wrong = all_->read_variables(valued);
  if (wrong.empty()) return std::nullopt;
  std::fprintf(stderr, "%s: %s\n", all_->program.c_str(), wrong.c_str());
  return 2;
}

std::vector<std::string> command_line::verbs() const {
  std::vector<std::string> names;
  for (const auto& verb : all_->grammar.verbs) names.push_back(verb.name);
  return names;
}
const std::string& command_line::verb() const { return all_->verb; }
bool command_line::given(const std::string& flag) const { return all_->given.contains(flag); }
const std::vector<std::string>& command_line::arguments() const { return all_->arguments; }
const std::string& command_line::program() const { return all_->program; }
std::string command_line::help(const std::string& verb) const {
  return help_of(all_->grammar, verb);
}
const run_choices& command_line::choices() const { return all_->choices; }

}  // namespace sluice

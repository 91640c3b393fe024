#include "sluice/graph/run_flags.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>

#include "sluice/graph/settings_nearest.hpp"

namespace sluice {

namespace {

template <class E>
struct named_value {
  std::string_view name;
  E value;
};

constexpr std::array<named_value<progress_form>, 5> progress_forms{
    {{"auto", progress_form::automatic},
     {"bar", progress_form::bar},
     {"plain", progress_form::plain},
     {"json", progress_form::json},
     {"none", progress_form::none}}};
constexpr std::array<named_value<stats_form>, 3> stats_forms{
    {{"table", stats_form::table}, {"metrics", stats_form::metrics}, {"none", stats_form::none}}};
constexpr std::array<named_value<picture_form>, 3> picture_forms{
    {{"text", picture_form::text}, {"dot", picture_form::dot}, {"mermaid", picture_form::mermaid}}};
constexpr std::array<named_value<color_use>, 3> color_uses{
    {{"auto", color_use::automatic}, {"always", color_use::always}, {"never", color_use::never}}};

template <class E, std::size_t N>
std::string take_name(const std::vector<std::string>& values,
                      const std::array<named_value<E>, N>& known, E& into) {
  std::vector<std::string> names;
  for (const auto& one : known) {
    if (!values.empty() && values.back() == one.name) {
      into = one.value;
      return {};
    }
    names.emplace_back(one.name);
  }
  std::string allowed;
  for (const auto& name : names) allowed += (allowed.empty() ? "" : ", ") + name;
  if (values.empty()) return allowed;
  const auto nearest = nearest_name(values.back(), names);
  return allowed + (nearest ? "; did you mean " + *nearest + "?" : "");
}

// Makes the descriptions; one function for each kind of value.
class flag_table {
 public:
  explicit flag_table(run_choices& into) : into_(into) {}

  void list(const char* name, std::vector<std::string> run_choices::*member,
            const char* placeholder, const char* about, std::vector<std::string> verbs) {
    add({name, 0, flag_arity::several, placeholder, about, std::move(verbs),
         [&into = into_, member](const auto& values, const auto&) {
           (into.*member).insert((into.*member).end(), values.begin(), values.end());
           return std::string{};
         }});
  }
  void turn_on(const char* name, bool run_choices::*member, const char* about,
               std::vector<std::string> verbs) {
    add({name, 0, flag_arity::none, "", about, std::move(verbs),
         [&into = into_, member](const auto& values, const auto&) {
           return take_switch(values, into.*member);
         }});
  }
  void text(const char* name, std::string run_choices::*member, const char* placeholder,
            const char* about, std::vector<std::string> verbs) {
    add({name, 0, flag_arity::one, placeholder, about, std::move(verbs),
         [&into = into_, member](const auto& values, const auto&) {
           if (values.empty() || values.back().empty()) return std::string{"a text"};
           into.*member = values.back();
           return std::string{};
         }});
  }
  template <class N>
  void number(const char* name, N& into, std::int64_t smallest, std::int64_t largest,
              const char* about, std::vector<std::string> verbs) {
    add({name, 0, flag_arity::one, "N", about, std::move(verbs),
         [&into, smallest, largest](const auto& values, const auto&) {
           const std::string given = values.empty() ? std::string{} : values.back();
           std::int64_t number = 0;
           const char* const end = given.data() + given.size();
           const auto [stopped, wrong] = std::from_chars(given.data(), end, number);
           if (wrong != std::errc{} || stopped != end || number < smallest || number > largest)
             return "a whole number from " + std::to_string(smallest) + " to " +
                    std::to_string(largest);
           into = static_cast<N>(number);
           return std::string{};
         }});
  }
  void loud(const char* name, char letter, loudness value, const char* about,
            std::vector<std::string> verbs) {
    add({name, letter, flag_arity::none, "", about, std::move(verbs),
         [&into = into_, value](const auto& values, const auto&) {
           bool on = false;
           const auto right = take_switch(values, on);
           if (on) into.loud = value;
           return right;
         }});
  }
  template <class E, std::size_t N>
  void choice(const char* name, E run_choices::*member, const std::array<named_value<E>, N>& known,
              const char* placeholder, const char* about, std::vector<std::string> verbs) {
    add({name, 0, flag_arity::one, placeholder, about, std::move(verbs),
         [&into = into_, member, &known](const auto& values, const auto&) {
           return take_name(values, known, into.*member);
         }});
  }
  void add(flag_description made) { made_.push_back(std::move(made)); }
  run_choices& chosen() { return into_; }

  std::vector<flag_description> take() { return std::move(made_); }

 private:
  run_choices& into_;
  std::vector<flag_description> made_;
};

void add_simulation_flags(flag_table& table, simulation_choices& into) {
  const auto text = [&](const char* name, std::string& to, const char* placeholder,
                        const char* about) {
    table.add({name,
               0,
               flag_arity::one,
               placeholder,
               about,
               {"simulate"},
               [&to](const auto& values, const auto&) {
                 if (values.empty() || values.back().empty()) return std::string{"a text"};
                 to = values.back();
                 return std::string{};
               }});
  };
  table.add({"seeds",
             0,
             flag_arity::one,
             "A..B",
             "what everything is drawn from (1..100)",
             {"simulate"},
             [&into](const auto& values, const auto&) { return take_seeds(values, into); }});
  text("faults", into.faults, "LIST",
       "of kill, pause, partition, reset, drop, double, delay, power, store (all); or none");
  table.number("nodes", into.nodes, 1, 16, "on so many nodes (2 to 4, drawn)", {"simulate"});
  table.number("input-rows", into.input_rows, 1, 1'000'000,
               "takes the first N rows of every source (200)", {"simulate"});
  text("trace", into.trace, "FILE", "writes there what happened with the last seed that was run");
}

std::vector<std::string> joined(std::vector<std::string> verbs,
                                const std::vector<std::string>& more) {
  verbs.insert(verbs.end(), more.begin(), more.end());
  return verbs;
}

}  // namespace

std::string take_switch(const std::vector<std::string>& values, bool& into) {
  static const std::array<std::string_view, 4> on{"true", "1", "yes", "on"};
  static const std::array<std::string_view, 4> off{"false", "0", "no", "off"};
  const std::string_view said = values.empty() ? std::string_view{} : values.back();
  const bool yes = std::find(on.begin(), on.end(), said) != on.end();
  if (!yes && std::find(off.begin(), off.end(), said) == off.end()) return "true or false";
  into = yes;
  return {};
}

std::string take_seeds(const std::vector<std::string>& values, simulation_choices& into) {
  const std::string text = values.empty() ? std::string{} : values.back();
  const char* const end = text.data() + text.size();
  std::uint64_t first = 0, last = 0;
  auto read = std::from_chars(text.data(), end, first);
  last = first;
  if (read.ec == std::errc{} && read.ptr != end &&
      std::string_view(read.ptr, end).starts_with(".."))
    read = std::from_chars(read.ptr + 2, end, last);
  if (read.ec != std::errc{} || read.ptr != end || first == 0 || last < first)
    return "A..B, or one seed; from 1";
  into.first_seed = first;
  into.last_seed = last;
  return {};
}

std::string take_beginning(const std::vector<std::string>& values, run_beginning& into) {
  const std::string text = values.empty() ? std::string{} : values.back();
  if (text == "last" || text == "none") {
    into = {text == "last" ? run_beginning::kind::last : run_beginning::kind::none, {}};
    return {};
  }
  std::uint64_t epoch = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), epoch);
  if (failed != std::errc{} || end != text.data() + text.size() || epoch == 0)
    return "last, none or the number of an epoch";
  into = {run_beginning::kind::epoch, {epoch}};
  return {};
}

std::vector<verb_description> usual_verbs() {
  return {{"run", "runs the graph until its input ends or Ctrl-C drains it"},
          {"node", "runs one of several nodes of the graph, until the run is over"},
          {"graph", "shows the graph as composed: stages, roles, keys, guarantees"},
          {"explain", "shows the plan: actors, channels, keys, credit, memory; or the settings"},
          {"check", "finds what is wrong with graph and settings, all of it at once"},
          {"bench", "measures rows a second and how long they wait, over values of a setting"},
          {"simulate", "runs the graph on simulated nodes that fail, and checks what it shows"},
          {"keys",
           "makes the key of a node, or shows its public part",
           {{"WORD", "new or show"}, {"NAME", "of the node; with show: the key file"}}},
          {"diff",
           "says what of a checkpoint this program would keep, lose or read again",
           {{"CHECKPOINT", "the directory of the checkpoint"}}},
          {"stop",
           "stops the run with checkpoints in a directory and waits for its end",
           {{"DIR", "the directory of its checkpoints"}}},
          {"list", "lists connectors and options compiled in"},
          {"version", "names program and library"},
          {"help",
           "explains a verb, the settings or the exit codes",
           {{"TOPIC", "a verb, settings or exit"}}}};
}

std::vector<flag_description> usual_flags(run_choices& into,
                                          const std::vector<std::string>& running,
                                          const std::vector<std::string>& others) {
  const auto runs = joined({"run", "node"}, running);
  const auto sets =
      joined({"run", "node", "explain", "check", "diff", "bench", "simulate"}, running);
  const auto all = joined(joined({"run", "node", "graph", "explain", "check", "diff", "stop",
                                  "bench", "simulate", "keys", "list", "version", "help"},
                                 running),
                          others);
  flag_table table{into};
  table.list("config", &run_choices::config_files, "FILE",
             "settings from these files; a later one wins", sets);
  table.list("set", &run_choices::assignments, "KEY=VALUE",
             "settings, spelled as in a file; they beat all others", sets);
  table.choice("progress", &run_choices::progress, progress_forms, "FORM",
               "how far the run is: auto, bar, plain, json, none", runs);
  table.add({"stats", 0, flag_arity::optional, "FORM",
             "counts and times of every stage at the end: table, metrics", runs,
             [&into](const auto& values, const auto&) {
               if (values.empty() || values.back() == "true" || values.back() == "1") {
                 into.stats = stats_form::table;
                 return std::string{};
               }
               return take_name(values, stats_forms, into.stats);
             }});
  table.add({"checkpoints", 0, flag_arity::one, "DIR",
             "keeps checkpoints there and goes on from the last one; rows count exactly once", runs,
             [&into](const auto& values, const auto&) {
               if (values.empty() || values.back().empty()) return std::string{"a directory"};
               into.checkpoints = values.back();
               return std::string{};
             }});
  table.text("dir", &run_choices::key_directory, "DIR",
             "where new writes NAME.key; this directory without it", {"keys"});
  table.number("nodes", into.nodes, 1, 64, "spreads the graph over N processes of this machine",
               joined(runs, {"explain"}));
  table.text("name", &run_choices::node_name, "NAME", "runs as this node of the cluster", runs);
  table.add({"cluster", 0, flag_arity::one, "LIST",
             "the nodes, NAME=ADDRESS,…, for cluster.nodes; the first one has the coordinator",
             joined(runs, {"explain"}), [&into](const auto& values, const auto& by) {
               if (values.empty() || values.back().empty()) return std::string{"NAME=ADDRESS,…"};
               into.settings.push_back({"cluster.nodes", values.back(), by});
               return std::string{};
             }});
  table.turn_on("insecure", &run_choices::insecure,
                "for tests: nodes on other machines without keys", runs);
  table.number("parent", into.parent, 1, INT32_MAX,
               "ends when this process, which has started it, does", runs);
  table.add(
      {"from",
       0,
       flag_arity::one,
       "EPOCH",
       "where a run with checkpoints begins: last, none (from the start), or one of the two "
       "epochs that are kept",
       {"run"},
       [&into](const auto& values, const auto&) { return take_beginning(values, into.from); }});
  table.choice("format", &run_choices::format, picture_forms, "FORM",
               "text, dot (Graphviz) or mermaid", {"graph"});
  table.add({"config",
             0,
             flag_arity::any,
             "FILE",
             "shows every setting, its value and its origin, with those of these files",
             {"explain"},
             [&into](const auto& values, const auto&) {
               into.config_shown = true;
               into.config_files.insert(into.config_files.end(), values.begin(), values.end());
               return std::string{};
             }});
  table.turn_on("schema", &run_choices::schema_shown, "shows the JSON schema of a settings file",
                {"explain"});
  table.turn_on("connect", &run_choices::connect,
                "also tries whether sources and sinks can be opened", {"check"});
  table.turn_on("deny-warnings", &run_choices::deny_warnings, "takes warnings for errors",
                {"check"});
  table.turn_on("json", &run_choices::json, "prints what was found as JSON", {"check", "bench"});
  table.text("sweep", &run_choices::sweep, "KEY=A..B",
             "a run for each of these values of a setting; interval alone is 10ms..10s", {"bench"});
  table.number("seconds", table.chosen().seconds, 0, 86'400,
               "how long a run takes, three markers at least; 0: to the end of its input (5)",
               {"bench"});
  table.number("seed", table.chosen().seed, 0, INT64_MAX,
               "the order of the runs is drawn from it (1)", {"bench"});
  table.text("checkpoints", &run_choices::checkpoints, "DIR",
             "measures with checkpoints, in new folders there that are gone at the end", {"bench"});
  table.turn_on("keep", &run_choices::stop_keeps,
                "behind one more checkpoint, from which the next run goes on (the default)",
                {"stop"});
  table.turn_on("drain", &run_choices::stop_drains,
                "as if the input ended here: windows close, the run has ended", {"stop"});
  add_simulation_flags(table, into.simulation);
  table.loud("quiet", 'q', loudness::quiet, "only errors, and rows that were rejected", all);
  table.loud("verbose", 'v', loudness::verbose, "also the plan and the settings at the start", all);
  table.choice("color", &run_choices::color, color_uses, "WHEN",
               "auto, always, never; NO_COLOR is honoured", all);
  return table.take();
}

}  // namespace sluice

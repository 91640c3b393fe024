#include "sluice/graph/run.hpp"

#include "sluice/graph/run_and_show.hpp"
#include "sluice/graph/run_verbs.hpp"

namespace sluice {

int run(const graph& g, int argc, char** argv) {
  command_line line;
  if (const auto done = line.read(argc, argv)) return *done;
  return run(g, line);
}

int run(const graph& g, const command_line& line) {
  const std::string& verb = line.verb();
  if (verb == "node") return run_and_show(g, line).exit_code;
  if (verb == "graph") return graph_verb(g, line);
  if (verb == "explain") return explain_verb(g, line);
  if (verb == "check") return check_verb(g, line);
  if (verb == "simulate") return simulate_verb(g, line);
  if (verb == "keys") return keys_verb(line);
  if (verb == "bench") return bench_verb(g, line);
  if (verb == "diff") return diff_verb(g, line);
  if (verb == "stop") return stop_verb(line);
  if (verb == "list") return list_verb();
  if (verb == "version") return version_verb(line);
  if (verb == "help") return help_verb(line);
  return run_and_show(g, line).exit_code;
}

}  // namespace sluice

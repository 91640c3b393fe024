// The fraud demo: a stream of card payments whose frauds are known, answered payment by payment and
// examined batch by batch in one graph.
#include <cstdio>
#include <exception>
#include <filesystem>
#include <stdexcept>

#include "sluice/apps/fraud/demo.hpp"
#include "sluice/apps/fraud/generate_file.hpp"
#include "sluice/apps/fraud/nodes_run.hpp"
#include "sluice/apps/fraud/program_flags.hpp"
#include "sluice/apps/fraud/verify.hpp"
#include "sluice/graph/run.hpp"
#include "sluice/graph/run_messages.hpp"

using namespace sluice;
using namespace sluice::fraud;

namespace {

constexpr int failed = 1, wrong_usage = 2;

int say_wrong(const command_line& line, const std::string& what, int exit_code) {
  std::fprintf(stderr, "%s: %s\n", line.program().c_str(), what.c_str());
  return exit_code;
}

int generate(const command_line& line, const program_flags& flags) {
  const auto written = generate_file(flags.world, flags.output);
  if (!written) return say_wrong(line, written.failure().message, failed);
  std::fprintf(stderr, "%llu rows in %s\n", static_cast<unsigned long long>(written.value()),
               flags.output.c_str());
  return 0;
}

int run_graph_verb(const command_line& line, const program_flags& flags) {
  if (line.verb() == "run" && std::filesystem::exists(flags.input))
    run_messages{line.choices()}.note("fraud: " + flags.input +
                                      " has no places of terminals: R5 (travel) never fires");
  graph g{"fraud"};
  compose(g, world_feed{input_of(flags)},
          {.models = models_named(flags.model),
           .limits = {.travel_farther = 2 * flags.world.radius},
           .period = {},
           .parallelism = flags.parallelism},
          sinks_of(flags));
  return run(g, line);
}

}  // namespace

int main(int argc, char** argv) {
  program_flags flags;
  command_line line{"Finds fraud in a stream of card payments whose truth is known."};
  declare(line, flags);
  if (const auto exit_code = line.read(argc, argv)) return *exit_code;
  if (const auto wrong = complete(line, flags)) return say_wrong(line, *wrong, wrong_usage);
  try {
    if (line.verb() == "demo") return demo(line, {flags.seconds, flags.kill_one});
    if (line.verb() == "verify")
      return verify({.models = models_named("lr"), .limits = {}, .period = {}}, flags.part);
    if (line.verb() == "verify-node")
      return verify_node(line,
                         {.models = models_named("lr"),
                          .limits = {.travel_farther = 2 * flags.world.radius},
                          .period = {},
                          .parallelism = flags.parallelism},
                         flags.world);
    if (line.verb() == "generate") return generate(line, flags);
    return run_graph_verb(line, flags);
  } catch (const std::invalid_argument& error) {
    return say_wrong(line, error.what(), wrong_usage);
  } catch (const std::exception& error) {
    return say_wrong(line, error.what(), failed);
  }
}

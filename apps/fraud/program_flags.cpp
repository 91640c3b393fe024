#include "sluice/apps/fraud/program_flags.hpp"

#include <charconv>
#include <cmath>

#include "sluice/apps/fraud/row_text_files.hpp"
#include "sluice/connectors/csv.hpp"

namespace sluice::fraud {

namespace {

const std::vector<std::string> world_verbs{"run",   "graph",    "explain",    "check",
                                           "bench", "generate", "verify-node"};
const std::vector<std::string> run_verbs{"run", "graph", "explain", "check", "bench"};
const std::vector<std::string> sweep_verbs{"run",   "graph", "explain",
                                           "check", "bench", "verify-node"};

std::string wrong_value(const std::string& flag, const std::string& value,
                        const std::string& right) {
  return "wrong value: --" + flag + " " + value + " (" + right + ")";
}

std::optional<std::string> read_radius(const program_flags& from, double& into) {
  if (from.radius.empty()) return std::nullopt;
  const char* const end = from.radius.data() + from.radius.size();
  const auto [stopped, failed] = std::from_chars(from.radius.data(), end, into);
  if (failed == std::errc{} && stopped == end && std::isfinite(into) && into > 0)
    return std::nullopt;
  return wrong_value("radius", from.radius, "a number above 0");
}

// The limits of `generate_world`.
std::optional<std::string> too_small(const world_parameters& world) {
  if (world.customers < 3)
    return wrong_value("customers", std::to_string(world.customers), "3 at least");
  if (world.terminals < 2)
    return wrong_value("terminals", std::to_string(world.terminals), "2 at least");
  if (world.days < 1 || world.days > 49'710)
    return wrong_value("days", std::to_string(world.days), "1 to 49710");
  return std::nullopt;
}

}  // namespace

void declare(command_line& line, program_flags& into) {
  line.add_verb("demo", "the full published stream of 1,754,155 payments, and a verdict")
      .add_verb("verify", "the verdict, and the same results for every setting; exit 4 if not",
                verb_use::other)
      .add_verb("verify-node", "one of the processes that `verify` starts by itself")
      .add_verb("generate", "writes a world of payments to a file", verb_use::other)
      .exit_code(4, "`demo` or `verify` came to another result than the published one");
  line.option("seconds N", into.seconds,
              "how long the stream lasts; 0 or without: as fast as it can be worked off", {"demo"})
      .option("kill-one", into.kill_one,
              "kills one of --nodes in the middle, and shows how the others go on", {"demo"})
      .option("only PART", into.part,
              "of the verdict: small (V3, V6), slow (V9) or full (V1 to V6 of the full stream)",
              {"verify"})
      .option("customers C", into.world.customers, "customers of the world (5000)", world_verbs)
      .option("terminals T", into.world.terminals, "terminals of the world (10000)", world_verbs)
      .option("days D", into.world.days, "days of the world (183)", world_verbs)
      .option("radius R", into.radius, "how far a customer goes to pay, on 100 x 100 (5)",
              world_verbs)
      .option("output FILE.csv", into.output, "the file to write", {"generate"})
      .option("input FILE.csv", into.input,
              "reads payments that `generate` wrote; without places, so R5 (travel) never fires",
              run_verbs)
      .option("features DIR", into.features, "writes the features of every payment there",
              run_verbs)
      .option("scores DIR", into.scores, "writes the scores of the test week, days 129 to 135",
              run_verbs)
      .option("alerts DIR", into.alerts, "writes alerts there, at the end of their hour", run_verbs)
      .option("decisions DIR", into.decisions, "writes the answer to every payment there",
              run_verbs)
      .option("model NAME", into.model, "the model in use: lr, xgb or FILE.json", run_verbs)
      .setting("policy POLICY", "batch.policy",
               "how the batched path batches: off, micro, mini, both", sweep_verbs)
      .setting("every TIME", "microBatch.allowLatencyMs", "time between markers, as 1s",
               sweep_verbs)
      .setting("rows N", "batch.rows", "most rows of a batch", sweep_verbs)
      .option("parallelism N", into.parallelism, "instances of every stage (1)", sweep_verbs);
}

std::optional<std::string> complete(const command_line& line, program_flags& flags) {
  if (auto wrong = read_radius(flags, flags.world.radius)) return wrong;
  if (auto wrong = too_small(flags.world)) return wrong;
  if (flags.parallelism < 1 || flags.parallelism > 64)
    return wrong_value("parallelism", std::to_string(flags.parallelism), "1 to 64");
  if (!flags.part.empty() && flags.part != "small" && flags.part != "slow" && flags.part != "full")
    return wrong_value("only", flags.part, "small, slow or full");
  if (line.verb() == "generate" && flags.output.empty())
    return "missing: --output FILE.csv, the file to write";
  for (const char* flag : {"customers", "terminals", "days", "radius"})
    if (!flags.input.empty() && line.given(flag))
      return std::string("--input is a world of its own: leave out --") + flag;
  return std::nullopt;
}

payment_input input_of(const program_flags& flags) {
  return flags.input.empty() ? generated_payments(flags.world) : payments_in_file(flags.input);
}

fraud_sinks sinks_of(const program_flags& flags) {
  fraud_sinks sinks;
  if (!flags.features.empty()) sinks.features = feature_files(flags.features);
  if (!flags.scores.empty()) sinks.scores = score_files(flags.scores);
  if (!flags.alerts.empty()) sinks.alerts = to::csv{flags.alerts};
  if (!flags.decisions.empty()) sinks.decisions = decision_files(flags.decisions);
  return sinks;
}

}  // namespace sluice::fraud

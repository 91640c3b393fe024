#include "sluice/graph/run_settings.hpp"

#include "sluice/graph/settings_of_graph.hpp"

namespace sluice {

settings_reading read_settings(const graph& g, const run_choices& chosen) {
  settings_reader reader = reader_for(g.description());
  for (const auto& file : chosen.config_files) reader.file(file);
  reader.environment(process_environment(), chosen.flag_names);
  for (const auto& given : chosen.settings) reader.set(given.key, given.value, given.flag);
  for (const auto& assignment : chosen.assignments) reader.set(assignment);
  return reader.read();
}

std::optional<settings> usable_settings(const graph& g, const run_choices& chosen,
                                        const run_messages& say) {
  const auto mistakes = check_graph(g.description());
  settings_reading reading = read_settings(g, chosen);
  for (const auto& mistake : mistakes) say.error(mistake);
  for (const auto& problem : reading.errors) say.error(one_line(problem));
  // A process that another one has started got its settings from there, and that has said it.
  if (chosen.parent == 0)
    for (const auto& problem : reading.warnings) say.warning(one_line(problem));
  if (!mistakes.empty() || !reading.errors.empty()) return std::nullopt;
  return std::move(reading.values);
}

}  // namespace sluice

#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sluice/graph/settings.hpp"
#include "sluice/graph/settings_candidate.hpp"
#include "sluice/graph/settings_problem.hpp"

namespace sluice {

/// What became of everything a `settings_reader` was given.
struct settings_reading {
  settings values;                       ///< where there are errors, as far as they could be read
  std::vector<config_problem> errors;    ///< in order of precedence, then of position
  std::vector<config_problem> warnings;  ///< likewise

  /// Returns the values, or throws `config_error` with all errors if there are any.
  settings checked() const;
};

using environment_variable = std::pair<std::string, std::string>;

/// Returns the environment of this process, by name.
std::vector<environment_variable> process_environment();

/// Gathers settings from everywhere and decides which are in force.
///
///   settings_reader reader(stage_names);
///   reader.code("batch.rows", 4096, where);
///   reader.file("fraud.toml");
///   reader.environment(process_environment(), flag_names);
///   reader.set("stage.decide.policy=off");
///   auto reading = reader.read();
///
/// default < code < file < later file < environment < command line. Which layer is given first does
/// not matter; within a layer the later call wins, and within a file the later line. Nothing
/// throws: everything wrong is found by `read`, all at once. Not thread-safe.
class settings_reader {
 public:
  /// `stages` are the names of the graph's stages; settings of any other stage are errors.
  explicit settings_reader(std::span<const std::string> stages);

  /// Takes a value given in the program. `key` is spelled as in a file: `batch.rows`,
  /// `miniBatch.allowLatencyMs`. `where` is the line of the program that problems name.
  void code(std::string_view key, std::string_view value, call_site where = call_site::current());
  void code(std::string_view key, std::int64_t value, call_site where = call_site::current());

  /// Takes a value given in the program for one stage. `key` is spelled as below [stage.NAME]:
  /// `policy`, `batch.rows`.
  void code_stage(std::string_view stage, std::string_view key, std::string_view value,
                  call_site where = call_site::current());
  void code_stage(std::string_view stage, std::string_view key, std::int64_t value,
                  call_site where = call_site::current());

  /// Takes a configuration file. One that cannot be read is an error.
  void file(const std::string& path);

  /// Takes the content of a configuration file; `name` stands for it in messages.
  void text(const std::string& name, std::string_view content);

  /// Takes the environment: `SLUICE_BATCH_ROWS` for `batch.rows`, `SLUICE_STAGE_DECIDE_POLICY` for
  /// `stage.decide.policy`; underscores may be left out or added. The variables are also those that
  /// `${NAME}` stands for in files. `flags` are the long names of the program's own flags, whose
  /// variables are left alone; any other `SLUICE_…` is a warning with the nearest name.
  void environment(std::span<const environment_variable> variables,
                   std::span<const std::string> flags = {});

  /// Takes `key=value` from the command line.
  void set(std::string_view assignment);

  /// Takes a value that a flag of its own stands for, such as `--every`; `flag` is named in
  /// messages.
  void set(std::string_view key, std::string_view value, std::string_view flag);

  /// Says that `id` has no effect on `stage`: a value given for it is an error, with `why` as its
  /// hint.
  void without_effect(std::string_view stage, setting_id id, std::string_view why);

  /// Decides. May be called again after more was given.
  settings_reading read() const;

 private:
  void add(setting_origin origin, std::string_view stage, std::string_view own_key,
           given_value value);
  void add(setting_origin origin, given_value value);
  void complain(setting_origin origin, config_problem problem);

  std::vector<std::string> stages_;
  std::map<std::string, std::string, std::less<>> variables_;
  std::vector<setting_candidate> candidates_;
  std::vector<sourced_problem> problems_;
  std::vector<idle_setting> idle_;
  std::size_t sources_ = 0;
};

}  // namespace sluice

#pragma once

#include <concepts>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace sluice {

struct run_choices;

/// Whether a verb of a program's own runs a graph: then the flags of `run` go with it too.
enum class verb_use : std::uint8_t { runs_a_graph, other };

/// The command line of a program: the verbs and flags every program has, and its own.
///
///   std::string file;
///   std::uint16_t port = 9999;
///   command_line line{"counts words"};
///   line.option("file FILE", file, "reads this file instead of a socket")
///       .option("port N", port, "where to connect");
///   if (const auto done = line.read(argc, argv)) return *done;
///   graph g{"wordcount"};  // composed with what was read
///   …
///   return run(g, line);
///
/// A flag is declared with what stands for its value in `--help`. Every flag is also a variable,
/// `SLUICE_PORT`, which the command line beats. Flags go with every verb that has to do with the
/// graph and with the program's own; `verbs` narrows that. Variables that flags write into outlive
/// this.
class command_line {
 public:
  explicit command_line(std::string about = {});
  ~command_line();
  command_line(const command_line&) = delete;
  command_line& operator=(const command_line&) = delete;

  /// Adds a verb of the program's own.
  command_line& add_verb(std::string name, std::string about,
                         verb_use use = verb_use::runs_a_graph);

  /// Says what an exit code of the program's own means, for `help exit`; 0 to 3 and 130 are taken,
  /// 4 is what a check of data comes to.
  command_line& exit_code(int code, std::string meaning);

  /// Adds a flag with a text.
  command_line& option(const std::string& flag, std::string& value, std::string about,
                       std::vector<std::string> verbs = {});
  /// Adds a flag with a whole number that fits `value`.
  template <std::integral N>
  command_line& option(const std::string& flag, N& value, std::string about,
                       std::vector<std::string> verbs = {}) {
    using limits = std::numeric_limits<N>;
    constexpr std::int64_t largest = std::in_range<std::int64_t>(limits::max())
                                         ? limits::max()
                                         : std::numeric_limits<std::int64_t>::max();
    return number(
        flag, [&value](std::int64_t given) { value = static_cast<N>(given); },
        std::int64_t{limits::min()}, largest, std::move(about), std::move(verbs));
  }
  /// Adds a flag without a value.
  command_line& option(const std::string& flag, bool& value, std::string about,
                       std::vector<std::string> verbs = {});
  /// Adds a flag that gives a setting: `--rows 64` for `batch.rows`.
  command_line& setting(const std::string& flag, std::string key, std::string about,
                        std::vector<std::string> verbs = {});

  /// Reads the command line and the `SLUICE_…` variables. Returns the exit code if the program is
  /// done: help was asked for and shown, or something is wrong and has been said. Once.
  std::optional<int> read(int argc, char** argv);

  /// The names of all verbs.
  std::vector<std::string> verbs() const;
  /// The verb; `run` if none was given.
  const std::string& verb() const;
  /// True if the flag was given, here or by its variable.
  bool given(const std::string& flag) const;
  /// The words behind the program's name, as they were given.
  const std::vector<std::string>& arguments() const;
  /// The name the program was called by, without folders.
  const std::string& program() const;
  /// The program's own exit codes, ascending.
  const std::vector<std::pair<int, std::string>>& exit_codes() const;
  /// The help of the program, or of a verb; empty if there is no such verb.
  std::string help(const std::string& verb = {}) const;

  const run_choices& choices() const;

 private:
  struct contents;
  command_line& number(const std::string& flag, std::function<void(std::int64_t)> take,
                       std::int64_t smallest, std::int64_t largest, std::string about,
                       std::vector<std::string> verbs);

  std::unique_ptr<contents> all_;
};

}  // namespace sluice

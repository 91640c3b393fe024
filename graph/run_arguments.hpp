#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace sluice {

/// A verb: `run`, `graph`, or one of a program's own.
struct verb_description {
  std::string name;
  std::string about;
  std::string argument =
      {};  ///< What stands for the word behind it: `DIR`; empty: none may follow.
  std::string about_argument = {};
};

/// How many values follow a flag: `--quiet`, `--port N`, `--stats [FORM]`, `--config FILE…`,
/// `--config [FILE…]`.
enum class flag_arity : std::uint8_t { none, one, optional, several, any };

/// A flag and the verbs it goes with.
struct flag_description {
  std::string name;  ///< Without dashes.
  char letter = 0;   ///< `-q`; 0: none.
  flag_arity arity = flag_arity::none;
  std::string placeholder;  ///< What stands for a value in help: `FILE`.
  std::string about;
  std::vector<std::string> verbs;
  /// Takes the values given; `by` names the flag or variable. Returns what would have been right,
  /// or nothing.
  std::function<std::string(const std::vector<std::string>& values, const std::string& by)> take;

  bool goes_with(const std::string& verb) const;
};

/// A flag as it was found.
struct found_flag {
  const flag_description* flag = nullptr;
  std::vector<std::string> values;
  bool before_verb = false;
};

/// What stands on a command line, its values not yet understood.
struct found_arguments {
  std::string verb;  ///< `run` if none is named.
  std::vector<found_flag> flags;
  std::string argument;  ///< The word behind the verb; empty if there is none.
  std::string help;      ///< The text to show; empty unless help was asked for.
  std::string wrong;     ///< One line; empty if nothing was.
};

/// The grammar of a command line.
struct arguments_grammar {
  std::string program;
  std::string about;
  std::vector<verb_description> verbs;  ///< `run` and `help` among them.
  std::vector<flag_description>
      flags;  ///< Of several with one name, a verb has the last that goes with it.
};

/// Takes a command line to pieces. An unknown verb or flag is wrong, and the nearest one is named;
/// so is a flag that does not go with the verb. Before the verb stand the flags of `run`.
found_arguments find_arguments(const arguments_grammar& grammar,
                               const std::vector<std::string>& arguments);

/// The help of a verb; of the program, if `verb` is empty.
std::string help_of(const arguments_grammar& grammar, const std::string& verb);

}  // namespace sluice

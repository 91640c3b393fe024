#include "sluice/graph/run_arguments.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include <CLI/CLI.hpp>

#include "sluice/graph/settings_nearest.hpp"

namespace sluice {

namespace {

const std::string run_verb = "run";

std::string nearest_hint(const std::string& word, const std::vector<std::string>& names) {
  const auto nearest = nearest_name(word, names);
  return nearest ? " (did you mean " + *nearest + "?)" : std::string{};
}

// One command line as CLI11 sees it: the flags of `run` in front, then the verbs with theirs. It
// splits the words and lays out the help; what is unknown it hands back, because it does not look
// for the nearest name.
class parser {
 public:
  explicit parser(const arguments_grammar& grammar)
      : grammar_(grammar), app_(grammar.about, grammar.program) {
    app_.allow_extras();
    app_.require_subcommand(0, 1);
    app_.footer("Without a verb: run. More: " + grammar.program + " help [VERB|settings|exit]");
    app_.get_formatter()->label("SUBCOMMAND", "VERB");
    add_flags(app_, run_verb, true);
    for (const auto& verb : grammar.verbs) {
      CLI::App* sub = app_.add_subcommand(verb.name, verb.about);
      sub->allow_extras();
      sub->group("Verbs");
      verbs_[verb.name] = sub;
      if (!verb.argument.empty())
        arguments_[verb.name] = sub->add_option(verb.argument, verb.about_argument);
      add_flags(*sub, verb.name, false);
    }
  }

  found_arguments parse(std::vector<std::string> arguments) {
    found_arguments found;
    found.verb = run_verb;
    std::reverse(arguments.begin(), arguments.end());  // as CLI11 wants them
    try {
      app_.parse(std::move(arguments));
    } catch (const CLI::CallForHelp&) {
      found.help = help();
      return found;
    } catch (const CLI::ArgumentMismatch& error) {  // "--port: 1 required N missing"
      const std::string said = error.what();
      found.wrong = "value missing: " + said.substr(0, said.find(':'));
      return found;
    } catch (const CLI::ParseError& error) {
      found.wrong = error.what();
      return found;
    }
    if (const auto used = app_.get_subcommands(); !used.empty())
      found.verb = used.front()->get_name();
    if (const auto word = arguments_.find(found.verb);
        word != arguments_.end() && word->second->count() > 0)
      found.argument = word->second->results().front();
    found.wrong = unknown_word(found.verb);
    for (const auto& one : options_)
      if (one.option->count() > 0) {
        found.flags.push_back({one.flag, given(*one.option), one.before_verb});
        if (found.wrong.empty() && last_of(one.flag->name, found.verb) == nullptr)
          found.wrong = does_not_go(one.flag->name, found.verb);
      }
    return found;
  }

  std::string help() { return app_.help(); }
  std::string help(const std::string& verb) {
    const auto found = verbs_.find(verb);
    return found == verbs_.end() ? std::string{} : found->second->help(grammar_.program);
  }

 private:
  struct known_option {
    const flag_description* flag;
    CLI::Option* option;
    bool before_verb;
  };

  void add_flags(CLI::App& to, const std::string& verb, bool before_verb) {
    for (const auto& flag : grammar_.flags) {
      if (!flag.goes_with(verb) || &flag != last_of(flag.name, verb)) continue;
      std::string names = "--" + flag.name;
      if (flag.letter != 0) names = std::string{'-', flag.letter, ','} + names;
      CLI::Option* option = flag.arity == flag_arity::none ? to.add_flag(names, flag.about)
                                                           : to.add_option(names, flag.about);
      constexpr int many = CLI::detail::expected_max_vector_size;
      switch (flag.arity) {
        case flag_arity::none:
          break;
        case flag_arity::one:
          option->expected(1);
          break;
        case flag_arity::optional:
          option->expected(0, 1);
          break;
        case flag_arity::several:
          option->expected(1, many);
          break;
        case flag_arity::any:
          option->expected(0, many);
          break;
      }
      if (flag.arity != flag_arity::none) option->type_name(flag.placeholder);
      if (flag.arity == flag_arity::several || flag.arity == flag_arity::any)
        option->allow_extra_args();
      if (flag.arity == flag_arity::one || flag.arity == flag_arity::optional)
        option->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
      options_.push_back({&flag, option, before_verb});
    }
  }

  const flag_description* last_of(const std::string& name, const std::string& verb) const {
    const flag_description* last = nullptr;
    for (const auto& flag : grammar_.flags)
      if (flag.name == name && flag.goes_with(verb)) last = &flag;
    return last;
  }
  static std::string does_not_go(const std::string& flag, const std::string& verb) {
    return "--" + flag + " does not go with " + verb;
  }

  static std::vector<std::string> given(const CLI::Option& option) {
    std::vector<std::string> values = option.results();
    std::erase(values, std::string{});  // stands for "no value"
    return values;
  }

  // The first word nobody took, in a sentence.
  std::string unknown_word(const std::string& verb) {
    std::vector<std::string> left = app_.remaining(true);
    std::erase(left, "--");
    if (left.empty()) return {};
    const auto flag = std::find_if(left.begin(), left.end(),
                                   [](const auto& word) { return word.starts_with('-'); });
    if (flag == left.end() || (flag != left.begin() && verbs_used() == 0))
      return unknown_verb(left.front());
    std::string word = flag->substr(0, flag->find('='));
    for (const auto& flag : grammar_.flags)
      if (word == "--" + flag.name) return does_not_go(flag.name, verb);
    std::vector<std::string> names{"--help"};
    for (const auto& one : options_)
      if (one.flag->goes_with(verb)) names.push_back("--" + one.flag->name);
    return "unknown flag: " + word + nearest_hint(word, names);
  }
  std::string unknown_verb(const std::string& word) {
    if (verbs_used() != 0) return "unexpected argument: " + word;
    std::vector<std::string> names;
    for (const auto& verb : grammar_.verbs) names.push_back(verb.name);
    return "unknown verb: " + word + nearest_hint(word, names);
  }
  std::size_t verbs_used() { return app_.get_subcommands().size(); }

  const arguments_grammar& grammar_;
  CLI::App app_;
  std::map<std::string, CLI::Option*> arguments_;  // by verb
  std::map<std::string, CLI::App*> verbs_;
  std::vector<known_option> options_;
};

}  // namespace

bool flag_description::goes_with(const std::string& verb) const {
  return std::find(verbs.begin(), verbs.end(), verb) != verbs.end();
}

found_arguments find_arguments(const arguments_grammar& grammar,
                               const std::vector<std::string>& arguments) {
  return parser{grammar}.parse(arguments);
}

std::string help_of(const arguments_grammar& grammar, const std::string& verb) {
  parser made{grammar};
  return verb.empty() ? made.help() : made.help(verb);
}

}  // namespace sluice

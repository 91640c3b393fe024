// The verb `keys`.
#include <cstdio>
#include <string>
#include <vector>

#include "sluice/graph/run_choices.hpp"
#include "sluice/graph/run_messages.hpp"
#include "sluice/graph/run_verbs.hpp"
#include "sluice/graph/settings_problem.hpp"
#include "sluice/links/curve_keys.hpp"
#include "sluice/links/key_file.hpp"

namespace sluice {

namespace {

constexpr int fine = 0, wrong = 2;

int refuse(const command_line& line, const std::string& why) {
  std::fprintf(stderr, "%s: %s\n", line.program().c_str(), why.c_str());
  return wrong;
}

// The line of the allow-list; roles are given there, not here.
void print_line(const node_key& key) {
  std::puts(allowed_key_line({key.node, node_role::data, key.keys.public_key}).c_str());
}

int new_key(const command_line& line, const std::string& name) {
  const run_choices& chosen = line.choices();
  if (!is_key_name(name)) return refuse(line, "a node cannot be named so: " + printable(name));
  const node_key key{name, new_key_pair()};
  const std::string path = chosen.key_directory + "/" + name + ".key";
  if (const auto written = write_key_file(path, key); !written)
    return refuse(line, written.failure().message);
  run_messages{chosen}.note("wrote " + path +
                            ": it stays with the node, and secret; the line goes "
                            "to [cluster.keys] of every node,\nwith coordinator for data if it "
                            "may coordinate");
  print_line(key);
  return fine;
}

int show_key(const command_line& line, const std::string& path) {
  if (line.given("dir")) return refuse(line, "--dir does not go with keys show");
  const auto key = read_key_file(path);
  if (!key) return refuse(line, key.failure().message);
  print_line(key.value());
  return fine;
}

}  // namespace

int keys_verb(const command_line& line) {
  const std::vector<std::string>& words = line.choices().words;
  if (words.empty()) return refuse(line, "word missing: keys new NAME, or keys show FILE");
  const std::string& what = words.front();
  if (what != "new" && what != "show")
    return refuse(line, "unknown word of keys: " + printable(what) + " (new or show)");
  if (words.size() < 2)
    return refuse(line, "word missing: keys " + what + (what == "new" ? " NAME" : " FILE"));
  return what == "new" ? new_key(line, words[1]) : show_key(line, words[1]);
}

}  // namespace sluice

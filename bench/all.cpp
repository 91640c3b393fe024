// Runs every benchmark built beside it with the options given, passes their lines on and prints a
// table of them on standard error.

#include <simdjson.h>
#include <sys/wait.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sluice/bench/harness/options.hpp"

namespace sluice::bench {
namespace {

constexpr const char* programs[] = {SLUICE_BENCH_PROGRAMS};

// A word no shell takes for anything else.
std::string shell_word(std::string_view word) {
  std::string out = "'";
  for (const char c : word) out += c == '\'' ? std::string{"'\\''"} : std::string{c};
  return out + '\'';
}

std::string text_of(simdjson::dom::element line, const char* member) {
  std::string_view text;
  return line[member].get(text) == simdjson::SUCCESS ? std::string{text} : "-";
}

std::string number_of(simdjson::dom::element line, const char* member, double scale = 1) {
  double number = 0;
  if (line[member].get(number) != simdjson::SUCCESS) return "-";
  char digits[32];
  std::snprintf(digits, sizeof digits, "%.3g", number * scale);
  return digits;
}

// A row of the table, from a line of a program.
std::vector<std::string> row_of(const std::string& line) {
  simdjson::dom::parser parser;
  simdjson::dom::element read;
  if (parser.parse(line).get(read) != simdjson::SUCCESS) return {line};
  bool right = false;
  const bool known = read["ok"].get(right) == simdjson::SUCCESS;
  return {text_of(read, "bench"),
          text_of(read, "variant"),
          number_of(read, "rows_per_s", 1e-6),
          number_of(read, "rows_per_cpu_s", 1e-6),
          number_of(read, "ratio"),
          number_of(read, "gate"),
          number_of(read, "goal"),
          number_of(read, "control"),
          known && right ? "yes" : "NO",
          text_of(read, "verdict")};
}

void print_table(std::vector<std::vector<std::string>> rows) {
  rows.insert(rows.begin(), {"bench", "variant", "M rows/s", "M rows/CPU-s", "ratio", "gate",
                             "goal", "control", "right", "verdict"});
  std::vector<std::size_t> widths(rows.front().size());
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      std::fprintf(stderr, "%-*s  ", static_cast<int>(widths[i]), row[i].c_str());
    }
    std::fputc('\n', stderr);
  }
}

// Runs one program, prints its lines and appends them to `table`. Returns its exit code.
int run(const std::string& command, std::vector<std::vector<std::string>>& table) {
  std::fflush(stdout);
  std::FILE* const pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return 1;
  std::string line;
  for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe)) {
    if (c != '\n') {
      line += static_cast<char>(c);
      continue;
    }
    std::puts(line.c_str());
    table.push_back(row_of(line));
    line.clear();
  }
  const int status = pclose(pipe);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

// A glob of variants that only some programs know is no error here.
int run_all(std::span<const char* const> arguments) {
  const options asked = parse_options("bench_all", arguments);
  const auto folder = std::filesystem::read_symlink("/proc/self/exe").parent_path();
  std::vector<std::vector<std::string>> table;
  int worst = 0;
  bool any = false;
  for (const char* const program : programs) {
    std::string command = shell_word((folder / program).string());
    for (const char* const argument : arguments) command += ' ' + shell_word(argument);
    std::fprintf(stderr, "%s\n", program);
    const int code = run(command, table);
    if (code == 2 && asked.variants != "*") continue;
    any = true;
    worst = std::max(worst, code);
  }
  print_table(std::move(table));
  return any ? worst : 2;
}

}  // namespace
}  // namespace sluice::bench

int main(int argc, char** argv) {
  try {
    return sluice::bench::run_all({argv + 1, static_cast<std::size_t>(argc - 1)});
  } catch (const sluice::bench::usage& told) {
    std::fprintf(told.exit_code == 0 ? stdout : stderr, "%s\n", told.message.c_str());
    return told.exit_code;
  }
}

#include <filesystem>
#include <fstream>
#include <sstream>

#include <nlohmann/json.hpp>

#include "sluice/connectors/committed_files.hpp"
#include "sluice/connectors/csv.hpp"
#include "sluice/connectors/json_lines.hpp"
#include "sluice/state/posix_files.hpp"
#include "sluice/tests/connectors/broken_sink.hpp"
#include "sluice/tests/connectors/counting_ports.hpp"
#include "sluice/tests/connectors/temporary_folder.hpp"
#include "sluice/tests/support/catch.hpp"

namespace sluice {

namespace {

using namespace test;

// The rows of CSV text with fields `number,text`, the text maybe in quotes.
std::vector<visible_row> rows_of_csv(const std::string& text) {
  std::vector<visible_row> rows;
  std::size_t at = text.find('\n') + 1;
  while (at < text.size()) {
    visible_row row;
    std::size_t used = 0;
    row.number = std::stoull(text.substr(at, 24), &used);
    at += used + 1;
    if (text[at] != '"') {
      const std::size_t end = text.find('\n', at);
      row.text = text.substr(at, end - at);
      at = end + 1;
    } else {
      for (++at;; ++at) {
        if (text[at] == '"' && text[++at] != '"') break;
        row.text += text[at];
      }
      ++at;
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

std::vector<visible_row> rows_of_json(const std::string& text) {
  std::vector<visible_row> rows;
  std::istringstream lines{text};
  for (std::string line; std::getline(lines, line);) {
    const auto object = nlohmann::json::parse(line);
    rows.push_back({object["number"], object["text"]});
  }
  return rows;
}

// A folder of committed files under the kit. The shipped sink makes its files itself, so steps
// within it are counted by committed_files_crash_test.cpp; this is the sink as users have it.
template <class Sink>
struct rehearsed_folder {
  temporary_folder folder{folder_in_memory()};
  std::string path = folder.path("out");
  sink_under_test sink;

  rehearsed_folder(std::vector<visible_row> (*read)(const std::string&), sink_bug bug) {
    sink.open = [this, bug](const sink_context& at) -> result<std::unique_ptr<sink_writer>> {
      auto opened = Sink{path}.open(at);
      if (!opened || bug == sink_bug::none) return opened;
      return std::make_unique<broken_sink>(std::move(opened).value(), bug);
    };
    sink.visible = [this, read]() -> result<std::vector<visible_row>> {
      std::vector<visible_row> all;
      for (const auto& name : names(/*hidden=*/false))
        for (auto& row : read(content_of(path + '/' + name))) all.push_back(std::move(row));
      return all;
    };
    // Fences stay: they say which generation has begun.
    sink.prepared = [this]() -> result<std::vector<std::string>> {
      auto found = names(/*hidden=*/true);
      std::erase_if(found, [](const auto& name) { return name.ends_with(".fence"); });
      return found;
    };
    sink.clear = [this] { std::filesystem::remove_all(path); };
  }

  std::vector<std::string> names(bool hidden) const {
    std::vector<std::string> found;
    std::error_code none;
    for (const auto& entry : std::filesystem::directory_iterator{path, none})
      if (entry.path().filename().string().starts_with('.') == hidden)
        found.push_back(entry.path().filename().string());
    return found;
  }
};

}  // namespace

TEST_CASE("folders of CSV show every row once whatever happens",
          "[to_csv][sink_conformance][S30][F903][F1201][F1210][X14][X22][X27]") {
  rehearsed_folder<to::csv> outside{rows_of_csv, sink_bug::none};
  CHECK(check_sink(outside.sink) == std::vector<std::string>{});
}

TEST_CASE("folders of JSON lines show every row once whatever happens",
          "[to_json_lines][sink_conformance][S30][F903][F1201][F1210][X14][X22][X27]") {
  rehearsed_folder<to::json_lines> outside{rows_of_json, sink_bug::none};
  CHECK(check_sink(outside.sink) == std::vector<std::string>{});
}

TEST_CASE("bugs in a sink to files are found", "[to_csv][sink_conformance][F1210]") {
  check_found({{sink_bug::shows_before_commit, "shown, and not to be: "},
               {sink_bug::forgets_on_resolve, "lost: "},
               {sink_bug::only_newest, "lost: "}},
              [](sink_bug bug) {
                return rehearsed_folder<to::csv>{rows_of_csv, bug};
              });
}

}  // namespace sluice

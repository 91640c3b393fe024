#include <filesystem>

#include "sluice/sluice.hpp"
#include "sluice/tests/support/catch.hpp"
#include "sluice/tests/support/child_process.hpp"

namespace sluice {
namespace {

// What trying to open `path` says, and that opening it for real agrees.
std::string tried(const std::string& path, std::size_t instances = 1) {
  static const schema fields{"row", {{"value", column_type::uint64, false}}};
  sink_context at;
  at.stage = "out";
  at.instances = instances;
  at.fields = &fields;
  const to::csv sink{path};
  const auto told = sink.try_open(at);
  const bool there = std::filesystem::exists(path);
  CHECK(static_cast<bool>(told) == static_cast<bool>(sink.open(at)));
  CHECK((there || told || !std::filesystem::exists(path)));
  return told ? "" : told.failure().message;
}

TEST_CASE("whether files can be written is told without making one", "[run_connect][U14]") {
  scratch_folder folder;
  {
    sink_context at;
    CHECK(to::csv{folder.file("a.csv")}.try_open(at));
    CHECK(to::json_lines{folder.file("deep/er/alerts")}.try_open(at));
    CHECK(std::filesystem::is_empty(folder.path()));
  }
  CHECK(tried(folder.file("a.csv")) == "");
  CHECK(tried(folder.file("a.csv")) == "");  // now that it is there
  CHECK(tried(folder.file("deep/er/alerts")) == "");
  CHECK(tried(folder.file("none/a.csv")).ends_with("none/a.csv (no such file or directory)"));
  CHECK(tried(folder.file("b.csv"), 2).starts_with("one file for 2 instances of out"));
  std::filesystem::create_directory(folder.file("c.csv"));
  CHECK(tried(folder.file("c.csv")).ends_with("c.csv (is a directory)"));
  folder.write("file", "");
  CHECK(tried(folder.file("file")).ends_with("file (not a directory)"));
  CHECK(tried(folder.file("file/alerts")).ends_with("(not a directory)"));
  CHECK(tried(folder.file("file/a.csv")).ends_with("(not a directory)"));
}

}  // namespace
}  // namespace sluice

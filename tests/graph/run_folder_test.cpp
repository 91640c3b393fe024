#include "sluice/graph/run_folder.hpp"

#include <cstdlib>
#include <filesystem>
#include <optional>

#include "sluice/tests/connectors/temporary_folder.hpp"
#include "sluice/tests/support/catch.hpp"

namespace sluice {

namespace {

namespace fs = std::filesystem;
using test::temporary_folder;

// Where folders of runs are made while a test lasts.
struct own_temporary_files {
  temporary_folder folder;
  std::string before = std::getenv("TMPDIR") ? std::getenv("TMPDIR") : "";

  own_temporary_files() { ::setenv("TMPDIR", folder.path("").c_str(), 1); }
  ~own_temporary_files() {
    before.empty() ? ::unsetenv("TMPDIR") : ::setenv("TMPDIR", before.c_str(), 1);
  }
  std::size_t count() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator{folder.path("")}, {}));
  }
  // A folder as a process leaves it that was killed.
  fs::path leave(const std::string& name, const std::string& file) const {
    const fs::path left = folder.path(name);
    fs::create_directories(left / "checkpoints");
    if (!file.empty()) folder.write(name + '/' + file, "");
    return left;
  }
};

}  // namespace

TEST_CASE("the folder of a run goes with it", "[run_folder][S27]") {
  const own_temporary_files here;
  std::optional<run_folder> one = run_folder::make().value();
  CHECK(fs::is_directory(one->path()));
  run_folder moved = std::move(*one);
  one.reset();
  CHECK(here.count() == 1);
  { const run_folder last = std::move(moved); }
  CHECK(here.count() == 0);
}

TEST_CASE("what a run that was killed has left goes when the next one begins",
          "[run_folder][S27]") {
  const own_temporary_files here;
  const auto left = here.leave("sluice-run-abcdef", "temporary");
  // Of others: nobody said that it is to go, or it is no folder of a run.
  const auto unmarked = here.leave("sluice-run-ghijkl", "");
  const auto foreign = here.leave("sluice-abcdef", "temporary");
  fs::create_directory_symlink(foreign, here.folder.path("sluice-run-mnopqr"));
  const auto running = run_folder::make();
  REQUIRE(running);
  const auto next = run_folder::make();
  REQUIRE(next);
  CHECK_FALSE(fs::exists(left));
  CHECK(fs::exists(unmarked / "checkpoints"));
  CHECK(fs::exists(foreign / "checkpoints"));
  CHECK(fs::exists(running.value().path()));
  CHECK(here.count() == 5);
}

TEST_CASE("a run without a place for its folder says so", "[run_folder]") {
  const own_temporary_files here;
  const std::string nowhere = here.folder.path("nowhere");
  ::setenv("TMPDIR", nowhere.c_str(), 1);
  const auto made = run_folder::make();
  REQUIRE_FALSE(made);
  CHECK_THAT(made.failure().message,
             Catch::StartsWith("no folder for sockets, " + nowhere + "/sluice-run-") &&
                 Catch::EndsWith(": No such file or directory"));
}

}  // namespace sluice

#include "sluice/connectors/reject_logs.hpp"

#include <string>
#include <thread>

#include "sluice/connectors/csv.hpp"
#include "sluice/tests/connectors/temporary_folder.hpp"
#include "sluice/tests/connectors/transcript.hpp"
#include "sluice/tests/support/catch.hpp"

namespace sluice {

namespace {

using test::content_of;
using test::lines;
using test::temporary_folder;

struct pair {
  std::int32_t id;
  std::string_view text;
};
SLUICE_RECORD(pair, id, text);

}  // namespace

TEST_CASE("a rejected row is a line of JSON in the file as soon as it is rejected",
          "[reject_log][F1207]") {
  const temporary_folder folder;
  file_reject_log log{folder.path("bad.jsonl")};
  log.begin("payments");
  CHECK_FALSE(std::filesystem::exists(folder.path("bad.jsonl")));
  REQUIRE(log.reject("a \"b\".csv", 310, 7, "no \\ such", "1,x\ty"));
  CHECK(content_of(log.path()) ==
        R"({"source":"payments","input":"a \"b\".csv","offset":310,"line":7,)"
        R"("reason":"no \\ such","text":"1,x\ty"})"
        "\n");
  CHECK(log.count() == 1);
  REQUIRE(log.reject("b", 0, 0, "r", "a\xff"));
  CHECK(content_of(log.path()).ends_with("\"text\":\"a\xef\xbf\xbd\",\"hex\":\"61ff\"}\n"));
  CHECK(log.count() == 2);
}

TEST_CASE("of a long rejected row the first 4 KiB are kept", "[reject_log]") {
  const temporary_folder folder;
  file_reject_log log{folder.path("bad.jsonl")};
  REQUIRE(log.reject("in", 1, 2, "r", std::string(5000, 'x')));
  CHECK(content_of(log.path())
            .ends_with("\"text\":\"" + std::string(4096, 'x') + "\",\"cut\":true}\n"));
  memory_reject_log memory;
  REQUIRE(memory.reject("in", 1, 2, "r", std::string(5000, 'x')));
  CHECK(memory.rows() == std::vector<rejected_row>{{"in", 1, 2, "r", std::string(4096, 'x')}});
}

TEST_CASE("what an earlier run rejected is removed when the next begins", "[reject_log]") {
  const temporary_folder folder;
  const std::string path = folder.write("bad.jsonl", "old\n");
  file_reject_log log{path};
  CHECK(content_of(path) == "old\n");  // a graph that is only looked at changes nothing
  log.begin("a");
  CHECK_FALSE(std::filesystem::exists(path));
  REQUIRE(log.reject("in", 1, 1, "r", "t"));
  log.begin("b");  // another instance
  CHECK(content_of(path).starts_with("{\"source\":\"a\""));
}

TEST_CASE("a reject log that cannot be written is an error", "[reject_log]") {
  const temporary_folder folder;
  file_reject_log log{folder.path("no/such/folder/bad.jsonl")};
  const auto rejected = log.reject("in", 1, 1, "r", "t");
  REQUIRE_FALSE(rejected);
  CHECK(rejected.failure().message == "cannot open " + log.path() + " (no such file or directory)");
  CHECK(log.count() == 0);

  file_reject_log full{"/dev/full"};
  const auto refused = full.reject("in", 1, 1, "r", "t");
  REQUIRE_FALSE(refused);
  CHECK(refused.failure() ==
        error{error_code::no_space, "cannot write /dev/full (no space left on device)"});
}

TEST_CASE("a connector's own reject file takes its bad rows from all instances",
          "[reject_log][csv][F1207]") {
  const temporary_folder folder;
  const std::string bad = folder.write("bad.jsonl", "old\n");
  const from::csv<pair> files{
      std::vector<std::string>{folder.write("a.csv", "id,text\n1,a\nx,b\n"),
                               folder.write("b.csv", "id,text\ny,c\n2,d\n")},
      {.reject_file = bad}};
  std::size_t rows = 0;
  for (std::size_t i = 0; i < 2; ++i) {
    source_context at;
    at.stage = "pairs";
    at.instance = i;
    at.instances = 2;
    auto reader = files.open(at);
    REQUIRE(reader);
    const auto read = reader.value()->read();
    REQUIRE(read);
    rows += read.value().rows->size();
    CHECK(reader.value()->rejected() == 1);
  }
  CHECK(rows == 2);
  CHECK(content_of(bad) == "{\"source\":\"pairs\",\"input\":\"" + folder.path("a.csv") +
                               "\",\"offset\":12,\"line\":3,\"reason\":\"id (int32): not a whole "
                               "number\",\"text\":\"x,b\"}\n"
                               "{\"source\":\"pairs\",\"input\":\"" +
                               folder.path("b.csv") +
                               "\",\"offset\":8,\"line\":2,\"reason\":\"id (int32): not a whole "
                               "number\",\"text\":\"y,c\"}\n");
}

TEST_CASE("instances reject rows at once and none is lost", "[reject_log]") {
  const temporary_folder folder;
  file_reject_log log{folder.path("bad.jsonl")};
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&log] {
      for (std::uint64_t i = 0; i < 500; ++i)
        if (!log.reject("in", i, i, "r", "text")) return;
    });
  for (auto& thread : threads) thread.join();
  CHECK(log.count() == 2000);
  const std::string text = content_of(log.path());
  CHECK(std::count(text.begin(), text.end(), '\n') == 2000);
}

}  // namespace sluice

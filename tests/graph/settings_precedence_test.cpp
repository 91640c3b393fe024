#include <chrono>

#include "sluice/tests/graph/settings/reading.hpp"
#include "sluice/tests/support/catch.hpp"

namespace sluice {
namespace {

TEST_CASE("a store is a text, and the stronger one wins", "[settings][F1101]") {
  settings_reader reader(test_stages);
  CHECK(reader.read().values.store() == "");
  reader.text("a.toml", "[cluster]\nstore = 'etcd://127.0.0.1:2379/sluice/${JOB:-none}'\n");
  CHECK(reader.read().checked().store() == "etcd://127.0.0.1:2379/sluice/none");
  reader.environment(std::vector<environment_variable>{{"SLUICE_CLUSTER_STORE", "/tmp/truth"}});
  auto chosen = reader.read().checked();
  CHECK(chosen.store() == "/tmp/truth");
  CHECK(chosen.find(setting_id::store)->losers[0].text == "etcd://127.0.0.1:2379/sluice/none");
  CHECK(explain(chosen).find("cluster.store         /tmp/truth") != std::string::npos);
  reader.set("cluster.store=");
  CHECK(reader.read().checked().store() == "");
}

using namespace std::chrono_literals;

std::vector<environment_variable> variables(std::string name, std::string value) {
  return {{std::move(name), std::move(value)}};
}

TEST_CASE("default, code, file, later file, environment, command line", "[settings][U33]") {
  settings_reader reader(test_stages);
  auto rows = [&] { return reader.read().checked().batch_rows(); };
  CHECK(rows() == 8192);
  reader.code("batch.rows", 1);
  CHECK(rows() == 1);
  reader.text("one.toml", "[batch]\nrows = 2\n");
  CHECK(rows() == 2);
  reader.text("two.toml", "[batch]\nrows = 3\n");
  CHECK(rows() == 3);
  reader.environment(variables("SLUICE_BATCH_ROWS", "4"));
  CHECK(rows() == 4);
  reader.set("batch.rows=5");
  CHECK(rows() == 5);
  CHECK(reader.read().warnings.empty());
}

TEST_CASE("layers win by what they are, not by when they were given", "[settings][U33]") {
  settings_reader reader(test_stages);
  reader.set("batch.rows=5");
  reader.environment(variables("SLUICE_BATCH_ROWS", "4"));
  reader.text("one.toml", "[batch]\nrows = 2\n");
  reader.code("batch.rows", 1);
  CHECK(reader.read().values.batch_rows() == 5);
}

TEST_CASE("in code the last call wins, on the command line the last flag", "[settings][U33][P3]") {
  settings_reader reader(test_stages);
  reader.code("commit.every", 2);
  reader.code("commit.every", 3);
  CHECK(reader.read().values.commit_every() == 3);
  reader.set("commit.every=4");
  reader.set("commit.every=5");
  CHECK(reader.read().values.commit_every() == 5);
}

TEST_CASE("every loser is kept, the strongest first", "[settings][S8][U13]") {
  settings_reader reader(test_stages);
  reader.code("credit.rows", 100'001);
  reader.text("one.toml", "credit.rows = 100_002\n");
  reader.set("credit.rows=100_003");
  auto chosen = reader.read().checked();
  auto entry = *chosen.find(setting_id::credit_rows);
  CHECK(entry.value == 100'003);
  CHECK(place(entry.origin) == "--set credit.rows=100_003");
  REQUIRE(entry.losers.size() == 2);
  CHECK(entry.losers[0].value == 100'002);
  CHECK(place(entry.losers[0].origin) == "one.toml:1:15");
  CHECK(entry.losers[1].value == 100'001);
  CHECK(place(entry.losers[1].origin).starts_with("settings_precedence_test.cpp:"));
}

TEST_CASE("a stage has its own value or the graph's", "[settings][P1]") {
  auto chosen = read_text(R"(
blink.microBatch.allowLatencyMs = 2000
blink.miniBatch.size = 10
[batch]
policy = "micro"
rows = 20
[credit]
rows = 30
max_bytes = "3MiB"
[stage.decide]
policy = "mini"
miniBatch.allowLatencyMs = "50ms"
miniBatch.size = 11
batch.rows = 21
credit.rows = 31
credit.max_bytes = "4MiB"
parallelism = 2
)")
                    .checked();
  CHECK(chosen.policy() == batch_policy::micro);
  CHECK(chosen.policy("alerts") == batch_policy::micro);
  CHECK(chosen.policy("decide") == batch_policy::mini);
  CHECK(chosen.latency("alerts") == 2s);
  CHECK(chosen.latency("decide") == 50ms);
  CHECK(chosen.mini_batch_size("alerts") == 10);
  CHECK(chosen.mini_batch_size("decide") == 11);
  CHECK(chosen.batch_rows("alerts") == 20);
  CHECK(chosen.batch_rows("decide") == 21);
  CHECK(chosen.credit_rows("alerts") == 30);
  CHECK(chosen.credit_rows("decide") == 31);
  CHECK(chosen.credit_bytes("alerts") == 3 << 20);
  CHECK(chosen.credit_bytes("decide") == 4 << 20);
  CHECK(chosen.parallelism("alerts") == 0);
  CHECK(chosen.parallelism("decide") == 2);
}

TEST_CASE("a table and dotted keys say the same", "[settings]") {
  auto table = read_text("[stage.decide]\nbatch.rows = 5\n[batch]\nrows = 6\n").checked();
  auto dotted = read_text("stage.decide.batch.rows = 5\nbatch = { rows = 6 }\n").checked();
  CHECK(table.batch_rows("decide") == dotted.batch_rows("decide"));
  CHECK(table.batch_rows() == dotted.batch_rows());
}

TEST_CASE("a byte order mark and Windows line ends are no part of a file", "[settings]") {
  auto reading = read_text("\xEF\xBB\xBF[batch]\r\nrows = 6\r\n[commit]\r\nevery = 5x\r\n");
  CHECK(reading.values.batch_rows() == 6);
  REQUIRE(reading.errors.size() == 1);
  CHECK(render(reading.errors[0]) ==
        "a.toml:4:10: value with a unit must be quoted: 5x\n"
        "every = 5x\n"
        "         ^ quote it: \"5x\"");
  CHECK(one_lines(read_text("\xEF\xBB\xBFrows = 6").errors) ==
        lines{"a.toml:1:1: unknown key: rows (did you mean batch.rows?)"});
}

TEST_CASE("a stage's own value in code stands against the graph's in a file", "[settings][P1]") {
  settings_reader reader(test_stages);
  reader.code_stage("decide", "policy", "off");
  reader.code_stage("decide", "parallelism", 2);
  reader.text("a.toml", "[batch]\npolicy = \"micro\"\n");
  CHECK(reader.read().values.policy("decide") == batch_policy::off);
  reader.text("b.toml", "[stage.decide]\npolicy = \"mini\"\n");
  reader.set("stage.decide.parallelism=4");
  CHECK(reader.read().values.policy("decide") == batch_policy::mini);
  CHECK(reader.read().values.parallelism("decide") == 4);
}

TEST_CASE("an interval of a stage goes with a timer of its own", "[settings][P1]") {
  CHECK(
      read_text("[batch]\npolicy = \"mini\"\n[stage.decide]\nallowLatencyMs = 5\n").errors.empty());
  CHECK(
      read_text("[batch]\npolicy = \"both\"\n[stage.decide]\nallowLatencyMs = 5\n").errors.size() ==
      1);
}

TEST_CASE("a window is as large as the largest batch, and no less", "[settings][L11]") {
  CHECK(read_text("[batch]\nrows = 65_536\nmax_bytes = \"2MiB\"\n").errors.empty());
  CHECK(read_text("[batch]\nrows = 65_537\n").errors.size() == 1);
  CHECK(read_text("[batch]\nmax_bytes = 2_097_153\n").errors.size() == 1);
  CHECK(read_text("[batch]\nrows = 1\n[credit]\nrows = 1\n").errors.empty());
}

TEST_CASE("policies have names and are found by them", "[settings][P2]") {
  for (auto policy : {batch_policy::off, batch_policy::micro, batch_policy::mini,
                      batch_policy::both, batch_policy::automatic}) {
    CHECK(parse_batch_policy(to_string(policy)) == policy);
  }
  CHECK(to_string(batch_policy::automatic) == "auto");
  CHECK_FALSE(parse_batch_policy("Off"));
  CHECK_FALSE(parse_batch_policy(""));
}

}  // namespace
}  // namespace sluice

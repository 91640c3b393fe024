#include <chrono>

#include "sluice/tests/graph/settings/reading.hpp"
#include "sluice/tests/support/catch.hpp"

namespace sluice {
namespace {

using namespace std::chrono_literals;

bool shown_as_default(const settings& chosen, setting_id id) {
  return chosen.find(id)->origin.layer == setting_layer::standard;
}

TEST_CASE("the microBatch line alone is a whole file", "[settings][S5][P1][P6]") {
  auto reading = read_text("blink.microBatch.allowLatencyMs=5000");
  CHECK(reading.errors.empty());
  CHECK(reading.values.latency() == 5000ms);
  CHECK(reading.values.mini_batch_size() == 20'000);
  CHECK(shown_as_default(reading.values, setting_id::mini_batch_size));
  CHECK(one_lines(reading.warnings) ==
        lines{"a.toml:1:33: warning: time given without a size: blink.microBatch.allowLatencyMs = "
              "5000 ms (a.toml:1:33), miniBatch.size = 20000 rows (default) (set miniBatch.size as "
              "well)"});
}

TEST_CASE("the size line alone keeps the default time", "[settings][S6][P5]") {
  auto reading = read_text("blink.miniBatch.size=20000");
  CHECK(reading.errors.empty());
  CHECK(reading.warnings.empty());
  CHECK(reading.values.mini_batch_size() == 20'000);
  CHECK(reading.values.latency() == 1000ms);
  CHECK(shown_as_default(reading.values, setting_id::latency));
  CHECK_FALSE(shown_as_default(reading.values, setting_id::mini_batch_size));
}

TEST_CASE("nothing given is one second and twenty thousand rows", "[settings][P5][P6]") {
  auto reading = read_text("");
  CHECK(reading.values == settings{});
  CHECK(reading.values.latency() == 1000ms);
  CHECK(reading.values.mini_batch_size() == 20'000);
  CHECK(reading.values.policy() == batch_policy::both);
  CHECK(reading.warnings.empty());
}

TEST_CASE("either time key sets the one interval", "[settings][S7][P2]") {
  for (const char* key : {"microBatch.allowLatencyMs", "miniBatch.allowLatencyMs",
                          "blink.microBatch.allowLatencyMs", "blink.miniBatch.allowLatencyMs"}) {
    auto reading = read_text(std::string(key) + " = 750\nminiBatch.size = 5\n");
    CHECK(reading.errors.empty());
    CHECK(reading.values.latency() == 750ms);
    CHECK(reading.values.policy() == batch_policy::both);
  }
}

TEST_CASE("the size is spelled with and without prefix", "[settings][P1]") {
  CHECK(read_text("miniBatch.size = 7").values.mini_batch_size() == 7);
  CHECK(read_text("blink.miniBatch.size = 7").values.mini_batch_size() == 7);
}

TEST_CASE("the time key on the later line wins, whatever its name", "[settings][S8][P3]") {
  const std::string size = "miniBatch.size = 5\n";
  for (std::string first : {"", "blink."}) {
    for (std::string second : {"", "blink."}) {
      auto micro = first + "microBatch.allowLatencyMs";
      auto mini = second + "miniBatch.allowLatencyMs";
      auto forward = read_text(size + micro + " = 5000\n" + mini + " = 6000\n");
      CHECK(forward.values.latency() == 6000ms);
      auto swapped = read_text(size + mini + " = 6000\n" + micro + " = 5000\n");
      CHECK(swapped.values.latency() == 5000ms);
      CHECK(forward.warnings.size() == 1);
      CHECK(swapped.warnings.size() == 1);
    }
  }
}

TEST_CASE("a key and its prefixed twin follow their lines too", "[settings][S8][P3]") {
  auto reading = read_text("miniBatch.size = 9\nblink.miniBatch.size = 8\n");
  CHECK(reading.values.mini_batch_size() == 8);
  CHECK(one_lines(reading.warnings) ==
        lines{"a.toml:2:24: warning: two values for one setting: blink.miniBatch.size = 8 rows "
              "(a.toml:2:24) wins over miniBatch.size = 9 rows (a.toml:1:18)"});
  CHECK(read_text("blink.miniBatch.size = 8\nminiBatch.size = 9\n").values.mini_batch_size() == 9);
}

TEST_CASE("the warning names both lines and both values", "[settings][S8][P3]") {
  auto reading = read_text(
      "miniBatch.size = 5\n"
      "blink.microBatch.allowLatencyMs=5000\n"
      "blink.miniBatch.allowLatencyMs=6000\n");
  CHECK(one_lines(reading.warnings) ==
        lines{"a.toml:3:32: warning: two values for one setting: blink.miniBatch.allowLatencyMs = "
              "6000 ms (a.toml:3:32) wins over blink.microBatch.allowLatencyMs = 5000 ms "
              "(a.toml:2:33)"});
}

TEST_CASE("two names with the same value are no conflict", "[settings][P3]") {
  auto reading = read_text(
      "miniBatch.size = 5\nmicroBatch.allowLatencyMs = 5000\nminiBatch.allowLatencyMs = \"5s\"\n");
  CHECK(reading.warnings.empty());
}

TEST_CASE("of two files the later one wins, and names both places", "[settings][S8][P3]") {
  settings_reader reader(test_stages);
  reader.text("one.toml", "miniBatch.size = 5\n\n\nmicroBatch.allowLatencyMs = 5000\n");
  reader.text("two.toml", "miniBatch.allowLatencyMs = 6000\n");
  auto reading = reader.read();
  CHECK(reading.values.latency() == 6000ms);
  CHECK(one_lines(reading.warnings) ==
        lines{"two.toml:1:28: warning: two values for one setting: miniBatch.allowLatencyMs = 6000 "
              "ms (two.toml:1:28) wins over microBatch.allowLatencyMs = 5000 ms (one.toml:4:29)"});
}

TEST_CASE("of two calls in code the last one wins, and names both places", "[settings][S8][P3]") {
  settings_reader reader(test_stages);
  reader.code("miniBatch.size", 5);
  reader.code("microBatch.allowLatencyMs", 5000);
  reader.code("blink.miniBatch.allowLatencyMs", "6s");
  auto reading = reader.read();
  CHECK(reading.values.latency() == 6000ms);
  REQUIRE(reading.warnings.size() == 1);
  auto warning = one_line(reading.warnings[0]);
  CHECK(warning.find("= 6000 ms (settings_blink_test.cpp:") != warning.npos);
  CHECK(warning.find("= 5000 ms (settings_blink_test.cpp:") != warning.npos);
}

TEST_CASE("the documents' annotated line is refused, never a silent 6000", "[settings][S9][P9]") {
  auto reading = read_text(
      "blink.microBatch.allowLatencyMs=5000\n"
      "blink.miniBatch.allowLatencyMs=6000--- This configuration takes effect.\n");
  REQUIRE(reading.errors.size() == 1);
  CHECK(render(reading.errors[0]) ==
        "a.toml:2:37: text after the value: --- This configuration takes effect.\n"
        "blink.miniBatch.allowLatencyMs=6000--- This configuration takes effect.\n"
        "                                    ^ comments start with #");
  CHECK_THROWS_AS(reading.checked(), config_error);
}

TEST_CASE("the same key twice names both lines", "[settings][P4]") {
  auto reading = read_text("blink.miniBatch.size=5\n\nblink.miniBatch.size=6\n");
  CHECK(one_lines(reading.errors) ==
        lines{"a.toml:3:1: given twice: blink.miniBatch.size (line 1 and line 3) (keep one of the "
              "two lines)"});
}

TEST_CASE("zero and less point to the policy", "[settings][P8]") {
  for (const char* key : {"microBatch.allowLatencyMs", "blink.miniBatch.allowLatencyMs",
                          "miniBatch.size", "blink.miniBatch.size"}) {
    for (const char* value : {"0", "-1"}) {
      auto reading = read_text(std::string(key) + " = " + value);
      REQUIRE(reading.errors.size() == 1);
      CHECK(reading.errors[0].hint.find(R"(policy = "off")") != std::string::npos);
    }
  }
}

TEST_CASE("times take units and underscores", "[settings][U32]") {
  auto latency = [](const std::string& value) {
    return read_text("microBatch.allowLatencyMs = " + value).values.latency();
  };
  CHECK(latency("5_000") == 5000ms);
  CHECK(latency("+7") == 7ms);
  CHECK(latency("0x10") == 16ms);
  CHECK(latency(R"("500ms")") == 500ms);
  CHECK(latency("'5s'") == 5s);
  CHECK(latency(R"("1_0s")") == 10s);
  CHECK(latency(R"("2min")") == 2min);
  CHECK(latency(R"("24h")") == 24h);
}

}  // namespace
}  // namespace sluice

#include <fstream>
#include <sstream>

#include <nlohmann/json.hpp>

#include "sluice/graph/settings_keys.hpp"
#include "sluice/tests/graph/settings/reading.hpp"
#include "sluice/tests/support/catch.hpp"

namespace sluice {
namespace {

const std::string config_folder = SLUICE_CONFIG_FOLDER;

TEST_CASE("explain prints every key, its value and its origin", "[settings][U13][C3]") {
  CHECK(explain(settings{}) ==
        "effective_latency_ms  1000 ms        default\n"
        "mini_batch_size       20000 rows     default\n"
        "batch.policy          both           default\n"
        "batch.rows            8192 rows      default\n"
        "batch.max_bytes       1048576 bytes  default\n"
        "batch.pre_aggregate   auto           default\n"
        "commit.every          1 markers      default\n"
        "commit.deadline_ms    10000 ms       default\n"
        "credit.rows           65536 rows     default\n"
        "credit.max_bytes      2097152 bytes  default\n"
        "scheduler.threads     0 threads      default\n"
        "cluster.store         none           default\n"
        "cluster.nodes         none           default\n"
        "cluster.key           none           default\n"
        "cluster.allowed       none           default\n");
}

TEST_CASE("explain shows the losers", "[settings][S8][U13]") {
  settings_reader reader(test_stages);
  reader.text("a.toml",
              "microBatch.allowLatencyMs = 5000\nblink.miniBatch.allowLatencyMs = 6000\n");
  reader.environment(std::vector<environment_variable>{{"SLUICE_BATCH_ROWS", "16"}});
  reader.set("stage.decide.policy=off");
  auto where = call_site::current();
  reader.code_stage("decide", "policy", "mini", where);
  CHECK(explain(reader.read().values) ==
        "effective_latency_ms  6000 ms        a.toml:2:34 (blink.miniBatch.allowLatencyMs)\n"
        "                      5000 ms        loses: a.toml:1:29 (microBatch.allowLatencyMs)\n"
        "mini_batch_size       20000 rows     default\n"
        "batch.policy          both           default\n"
        "batch.rows            16 rows        environment SLUICE_BATCH_ROWS\n"
        "batch.max_bytes       1048576 bytes  default\n"
        "batch.pre_aggregate   auto           default\n"
        "commit.every          1 markers      default\n"
        "commit.deadline_ms    10000 ms       default\n"
        "credit.rows           65536 rows     default\n"
        "credit.max_bytes      2097152 bytes  default\n"
        "scheduler.threads     0 threads      default\n"
        "cluster.store         none           default\n"
        "cluster.nodes         none           default\n"
        "cluster.key           none           default\n"
        "cluster.allowed       none           default\n"
        "stage.decide.policy   off            command line --set stage.decide.policy=off\n"
        "                      mini           loses: code settings_explain_test.cpp:" +
            std::to_string(where.line()) + "\n");
}

TEST_CASE("the schema is JSON and knows every key", "[settings][U35]") {
  auto schema = nlohmann::json::parse(settings_schema());
  CHECK(schema["$schema"] == "https://json-schema.org/draft/2020-12/schema");
  auto find = [](nlohmann::json table, std::string key) {
    for (auto dot = key.find('.'); dot != key.npos; dot = key.find('.')) {
      CHECK(table["additionalProperties"] == false);
      table = table["properties"][key.substr(0, dot)];
      key.erase(0, dot + 1);
    }
    return table["properties"][key];
  };
  for (const auto& description : setting_descriptions()) {
    for (auto name : description.names) {
      INFO(name);
      auto value = find(schema, std::string(name));
      CHECK(value["description"] == description.about);
      if (description.kind == setting_kind::policy) {
        CHECK(value["anyOf"][0]["enum"] == nlohmann::json{"off", "micro", "mini", "both"});
      } else if (description.kind == setting_kind::name) {
        CHECK(value["anyOf"][0]["enum"] == nlohmann::json{"off", "on", "auto"});
        CHECK(value["default"] == "auto");
      } else if (description.kind == setting_kind::store ||
                 description.kind == setting_kind::text) {
        CHECK(value["type"] == "string");
        CHECK(value["default"] == "");
      } else {
        CHECK(value["default"] == description.initial);
        CHECK(value["anyOf"][0]["minimum"] == description.smallest);
        CHECK(value["anyOf"][0]["maximum"] == description.largest);
      }
    }
    for (auto name : description.stage_names) {
      INFO(name);
      auto stage = schema["properties"]["stage"]["additionalProperties"];
      CHECK(find(stage, std::string(name)).is_object());
    }
  }
}

TEST_CASE("the files in config are right", "[settings][U31]") {
  const std::vector<std::string> stages{"decide"};
  for (auto name : {"fraud.toml", "wordcount.toml", "defaults.toml"}) {
    INFO(name);
    settings_reader reader(stages);
    reader.file(config_folder + "/" + name);
    auto reading = reader.read();
    CHECK(one_lines(reading.errors) == lines{});
    CHECK(one_lines(reading.warnings) == lines{});
  }
}

TEST_CASE("the file of Blink's keys is right and warns of the two intervals", "[settings][S8]") {
  settings_reader reader({});
  reader.file(config_folder + "/blink.toml");
  auto reading = reader.read();
  CHECK(reading.checked().latency() == std::chrono::milliseconds(6000));
  CHECK(reading.values.mini_batch_size() == 20'000);
  CHECK(reading.warnings.size() == 1);
}

TEST_CASE("the file of defaults holds every key with its default", "[settings]") {
  settings_reader reader({});
  reader.file(config_folder + "/defaults.toml");
  auto chosen = reader.read().checked();
  for (const auto& entry : settings{}.entries()) {
    const auto& given = *chosen.find(entry.id);
    INFO(describe(entry.id).name);
    CHECK(given.value == entry.value);
    CHECK(given.origin.layer == setting_layer::file);
  }
  std::ostringstream text;
  text << std::ifstream(config_folder + "/defaults.toml").rdbuf();
  for (const auto& description : setting_descriptions()) {
    for (auto name : description.stage_names) {
      INFO(name);
      if (name != "allowLatencyMs") {
        CHECK(text.str().find("# " + std::string(name) + " = ") != std::string::npos);
      }
    }
  }
}

}  // namespace
}  // namespace sluice

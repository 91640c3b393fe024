#include "sluice/connectors/sink_conformance.hpp"

#include "sluice/tests/connectors/memory_sink.hpp"
#include "sluice/tests/support/catch.hpp"

namespace sluice {

namespace {

using test::memory_outside;
using test::memory_sink;
using test::sink_bug;

std::vector<std::string> findings_of(sink_bug bug) {
  memory_outside outside;
  sink_under_test sink;
  sink.open = [&](const sink_context& at) -> result<std::unique_ptr<sink_writer>> {
    return std::make_unique<memory_sink>(outside, at, bug);
  };
  sink.visible = [&]() -> result<std::vector<visible_row>> { return outside.visible; };
  sink.clear = [&] { outside = {}; };
  sink.prepared = [&]() -> result<std::vector<std::string>> {
    std::vector<std::string> all;
    for (const auto& [token, rows] : outside.staged)
      all.push_back("epoch " + std::to_string(std::get<2>(token)));
    return all;
  };
  return check_sink(sink);
}

bool some_says(const std::vector<std::string>& findings, const std::string& what) {
  return std::any_of(findings.begin(), findings.end(), [&](const std::string& finding) {
    return finding.find(what) != std::string::npos;
  });
}

}  // namespace

TEST_CASE("a sink that keeps its promise has no findings", "[sink_conformance][F1210]") {
  CHECK(findings_of(sink_bug::none) == std::vector<std::string>{});
}

TEST_CASE("every bug of a sink is found and said", "[sink_conformance][F1210][X14][X22][X27]") {
  const auto [bug, said] = GENERATE(table<sink_bug, std::string>({
      {sink_bug::shows_before_commit, "shown, and not to be: 1 row"},
      {sink_bug::commits_twice, "shown twice"},
      {sink_bug::forgets_on_resolve, "lost: "},
      {sink_bug::only_newest, "lost: "},
      {sink_bug::leaves_prepared, "left behind: "},
      {sink_bug::loses_text, "has another text"},
      {sink_bug::resolves_late, "lost: "},
  }));
  const auto findings = findings_of(bug);
  INFO(said);
  for (const auto& finding : findings) UNSCOPED_INFO(finding);
  CHECK(some_says(findings, said));
}

TEST_CASE("a finding says where it was", "[sink_conformance][F1210]") {
  CHECK(findings_of(sink_bug::shows_before_commit).front() ==
        "1 instance, nothing happens: generation 1, at the answer to epoch 1 by instance 0: shown, "
        "and not to be: 3 rows, number 10 the first");
}

TEST_CASE("a sink that promises nothing is told so", "[sink_conformance][F1210][S30]") {
  struct plain final : sink_writer {
    result<void> write(const column_batch&) override { return {}; }
    result<void> flush(epoch_id) override { return {}; }
  };
  sink_under_test sink;
  sink.open = [](const sink_context&) -> result<std::unique_ptr<sink_writer>> {
    return std::make_unique<plain>();
  };
  sink.visible = []() -> result<std::vector<visible_row>> { return std::vector<visible_row>{}; };
  sink.clear = [] {};
  const auto findings = check_sink(sink);
  REQUIRE_FALSE(findings.empty());
  CHECK(some_says(findings, "the writer says that it does not commit"));
}

}  // namespace sluice

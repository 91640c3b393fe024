#include "sluice/operators/watermark.hpp"

#include <vector>

#include "sluice/records/batch.hpp"
#include "sluice/tests/support/catch.hpp"

namespace sluice {

namespace {

struct seen {
  std::uint64_t id;
  instant at;
};
SLUICE_RECORD(seen, id, at);

void see(watermark_tracker& tracker, const std::vector<std::int64_t>& times) {
  batch_builder<seen> rows{buffer_pool{}};
  for (const auto t : times) rows.push({0, {t}});
  tracker.see(*rows.take());
}

}  // namespace

TEST_CASE("without rows there is no watermark", "[watermark][X20]") {
  CHECK(watermark_tracker{1, 100}.watermark() == instant::lowest());
}

TEST_CASE("the watermark follows the newest row by the lateness", "[watermark][F401]") {
  watermark_tracker tracker{1, 100};
  see(tracker, {500, 900, 700});
  CHECK(tracker.watermark() == instant{799});
  see(tracker, {600});
  CHECK(tracker.watermark() == instant{799});
  see(tracker, {901});
  CHECK(tracker.watermark() == instant{800});
}

TEST_CASE("without lateness rows of the newest instant may still follow", "[watermark][F401]") {
  watermark_tracker tracker{1, 0};
  see(tracker, {500});
  CHECK(tracker.watermark() == instant{499});
}

}  // namespace sluice

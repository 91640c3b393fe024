#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sluice/apps/fraud/feature_text.hpp"
#include "sluice/apps/fraud/payment_rows.hpp"
#include "sluice/connectors/csv.hpp"

namespace sluice::fraud {

namespace {

// A line of the file, named as its columns are.
struct world_line {
  std::uint64_t tx_id = 0;
  std::uint32_t time_s = 0;
  std::uint32_t customer = 0;
  std::uint32_t terminal = 0;
  std::int64_t amount_cents = 0;
  std::uint8_t fraud = 0;
  std::uint8_t scenario = 0;
};
SLUICE_RECORD(world_line, tx_id, time_s, customer, terminal, amount_cents, fraud, scenario);

// Knows the newest row so far, so one is for one reader.
class line_check {
 public:
  std::string_view operator()(const world_line& line) {
    if (line.fraud > 1 || (line.scenario != 0) != (line.fraud == 1))
      return "fraud is not 1 with a scenario and 0 without";
    if (line.time_s < newest_s_) return "time_s is before that of the row before";
    newest_s_ = line.time_s;
    return {};
  }

 private:
  std::uint32_t newest_s_ = 0;
};

class payments_of_file final : public payment_rows {
 public:
  explicit payments_of_file(std::unique_ptr<source_reader> lines) : lines_(std::move(lines)) {}

  result<read_state> read(std::vector<numbered_row>& into) override {
    auto got = lines_->read();
    if (!got) return got.failure();
    if (const auto& rows = got.value().rows) {
      const batch<world_line> lines{*rows};
      for (std::size_t i = 0; i < lines.size(); ++i) into.push_back(row_of(lines[i]));
    }
    return got.value().state;
  }
  int wake_descriptor() const override { return lines_->wake_descriptor(); }
  read_progress progress() const override { return lines_->progress(); }
  std::string position() const override { return lines_->position(); }
  std::uint64_t rejected() const override { return lines_->rejected(); }

 private:
  static numbered_row row_of(const world_line& line) {
    return {line.tx_id,
            {.time_s = line.time_s,
             .customer = line.customer,
             .terminal = line.terminal,
             .scenario = line.scenario,
             .amount_cents = line.amount_cents},
            {}};
  }

  std::unique_ptr<source_reader> lines_;
};

class no_payments final : public payment_rows {
 public:
  result<read_state> read(std::vector<numbered_row>&) override { return read_state::end; }
  read_progress progress() const override { return {}; }
  std::string position() const override { return "0"; }
};

}  // namespace

payment_input payments_in_file(const std::string& path) {
  const auto file = from::csv<world_line>{path}.rejecting(line_check{});
  return {[file](const source_context& at) -> result<std::unique_ptr<payment_rows>> {
            if (at.instance != 0) return std::unique_ptr<payment_rows>{new no_payments};
            auto lines = file.open(at);
            if (!lines) return lines.failure();
            return std::unique_ptr<payment_rows>{
                std::make_unique<payments_of_file>(std::move(lines).value())};
          },
          file.describe()};
}

}  // namespace sluice::fraud

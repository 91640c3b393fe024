#include <utility>

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

class payments_of_file final : public payment_rows {
 public:
  payments_of_file(std::string path, std::unique_ptr<source_reader> lines,
                   std::shared_ptr<reject_log> rejects)
      : path_(std::move(path)), lines_(std::move(lines)), rejects_(std::move(rejects)) {}

  result<read_state> read(std::vector<numbered_row>& into) override {
    auto got = lines_->read();
    if (!got) return got.failure();
    if (const auto& rows = got.value().rows) {
      const batch<world_line> lines{*rows};
      for (std::size_t i = 0; i < lines.size(); ++i)
        if (auto taken = take(lines[i], into); !taken) return taken.failure();
    }
    return got.value().state;
  }
  int wake_descriptor() const override { return lines_->wake_descriptor(); }
  read_progress progress() const override { return lines_->progress(); }
  std::uint64_t rejected() const override { return lines_->rejected() + rejected_; }

 private:
  result<void> take(const world_line& line, std::vector<numbered_row>& into) {
    if (line.fraud > 1 || (line.scenario != 0) != (line.fraud == 1))
      return reject("fraud is not 1 with a scenario and 0 without", line);
    if (line.time_s < newest_s_) return reject("time_s is before that of the row before", line);
    newest_s_ = line.time_s;
    into.push_back({line.tx_id,
                    {.time_s = line.time_s,
                     .customer = line.customer,
                     .terminal = line.terminal,
                     .scenario = line.scenario,
                     .amount_cents = line.amount_cents},
                    {}});
    return {};
  }

  // Where the row stands in the file is not known here; its text says which one it is.
  result<void> reject(std::string_view reason, const world_line& line) {
    const std::string text = std::to_string(line.tx_id) + ',' + std::to_string(line.time_s) + ',' +
                             std::to_string(line.customer) + ',' + std::to_string(line.terminal) +
                             ',' + std::to_string(line.amount_cents) + ',' +
                             std::to_string(line.fraud) + ',' + std::to_string(line.scenario);
    if (!rejects_) return error{error_code::malformed, std::string(reason) + ": " + text};
    ++rejected_;
    return rejects_->reject(path_, 0, 0, reason, text);
  }

  std::string path_;
  std::unique_ptr<source_reader> lines_;
  std::shared_ptr<reject_log> rejects_;
  std::uint32_t newest_s_ = 0;
  std::uint64_t rejected_ = 0;
};

class no_payments final : public payment_rows {
 public:
  result<read_state> read(std::vector<numbered_row>&) override { return read_state::end; }
  read_progress progress() const override { return {}; }
};

}  // namespace

payment_input payments_in_file(const std::string& path) {
  const from::csv<world_line> file{path};
  return {[path, file](const source_context& at) -> result<std::unique_ptr<payment_rows>> {
            if (at.instance != 0) return std::unique_ptr<payment_rows>{new no_payments};
            auto lines = file.open(at);
            if (!lines) return lines.failure();
            return std::unique_ptr<payment_rows>{
                std::make_unique<payments_of_file>(path, std::move(lines).value(), at.rejects)};
          },
          file.describe()};
}

}  // namespace sluice::fraud

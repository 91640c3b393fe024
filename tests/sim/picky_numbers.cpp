#include "sluice/tests/sim/picky_numbers.hpp"

#include <atomic>
#include <sstream>
#include <utility>

#include "sluice/connectors/epoch_rejects.hpp"
#include "sluice/connectors/rejects.hpp"

namespace sluice::sim {

namespace {

class disk_rejects final : public reject_log {
 public:
  explicit disk_rejects(sim_disk& disk)
      : file_(std::make_shared<epoch_file>(disk.open(), "rejected")) {}
  result<void> reject(std::string_view, std::uint64_t, std::uint64_t, std::string_view,
                      std::string_view) override {
    return error{error_code::failed, "rejected before the first epoch"};
  }
  std::uint64_t count() const override { return *total_; }
  result<std::shared_ptr<epoch_rejects>> by_epoch(std::size_t i) override {
    return std::make_shared<epoch_rejects>(file_, "numbers", i, total_);
  }
  result<std::shared_ptr<epoch_file>> shown_by_epoch() override { return file_; }

 private:
  std::shared_ptr<epoch_file> file_;
  std::shared_ptr<std::atomic<std::uint64_t>> total_ =
      std::make_shared<std::atomic<std::uint64_t>>(0);
};

// Numbers, and a rejected piece before every tenth.
class picky_reader final : public source_reader {
 public:
  picky_reader(std::unique_ptr<source_reader> from, std::shared_ptr<reject_log> log)
      : from_(std::move(from)), rejects_(std::move(log)) {}

  result<read_batch> read() override {
    auto got = from_->read();
    if (!got || !got.value().rows) return got;
    const batch<audited_number> rows{*got.value().rows};
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (rows[i].row % picky_numbers::rejected_every != 0) continue;
      if (auto told = rejects_.reject("in", rows[i].row, 0, "tenth", ""); !told)
        return told.failure();
    }
    return got;
  }
  std::string position() const override { return from_->position(); }
  std::uint64_t rejected() const override { return rejects_.count(); }
  result<std::shared_ptr<epoch_output>> by_epoch(std::size_t i) override {
    return rejects_.by_epoch(i);
  }

 private:
  std::unique_ptr<source_reader> from_;
  rejects rejects_;
};

}  // namespace

result<std::unique_ptr<source_reader>> picky_numbers::open(const source_context& at) const {
  auto reader = numbers.open(at);
  if (!reader) return reader.failure();
  return std::make_unique<picky_reader>(std::move(reader).value(), at.rejects);
}

std::shared_ptr<reject_log> rejects_on(sim_disk& disk) {
  return std::make_shared<disk_rejects>(disk);
}

std::vector<std::uint64_t> rejected_on(sim_disk& disk) {
  std::vector<std::uint64_t> all;
  const auto text = disk.open()->read("rejected");
  if (!text) return all;
  std::istringstream lines{text.value().substr(0, text.value().rfind('\n') + 1)};
  const std::string before = "\"offset\":";
  for (std::string line; std::getline(lines, line);)
    all.push_back(std::stoull(line.substr(line.find(before) + before.size())));
  return all;
}

}  // namespace sluice::sim

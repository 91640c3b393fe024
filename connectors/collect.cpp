#include "sluice/connectors/collect.hpp"

#include <algorithm>

#include "sluice/connectors/same_record.hpp"

namespace sluice {

void collected_batches::add(std::size_t instance, const column_batch& rows) {
  const std::lock_guard lock(mutex_);
  parts_.push_back({instance, {}, slice(rows, 0, rows.size(), pool_)});
}

void collected_batches::end_epoch(std::size_t instance, epoch_id epoch) {
  const std::lock_guard lock(mutex_);
  for (auto part = parts_.rbegin(); part != parts_.rend(); ++part) {
    if (part->instance != instance) continue;
    if (part->epoch != epoch_id{}) break;
    part->epoch = epoch;
  }
  const auto place = std::lower_bound(epochs_.begin(), epochs_.end(), epoch);
  if (place == epochs_.end() || *place != epoch) epochs_.insert(place, epoch);
}

std::size_t collected_batches::size() const {
  const std::lock_guard lock(mutex_);
  std::size_t rows = 0;
  for (const auto& part : parts_) rows += part.rows->size();
  return rows;
}

std::vector<epoch_id> collected_batches::epochs() const {
  const std::lock_guard lock(mutex_);
  return epochs_;
}

std::vector<batch_ptr> collected_batches::batches(epoch_id epoch) const {
  const std::lock_guard lock(mutex_);
  std::vector<batch_ptr> found;
  for (const auto& part : parts_)
    if (epoch == epoch_id{} || part.epoch == epoch) found.push_back(part.rows);
  return found;
}

namespace {

class collecting_writer final : public sink_writer {
 public:
  collecting_writer(std::shared_ptr<collected_batches> rows, std::size_t instance)
      : rows_(std::move(rows)), instance_(instance) {}

  result<void> write(const column_batch& rows) override {
    rows_->add(instance_, rows);
    return {};
  }
  result<void> flush(epoch_id epoch) override {
    rows_->end_epoch(instance_, epoch);
    return {};
  }

 private:
  std::shared_ptr<collected_batches> rows_;
  std::size_t instance_;
};

}  // namespace

result<std::unique_ptr<sink_writer>> open_collecting(std::shared_ptr<collected_batches> rows,
                                                     const schema& fields, const sink_context& at) {
  if (auto same = check_same_record(fields, at); !same) return same.failure();
  return std::unique_ptr<sink_writer>{
      std::make_unique<collecting_writer>(std::move(rows), at.instance)};
}

}  // namespace sluice

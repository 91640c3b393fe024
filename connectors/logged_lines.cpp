#include "sluice/connectors/logged_lines.hpp"

#include <map>
#include <utility>
#include <vector>

#include "sluice/connectors/file_position.hpp"

namespace sluice {

using namespace std::string_literals;

// NUL makes a bad row of any line.
const std::string logged_bytes::lost_within_line = "\0 the connection was lost within this line\n"s;

result<std::unique_ptr<logged_bytes>> logged_bytes::open(std::shared_ptr<byte_log> log,
                                                         const connect_function& connect) {
  std::unique_ptr<logged_bytes> made{new logged_bytes(std::move(log))};
  if (made->log_->ended()) return made;
  auto live = connect();
  if (!live) return live.failure();
  made->live_ = std::move(live).value();
  if (made->log_->within_line())
    if (auto noted = made->log_->append(lost_within_line); !noted) return noted.failure();
  return made;
}

result<bytes_read> logged_bytes::read(std::span<char> room) {
  if (at_ < log_->end()) {
    auto logged = log_->read(at_, room);
    if (!logged) return logged.failure();
    at_ += logged.value();
    return bytes_read{logged.value(), bytes_state::some};
  }
  if (log_->ended()) return bytes_read{0, bytes_state::end};
  auto got = live_->read(room);
  if (!got) return got;
  if (got.value().state == bytes_state::end)
    if (auto noted = log_->append_end(); !noted) return noted.failure();
  if (got.value().count > 0) {
    if (auto noted = log_->append({room.data(), got.value().count}); !noted) return noted.failure();
    at_ += got.value().count;
  }
  return got;
}

result<void> logged_bytes::seek(std::uint64_t offset) {
  if (auto there = log_->check_holds(offset); !there) return there;
  at_ = offset;
  return {};
}

namespace {

// What a reader puts outside by epoch, and the log that shrinks behind it.
class log_collecting final : public epoch_output {
 public:
  log_collecting(std::shared_ptr<epoch_output> inner, const source_reader& reader,
                 std::shared_ptr<byte_log> log, std::shared_ptr<file_port> removing)
      : inner_(std::move(inner)),
        reader_(reader),
        log_(std::move(log)),
        removing_(std::move(removing)) {}

  void begin_generation(generation_id generation) override {
    if (inner_) inner_->begin_generation(generation);
  }

  prepare_work prepare(generation_id generation, epoch_id epoch) override {
    // The position was just made by the same reader.
    offsets_[epoch] = file_position_of(reader_.position()).value().offset;
    return inner_ ? inner_->prepare(generation, epoch) : prepare_work{};
  }

  commit_work decided(epoch_id epoch) override {
    const auto found = offsets_.find(epoch);
    if (found == offsets_.end()) return {};
    const std::uint64_t offset = found->second;
    offsets_.erase(offsets_.begin(), std::next(found));
    auto names = log_->forget_before(std::exchange(before_, offset));
    const bool done = log_->ended() && offset == log_->end();
    if (names.empty() && !done) return {};
    return [names = std::move(names), removing = removing_,
            log = done ? log_ : nullptr]() -> result<void> {
      for (const std::string& name : names)
        if (auto removed = removing->remove(name); !removed) return removed;
      return log ? log->append_done() : result<void>{};
    };
  }

 private:
  std::shared_ptr<epoch_output> inner_;  // of the reader; may be null
  const source_reader& reader_;
  std::shared_ptr<byte_log> log_;
  std::shared_ptr<file_port> removing_;
  std::map<epoch_id, std::uint64_t> offsets_;  // of epochs that are not committed
  std::uint64_t before_ = 0;                   // of the one committed last
};

class log_reader final : public source_reader {
 public:
  log_reader(std::unique_ptr<source_reader> from, std::shared_ptr<byte_log> log,
             std::shared_ptr<file_port> removing)
      : from_(std::move(from)), log_(std::move(log)), removing_(std::move(removing)) {}

  result<read_batch> read() override { return from_->read(); }
  int wake_descriptor() const override { return from_->wake_descriptor(); }
  read_progress progress() const override { return from_->progress(); }
  std::string position() const override { return from_->position(); }
  std::uint64_t rejected() const override { return from_->rejected(); }
  result<std::shared_ptr<epoch_output>> by_epoch(std::size_t instance) override {
    auto inner = from_->by_epoch(instance);
    if (!inner) return inner;
    return std::shared_ptr<epoch_output>{
        std::make_shared<log_collecting>(std::move(inner).value(), *from_, log_, removing_)};
  }

 private:
  std::unique_ptr<source_reader> from_;
  std::shared_ptr<byte_log> log_;
  std::shared_ptr<file_port> removing_;
};

}  // namespace

std::unique_ptr<source_reader> collect_log(std::unique_ptr<source_reader> reader,
                                           std::shared_ptr<byte_log> log,
                                           std::shared_ptr<file_port> removing) {
  return std::make_unique<log_reader>(std::move(reader), std::move(log), std::move(removing));
}

}  // namespace sluice

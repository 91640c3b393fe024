#include "sluice/apps/fraud/world_sources.hpp"

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

#include "sluice/apps/fraud/calendar.hpp"
#include "sluice/apps/fraud/wake_timer.hpp"
#include "sluice/state/snapshot_bytes.hpp"

namespace sluice::fraud {

namespace {

// Gives the rows of one share as records `T`.
template <record T>
class row_reader : public source_reader {
 public:
  // A batch has at most `most` rows.
  // `skipped`: so many rows have been given out already.
  row_reader(std::unique_ptr<payment_rows> rows, const source_context& at, std::size_t skipped,
             std::size_t most = std::numeric_limits<std::size_t>::max())
      : rows_(std::move(rows)), out_(at.pool, at.bounds), most_(most), skipped_(skipped) {}

  result<read_batch> read() override {
    if (at_ == piece_.size() && state_ != read_state::end) {
      piece_.clear();
      at_ = 0;
      before_piece_ = rows_->position();
      auto got = rows_->read(piece_);
      if (!got) return got.failure();
      state_ = got.value();
      at_ = std::min(skipped_, piece_.size());
      skipped_ -= at_;
    }
    if (at_ == piece_.size()) return read_batch{nullptr, state_};
    const read_state next = fill();
    return read_batch{out_.take(), next};
  }
  read_progress progress() const override { return rows_->progress(); }
  // A piece of rows is read whole and given out bit by bit.
  std::string position() const override {
    const bool within = at_ < piece_.size();
    const std::size_t given = within ? at_ : skipped_;
    snapshot_writer to;
    to.text(within ? before_piece_ : rows_->position());
    to.value<std::uint64_t>(given);
    return to.take();
  }

 protected:
  // Makes the record of `from`, or says that its time has not come yet.
  virtual bool make(const numbered_row& from, instant now, T& made) = 0;

  payment_rows& rows() { return *rows_; }
  const payment_rows& rows() const { return *rows_; }

 private:
  read_state fill() {
    const instant now = arrivals::now();
    for (; at_ < piece_.size(); ++at_) {
      T made;
      if (!make(piece_[at_], now, made)) return read_state::later;
      if (out_.size() == most_ || out_.full_for(made)) return read_state::more;
      out_.push(made);
    }
    return read_state::more;
  }

  std::unique_ptr<payment_rows> rows_;
  batch_builder<T> out_;
  std::size_t most_;
  std::size_t skipped_;  // rows at the front of what comes next
  std::string before_piece_;
  std::vector<numbered_row> piece_;
  std::size_t at_ = 0;
  read_state state_ = read_state::more;
};

// A position taken apart: where its piece begins, and how many rows of that have been given out.
struct piece_position {
  source_context at;
  std::size_t skipped = 0;
};

result<piece_position> piece_at(const source_context& at) {
  if (at.position.empty()) return piece_position{at};
  piece_position there{at};
  snapshot_reader from{at.position};
  there.at.position = from.text();
  there.skipped = from.value<std::uint64_t>();
  if (auto done = from.finish(); !done) return done.failure();
  return there;
}

// A payment that is due waits for the next look; sources by themselves look every millisecond.
constexpr std::chrono::microseconds between_looks{200};

class transaction_reader final : public row_reader<transaction> {
 public:
  transaction_reader(std::unique_ptr<payment_rows> rows, const world_feed& feed,
                     const piece_position& from)
      : row_reader(std::move(rows), from.at, from.skipped),
        arriving_(feed.arriving),
        progress_(feed.progress) {
    progress_->opened();
    if (arriving_->paced()) timer_.emplace();
  }
  ~transaction_reader() override { end(); }

  result<read_batch> read() override {
    auto got = row_reader::read();
    if (!got) return got;
    read_state& state = got.value().state;
    if (state == read_state::end) end();
    if (timer_ && state == read_state::later && timer_->descriptor() >= 0) {
      timer_->set(between_looks);
      state = read_state::idle;
    }
    return got;
  }
  int wake_descriptor() const override {
    return timer_ ? timer_->descriptor() : rows().wake_descriptor();
  }
  std::uint64_t rejected() const override { return rows().rejected(); }

 private:
  bool make(const numbered_row& from, instant now, transaction& made) override {
    const instant due = arriving_->due(from.tx_id, now);
    if (due > now) return false;
    made = transaction_of(from.row, from.tx_id, from.where);
    made.arrived = due;
    progress_->has_read(made.at);
    return true;
  }
  void end() {
    if (!std::exchange(ended_, true)) progress_->ended();
  }

  std::shared_ptr<arrivals> arriving_;
  std::shared_ptr<payment_progress> progress_;
  std::optional<wake_timer> timer_;
  bool ended_ = false;
};

// Labels of a paced stream come in small batches: payments come few at a time, and every time all
// labels read ahead are looked through.
constexpr std::size_t labels_when_paced = 256;

class label_reader final : public row_reader<label> {
 public:
  label_reader(std::unique_ptr<payment_rows> rows, const world_feed& feed,
               const piece_position& from)
      : row_reader(std::move(rows), from.at, from.skipped,
                   feed.arriving->paced() ? labels_when_paced : from.at.bounds.rows) {}
  int wake_descriptor() const override { return rows().wake_descriptor(); }

 private:
  bool make(const numbered_row& from, instant, label& made) override {
    made = label_of(from.row, from.tx_id);
    return true;
  }
};

constexpr std::int64_t hour_us = 3'600'000'000;

// Runs a day ahead of the payments and ends with the day of the newest one.
class clock_reader final : public source_reader {
 public:
  clock_reader(const world_feed& feed, const source_context& at)
      : payments_(feed.progress), out_(at.pool, at.bounds) {
    if (!at.position.empty()) next_ = std::strtoll(at.position.c_str(), nullptr, 10);
  }
  std::string position() const override { return std::to_string(next_); }

  result<read_batch> read() override {
    const bool ended = payments_->all_ended();
    const instant newest = payments_->newest();
    if (newest == instant::lowest())
      return read_batch{nullptr, ended ? read_state::end : read_state::later};
    const std::int64_t days = day_of(newest) + (ended ? 1 : 2);
    for (; next_ <= days * 24; ++next_) {
      const tick made{instant{next_ * hour_us}, next_ - 1, (next_ - 1) / 24};
      if (out_.full_for(made)) return read_batch{out_.take(), read_state::more};
      out_.push(made);
    }
    return read_batch{out_.take(), ended ? read_state::end : read_state::later};
  }

 private:
  std::shared_ptr<payment_progress> payments_;
  batch_builder<tick> out_;
  std::int64_t next_ = day_of(first_day) * 24 + 1;
};

// Takes what somebody else has rejected already.
class unheeded_rejects final : public reject_log {
 public:
  result<void> reject(std::string_view, std::uint64_t, std::uint64_t, std::string_view,
                      std::string_view) override {
    ++count_;
    return {};
  }
  std::uint64_t count() const override { return count_; }

 private:
  std::uint64_t count_ = 0;
};

}  // namespace

world_feed::world_feed(payment_input from, double rows_per_second)
    : input(std::move(from)),
      progress(std::make_shared<payment_progress>()),
      arriving(std::make_shared<arrivals>(rows_per_second)) {}

result<std::unique_ptr<source_reader>> transaction_source::open(const source_context& at) const {
  auto from = piece_at(at);
  if (!from) return from.failure();
  auto rows = feed_.input.open(from.value().at);
  if (!rows) return rows.failure();
  return std::unique_ptr<source_reader>{
      std::make_unique<transaction_reader>(std::move(rows).value(), feed_, from.value())};
}

result<std::unique_ptr<source_reader>> label_source::open(const source_context& at) const {
  auto from = piece_at(at);
  if (!from) return from.failure();
  source_context quiet = from.value().at;
  quiet.rejects = std::make_shared<unheeded_rejects>();
  auto rows = feed_.input.open(quiet);
  if (!rows) return rows.failure();
  return std::unique_ptr<source_reader>{
      std::make_unique<label_reader>(std::move(rows).value(), feed_, from.value())};
}

result<std::unique_ptr<source_reader>> clock_source::open(const source_context& at) const {
  return std::unique_ptr<source_reader>{std::make_unique<clock_reader>(feed_, at)};
}

}  // namespace sluice::fraud

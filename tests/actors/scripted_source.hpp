#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sluice/actors/source_pump.hpp"
#include "sluice/tests/operators/script.hpp"

namespace sluice::script {

/// A row that is nothing but its event time, in µs.
struct moment {
  instant at;
};
SLUICE_RECORD(moment, at);

/// What a scripted source is made of.
struct scripted_source_parts {
  std::size_t channels = 1;  ///< All of one exchange, by key if there are several.
  credit window{1000, 1 << 20};
  std::optional<std::int64_t> lateness = std::nullopt;  ///< µs; nothing: no event time
  std::optional<std::int64_t> most_ahead = std::nullopt;
  bool steps_aside = false;
  bool keeps_snapshots = false;
};

/// A source pump over a reader that does as it is told:
///
///   scripted_source source;
///   source.gives({1, 2});
///   source.pump();
///   CHECK(source.sent() == rows(1, 2));
class scripted_source : public source_port {
 public:
  explicit scripted_source(const scripted_source_parts& from = {}) : pump_(made_of(from)) {}
  scripted_source(const scripted_source&) = delete;
  scripted_source& operator=(const scripted_source&) = delete;

  /// The reader's next answers; when there are none left, it is asked too often.
  void gives(const std::vector<std::int64_t>& times, read_state then = read_state::more) {
    batch_builder<moment> made{buffer_pool{}, {.rows = times.size() + 1, .bytes = 1 << 30}};
    for (const auto t : times) made.push({instant{t}});
    answers_.push_back(read_batch{made.take(), then});
  }
  void says(read_state state) { answers_.push_back(read_batch{nullptr, state}); }
  void fails(std::string why) { answers_.push_back(error{error_code::failed, std::move(why)}); }

  source_pump::next pump() { return pump_.pump(*this); }
  void open(std::uint64_t epoch, bool commit = false) { pump_.open_epoch({epoch}, commit); }
  /// The last COMMIT of a run that is kept.
  void open_last(std::uint64_t epoch) { pump_.open_epoch({epoch}, true, /*last=*/true); }
  void grant(std::uint64_t rows, std::size_t channel = 0) {
    pump_.granted(channel, {rows, 1 << 20}, *this);
  }
  /// The first grant of every channel: its window.
  void grant_all() {
    for (std::size_t c = 0; c < channels_; ++c) grant(window_.rows, c);
  }
  source_pump& of() { return pump_; }

  void send(std::size_t channel, const batch_ptr& rows, instant watermark) override {
    const batch<moment> view{*rows};
    event made;
    for (std::size_t i = 0; i < view.size(); ++i)
      made.rows.push_back(static_cast<std::uint64_t>(view[i].at.us));
    sent_[channel].add(made);
    promises_[channel].push_back(watermark);
  }
  void send(std::size_t channel, const marker& m) override { sent_[channel].add(event{{}, m}); }

  void cut(const marker& m, source_snapshot where) override {
    cuts_.push_back({m, bytes_of(where)});
  }

  struct made_cut {
    marker mark;
    std::string position;
  };
  const std::vector<made_cut>& cuts() const { return cuts_; }
  const events& sent(std::size_t channel = 0) { return sent_[channel]; }
  const std::vector<instant>& promises(std::size_t channel = 0) { return promises_[channel]; }
  /// How often the reader was asked.
  std::size_t reads() const { return reads_; }

 private:
  class reader final : public source_reader {
   public:
    explicit reader(scripted_source& of) : of_(of) {}
    result<read_batch> read() override {
      ++of_.reads_;
      if (of_.answers_.empty()) return error{error_code::failed, "asked too often"};
      auto answer = std::move(of_.answers_.front());
      of_.answers_.pop_front();
      return answer;
    }
    std::string position() const override { return std::to_string(of_.reads_); }

   private:
    scripted_source& of_;
  };

  source_parts made_of(const scripted_source_parts& from) {
    channels_ = from.channels;
    window_ = from.window;
    source_parts parts;
    parts.reader = std::make_unique<reader>(*this);
    if (from.lateness) parts.event_time.emplace(0, *from.lateness);
    const auto how = from.channels == 1 ? spread::same : spread::by_key;
    parts.edges.push_back({exchange{how, from.channels, key_columns{{0}}, {}, {}}, 0});
    parts.outlets.assign(from.channels, from.window);
    parts.most_ahead_us = from.most_ahead;
    parts.steps_aside = from.steps_aside;
    parts.keeps_snapshots = from.keeps_snapshots;
    return parts;
  }

  std::size_t channels_ = 1;
  credit window_;
  std::deque<result<read_batch>> answers_;
  std::size_t reads_ = 0;
  std::map<std::size_t, events> sent_;
  std::map<std::size_t, std::vector<instant>> promises_;
  std::vector<made_cut> cuts_;
  source_pump pump_;
};

}  // namespace sluice::script

#pragma once

#include <array>
#include <cstdint>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "sluice/apps/fraud/fraud_graph.hpp"
#include "sluice/apps/fraud/latency_histogram.hpp"

namespace sluice::fraud {

/// An alert with text of its own.
struct kept_alert {
  alert row;  // its `reasons` are empty
  std::string reasons;
};

/// Which transactions of a stream have come by.
class arrival_counts {
 public:
  explicit arrival_counts(std::size_t rows) : times_(rows) {}

  /// Returns true the first time.
  bool see(std::uint64_t tx_id) {
    ++seen_;
    return tx_id < times_.size() && !std::exchange(times_[tx_id], true);
  }

  std::uint64_t seen() const { return seen_; }
  std::uint64_t missing() const;
  std::uint64_t doubled() const;  ///< Or of a tx_id that is not in the stream.

 private:
  std::vector<std::uint8_t> times_;  // 0 or 1
  std::uint64_t seen_ = 0;
};

/// What came out of one run of the fraud graph over a stream of known length, kept to be judged.
/// Written through `sinks()` while the graph runs, read afterwards. Of a run with checkpoints each
/// row is taken once, when its epoch is committed; latencies and repeated answers are looked at
/// when rows arrive.
class run_record {
 public:
  /// With `whole_rows` the features are kept, 88 bytes a row, else only counted.
  enum class keep : std::uint8_t { counts, whole_rows };

  run_record(std::size_t rows, keep what);

  /// Sinks that write here; this outlives them.
  fraud_sinks sinks();

  const arrival_counts& decisions() const { return decisions_; }
  const arrival_counts& features_seen() const { return features_seen_; }
  const std::vector<std::uint8_t>& reasons() const { return reasons_; }     ///< By tx_id, R1 to R6.
  const std::vector<verdict>& answers() const { return answers_; }          ///< By tx_id.
  const std::vector<features>& kept_features() const { return features_; }  ///< By tx_id.
  /// Repeated answers to a payment that were not the first one.
  std::uint64_t differing_answers() const { return differing_; }
  const latency_histogram& latency() const { return latency_; }      ///< Of decisions, µs.
  const std::vector<kept_alert>& alerts() const { return alerts_; }  ///< In order of arrival.
  const std::vector<card_day>& cards() const { return cards_; }
  const std::vector<scored>& scores() const { return scores_; }  ///< Of the test week.

 private:
  void arrived(const batch<decision>& rows);
  void take(const batch<decision>& rows);
  void take(const batch<features>& rows);
  void take(const batch<alert>& rows);
  void take(const batch<card_day>& rows);
  void take(const batch<scored>& rows);
  template <record T>
  any_sink into();

  keep what_;
  std::mutex mutex_;
  arrival_counts decisions_;
  arrival_counts features_seen_;
  std::vector<std::uint8_t> reasons_;
  std::vector<verdict> answers_;
  std::vector<std::uint8_t> answered_;  // by tx_id: the first answer + 1
  std::vector<features> features_;
  std::uint64_t differing_ = 0;
  latency_histogram latency_;
  std::vector<kept_alert> alerts_;
  std::vector<card_day> cards_;
  std::vector<scored> scores_;
};

}  // namespace sluice::fraud

#pragma once

#include <memory>
#include <string>

#include "sluice/apps/fraud/arrivals.hpp"
#include "sluice/apps/fraud/payment_progress.hpp"
#include "sluice/apps/fraud/payment_rows.hpp"
#include "sluice/connectors/source.hpp"

/// The three sources of the fraud graph. What they give depends on the rows alone.
namespace sluice::fraud {

/// What the sources of one run share, in one process. For one run only.
struct world_feed {
  /// `rows_per_second` 0: as fast as they are taken.
  explicit world_feed(payment_input from, double rows_per_second = 0);

  payment_input input;
  std::shared_ptr<payment_progress> progress;
  std::shared_ptr<arrivals> arriving;
};

/// The payments, as they arrive.
class transaction_source {
 public:
  using record_type = transaction;
  explicit transaction_source(world_feed feed) : feed_(std::move(feed)) {}
  result<std::unique_ptr<source_reader>> open(const source_context& at) const;
  std::string describe() const { return feed_.input.what; }
  bool stays() const { return true; }

 private:
  world_feed feed_;
};

/// The truth about the payments, seven days later. Rows that are none are rejected by the
/// transactions only.
class label_source {
 public:
  using record_type = label;
  explicit label_source(world_feed feed) : feed_(std::move(feed)) {}
  result<std::unique_ptr<source_reader>> open(const source_context& at) const;
  std::string describe() const { return "the same, 7 days later"; }
  bool stays() const { return true; }

 private:
  world_feed feed_;
};

/// The hours of the payments as they end, from the first day to the end of the last day with a
/// payment. For one instance.
class clock_source {
 public:
  using record_type = tick;
  explicit clock_source(world_feed feed) : feed_(std::move(feed)) {}
  result<std::unique_ptr<source_reader>> open(const source_context& at) const;
  std::string describe() const { return "hours of event time"; }
  bool stays() const { return true; }

 private:
  world_feed feed_;
};

}  // namespace sluice::fraud

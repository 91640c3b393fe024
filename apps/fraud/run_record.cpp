#include "sluice/apps/fraud/run_record.hpp"

#include <algorithm>

#include "sluice/apps/fraud/committed_rows.hpp"

namespace sluice::fraud {

namespace {

constexpr std::array<rule, rule_count> all_rules = {rule::tested, rule::travel, rule::ratio,
                                                    rule::amount, rule::burst,  rule::terminal};

std::uint8_t bits_of(std::string_view text) {
  reason_set reasons;
  while (!text.empty()) {
    const std::string_view word = text.substr(0, text.find('+'));
    for (const rule r : all_rules)
      if (name(r) == word) reasons.add(r);
    text.remove_prefix(std::min(text.size(), word.size() + 1));
  }
  return reasons.bits();
}

}  // namespace

std::uint64_t arrival_counts::missing() const {
  return static_cast<std::uint64_t>(std::count(times_.begin(), times_.end(), 0));
}
std::uint64_t arrival_counts::doubled() const { return seen_ - (times_.size() - missing()); }

run_record::run_record(std::size_t rows, keep what)
    : what_(what),
      decisions_(rows),
      features_seen_(rows),
      reasons_(rows),
      answers_(rows),
      answered_(rows),
      features_(what == keep::whole_rows ? rows : 0) {}

template <record T>
any_sink run_record::into() {
  return committed_rows<T>{[this](const batch<T>& rows) {
    const std::lock_guard guard{mutex_};
    take(rows);
  }};
}

fraud_sinks run_record::sinks() {
  const auto committed = [this](const batch<decision>& rows) {
    const std::lock_guard guard{mutex_};
    take(rows);
  };
  const auto written = [this](const batch<decision>& rows) {
    const std::lock_guard guard{mutex_};
    arrived(rows);
  };
  return {.decisions = committed_rows<decision>{committed, written},
          .features = into<features>(),
          .alerts = into<alert>(),
          .scores = into<scored>(),
          .cards = into<card_day>()};
}

void run_record::arrived(const batch<decision>& rows) {
  const instant now = arrivals::now();
  const auto tx_ids = rows.column(&decision::tx_id);
  const auto answers = rows.column(&decision::answer);
  const auto arrived = rows.column(&decision::arrived);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    latency_.record(static_cast<std::uint64_t>(std::max<std::int64_t>(0, now.us - arrived[i].us)));
    if (tx_ids[i] >= answered_.size()) continue;
    const auto answer = static_cast<std::uint8_t>(static_cast<std::uint8_t>(answers[i]) + 1);
    std::uint8_t& first = answered_[tx_ids[i]];
    differing_ += first != 0 && first != answer;
    first = answer;
  }
}

void run_record::take(const batch<decision>& rows) {
  const auto tx_ids = rows.column(&decision::tx_id);
  const auto answers = rows.column(&decision::answer);
  const auto reasons = rows.column(&decision::reasons);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    decisions_.see(tx_ids[i]);
    if (tx_ids[i] >= answers_.size()) continue;
    answers_[tx_ids[i]] = answers[i];
    if (!reasons[i].empty()) reasons_[tx_ids[i]] |= bits_of(reasons[i]);
  }
}

void run_record::take(const batch<features>& rows) {
  const auto tx_ids = rows.column(&features::tx_id);
  const auto known = rows.column(&features::t_n7);
  const auto frauds = rows.column(&features::t_f7);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    features_seen_.see(tx_ids[i]);
    if (tx_ids[i] >= reasons_.size()) continue;
    if (what_ == keep::whole_rows) features_[tx_ids[i]] = rows[i];
    const terminal_facts facts{.day = {}, .week = {known[i], frauds[i]}, .month = {}};
    reasons_[tx_ids[i]] |= terminal_reasons(facts).bits();
  }
}

void run_record::take(const batch<alert>& rows) {
  for (std::size_t i = 0; i < rows.size(); ++i) {
    kept_alert kept{rows[i], std::string(rows[i].reasons)};
    kept.row.reasons = {};
    alerts_.push_back(std::move(kept));
  }
}

void run_record::take(const batch<card_day>& rows) {
  for (std::size_t i = 0; i < rows.size(); ++i) cards_.push_back(rows[i]);
}

void run_record::take(const batch<scored>& rows) {
  for (std::size_t i = 0; i < rows.size(); ++i) scores_.push_back(rows[i]);
}

}  // namespace sluice::fraud

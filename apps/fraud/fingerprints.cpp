#include "sluice/apps/fraud/fingerprints.hpp"

#include <algorithm>
#include <charconv>
#include <concepts>
#include <tuple>

#include "sluice/apps/fraud/feature_text.hpp"
#include "sluice/apps/fraud/sha256.hpp"

namespace sluice::fraud {

namespace {

// Hashes text as it grows, a piece at a time.
class hashed_text {
 public:
  std::string& text() { return text_; }
  void written() {
    if (text_.size() < 1 << 16) return;
    hash_.add(text_);
    text_.clear();
  }
  std::string hex() {
    hash_.add(text_);
    text_.clear();
    return hash_.hex();
  }

 private:
  std::string text_;
  sha256 hash_;
};

// Floating-point numbers as short as they can be read back exactly.
template <class Number>
void append(std::string& out, Number value) {
  char digits[32];
  out.append(digits, std::to_chars(digits, digits + sizeof digits, value).ptr);
  out += ',';
}

std::string hash_of_features(const run_record& run) {
  hashed_text all;
  all.text() = feature_text_head;
  for (const auto& row : run.kept_features()) {
    append_feature_text(all.text(), row);
    all.written();
  }
  return all.hex();
}

std::string hash_of_decisions(const run_record& run) {
  reason_set batched;  // the batched path's, told later
  batched.add(rule::terminal);
  hashed_text all;
  for (std::size_t tx_id = 0; tx_id < run.answers().size(); ++tx_id) {
    append(all.text(), static_cast<int>(run.answers()[tx_id]));
    append(all.text(), static_cast<int>(run.reasons()[tx_id] & ~batched.bits()));
    all.written();
  }
  return all.hex();
}

std::string hash_of_alerts(const run_record& run) {
  std::vector<const kept_alert*> alerts;
  for (const auto& alert : run.alerts()) alerts.push_back(&alert);
  std::sort(alerts.begin(), alerts.end(),
            [](const auto* a, const auto* b) { return a->row.tx_id < b->row.tx_id; });
  hashed_text all;
  for (const auto* alert : alerts) {
    const auto& row = alert->row;
    auto& text = all.text();
    append(text, row.tx_id);
    append(text, row.at.us);
    append(text, row.customer);
    append(text, row.terminal);
    text += alert->reasons + ',';
    append(text, row.count);
    append(text, row.champion);
    append(text, row.challenger);
    append(text, row.amount_cents);
    append(text, row.c_n30);
    append(text, row.c_sum30);
    append(text, row.t_n7);
    append(text, row.t_f7);
    all.written();
  }
  return all.hex();
}

std::string hash_of_cards(const run_record& run) {
  std::vector<card_day> cards = run.cards();
  std::sort(cards.begin(), cards.end(), [](const card_day& a, const card_day& b) {
    return std::tie(a.day, a.rank, a.customer) < std::tie(b.day, b.rank, b.customer);
  });
  hashed_text all;
  for (const auto& card : cards) {
    append(all.text(), card.day);
    append(all.text(), card.rank);
    append(all.text(), card.customer);
    append(all.text(), card.score);
    all.written();
  }
  return all.hex();
}

}  // namespace

fingerprints fingerprints_of(const run_record& run) {
  return {hash_of_features(run), hash_of_decisions(run), hash_of_alerts(run), hash_of_cards(run)};
}

}  // namespace sluice::fraud

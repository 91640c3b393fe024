#include <string>
#include <vector>

#include "sluice/sluice.hpp"

namespace {

struct payment {
  std::uint64_t card;
  sluice::instant at;
};
SLUICE_RECORD(payment, card, at);

struct label {
  std::uint64_t card;
  sluice::instant at;
  bool fraud;
};
SLUICE_RECORD(label, card, at, fraud);

struct plain {
  std::uint64_t card;
};

struct owning {
  std::string text;
};
#ifdef OWNED_TEXT_FIELD
SLUICE_RECORD(owning, text);
#endif
#ifdef UNKNOWN_FIELD
SLUICE_RECORD(plain, card, cards);
#endif

[[maybe_unused]] void compose(const sluice::stream<payment>& payments,
                              const sluice::stream<payment>& others,
                              const sluice::stream<label>& labels) {
  using namespace sluice;
  payments.merge(others);
  const auto ordered = payments.key_by(&payment::card).in_event_time_order(&payment::at);
  const auto both = ordered.with(labels.key_by(&label::card).in_event_time_order(&label::at));
  constexpr auto of_payment = [](int&, const payment& p, rows<payment> out) { out.push(p); };
  constexpr auto of_label = [](int&, const label&, rows<payment>) {};
  both.scan<int>("both", of_payment, of_label);
#ifdef ONE_FUNCTION_FOR_TWO
  both.scan<int>("both", of_payment);
#endif
#ifdef FUNCTION_OF_OTHER_INPUT
  both.scan<int>("both", of_label, of_payment);
#endif
#ifdef TWO_PUSHED_RECORDS
  both.scan<int>("both", of_payment, [](int&, const label& l, rows<label> out) { out.push(l); });
#endif
#ifdef MAP_TO_NO_RECORD
  payments.map([](const payment& p) { return plain{p.card}; });
#endif
#ifdef FILTER_WITHOUT_ANSWER
  payments.filter([](const payment&) {});
#endif
#ifdef SINK_INTO_NOTHING
  payments.sink("out", std::string{"out.csv"});
#endif
#ifdef OTHER_KEYS
  payments.key_by(&payment::card)
      .in_event_time_order(&payment::at)
      .with(payments.key_by(&payment::at).in_event_time_order(&payment::at));
#endif
}

}  // namespace

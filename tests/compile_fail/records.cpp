#include <string>
#include <vector>

#include "sluice/sluice.hpp"

namespace {

struct payment {
  std::uint64_t card;
  sluice::instant at;
};
SLUICE_RECORD(payment, card, at);

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
                              const sluice::stream<payment>& others) {
  using namespace sluice;
  payments.merge(others);
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

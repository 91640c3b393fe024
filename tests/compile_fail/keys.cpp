#include "sluice/sluice.hpp"

namespace {

struct payment {
  std::uint64_t card;
  double amount;
  std::string_view country;
};
SLUICE_RECORD(payment, card, amount, country);

struct totals {
  std::uint64_t card;
  std::uint64_t count;
};
SLUICE_RECORD(totals, card, count);

[[maybe_unused]] void compose(sluice::graph& g, const sluice::stream<payment>& payments) {
  using namespace sluice;
  static_cast<void>(g);
  payments.key_by(&payment::card).aggregate<totals>("totals", count());
#ifdef KEY_BY_FRACTION
  payments.key_by(&payment::amount);
#endif
#ifdef SUM_OF_TEXT
  payments.key_by(&payment::card).aggregate("totals", sum(&payment::country));
#endif
#ifdef TWO_RESULTS_NO_RECORD
  payments.key_by(&payment::card).aggregate("totals", count(), sum(&payment::amount));
#endif
#ifdef WRONG_RECORD
  payments.key_by(&payment::card).aggregate<totals>("totals", count(), sum(&payment::amount));
#endif
#ifdef NO_ACCUMULATOR
  payments.key_by(&payment::card).aggregate("totals", emit::final);
#endif
#ifdef NOT_AN_ACCUMULATOR
  payments.key_by(&payment::card).aggregate("totals", 7);
#endif
}

}  // namespace

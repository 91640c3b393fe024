#include "sluice/sluice.hpp"

namespace {

struct payment {
  std::uint64_t card;
  std::string_view country;
};
SLUICE_RECORD(payment, card, country);

struct owned {
  std::uint64_t rows = 0;
  std::string last_country;
};
struct borrowed {
  std::uint64_t rows = 0;
  std::string_view last_country;
};

[[maybe_unused]] void compose(const sluice::stream<payment>& payments) {
  using namespace sluice;
  const auto cards = payments.key_by(&payment::card);
  cards.scan<owned>("last", [](owned& s, const payment& p, rows<payment> out) {
    s.last_country = p.country;
    out.push(p);
  });
#ifdef BORROWED_STATE
  cards.scan<borrowed>("last", [](borrowed& s, const payment& p, rows<payment> out) {
    s.last_country = p.country;
    out.push(p);
  });
#endif
#ifdef BORROWED_REDUCE
  cards.reduce("last", [](payment& so_far, const payment& p) { so_far = p; });
#endif
#ifdef SCAN_WITHOUT_ROWS
  cards.scan<owned>("last", [](owned&, const payment&) {});
#endif
}

}  // namespace

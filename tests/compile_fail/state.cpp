#include "sluice/sluice.hpp"

namespace {

struct payment {
  std::uint64_t card;
  std::string_view country;
};
SLUICE_RECORD(payment, card, country);

struct count_of {
  std::uint64_t card;
  std::uint64_t rows;
};
SLUICE_RECORD(count_of, card, rows);

struct owned {
  std::uint64_t rows = 0;
  std::string last_country;
};
struct borrowed {
  std::uint64_t rows = 0;
  std::string_view last_country;
};

[[maybe_unused]] void compose(const sluice::stream<payment>& payments,
                              const sluice::stream<count_of>& counts) {
  using namespace sluice;
  const auto cards = payments.key_by(&payment::card);
  counts.key_by(&count_of::card).reduce("sum", [](count_of& so_far, const count_of& row) {
    so_far.rows += row.rows;
  });
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
#ifdef REDUCE_ONE_ROW
  counts.key_by(&count_of::card).reduce("sum", [](count_of& so_far) { so_far.rows += 1; });
#endif
#ifdef SCAN_OF_OTHER_RECORD
  cards.scan<owned>("last", [](owned&, const count_of&, rows<payment>) {});
#endif
#ifdef SCAN_WITHOUT_ROWS
  cards.scan<owned>("last", [](owned&, const payment&) {});
#endif
}

}  // namespace

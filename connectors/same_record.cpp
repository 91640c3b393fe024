#include "sluice/connectors/same_record.hpp"

#include <algorithm>

namespace sluice {

namespace {

// Results may carry names of their own: what counts is how the fields are stored.
bool stored_alike(const schema& a, const schema& b) {
  return std::equal(a.fields.begin(), a.fields.end(), b.fields.begin(), b.fields.end(),
                    [](const field_info& x, const field_info& y) {
                      return x.type == y.type && x.optional == y.optional;
                    });
}

}  // namespace

result<void> check_same_record(const schema& expected, const sink_context& at) {
  if (at.fields && stored_alike(*at.fields, expected)) return {};
  const std::string_view got = at.fields ? at.fields->name : "nothing";
  return error{error_code::failed, "sink " + at.stage + " takes records " +
                                       std::string(expected.name) + ", not " + std::string(got)};
}

}  // namespace sluice

#include "sluice/connectors/same_record.hpp"

namespace sluice {

result<void> check_same_record(const schema& expected, const sink_context& at) {
  if (at.fields && at.fields->fields == expected.fields) return {};
  const std::string_view got = at.fields ? at.fields->name : "nothing";
  return error{error_code::failed, "sink " + at.stage + " takes records " +
                                       std::string(expected.name) + ", not " + std::string(got)};
}

}  // namespace sluice

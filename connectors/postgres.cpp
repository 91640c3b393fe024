#include "sluice/connectors/postgres.hpp"

#include "sluice/connectors/copy_text.hpp"
#include "sluice/connectors/flushed_table.hpp"
#include "sluice/connectors/postgres_port.hpp"
#include "sluice/connectors/staging_folder.hpp"
#include "sluice/records/instant.hpp"

namespace sluice::to {

namespace {

// Years 1 to 9999, as they are written and read.
constexpr instant first_time = instant::from_seconds(-62'135'596'800);
constexpr instant behind_last_time = instant::from_seconds(253'402'300'800);

result<void> refuse(const column_batch& rows) {
  for (std::size_t c = 0; c < rows.fields().fields.size(); ++c) {
    if (rows.fields().fields[c].type != column_type::instant) continue;
    for (std::size_t row = 0; row < rows.size(); ++row) {
      const instant time = rows.values<instant>(c)[row];
      if (rows.valid(c, row) && (time < first_time || time >= behind_last_time))
        return refused_value(rows, c, row, "a time outside of the years 1 to 9999");
    }
  }
  return check_texts(rows);
}

}  // namespace

result<std::unique_ptr<sink_writer>> postgres_table::open(const sink_context& at) const {
  auto place = postgres_place(connection_);
  if (!place) return place.failure();
  auto port = std::make_shared<postgres_port>(connection_, std::move(place).value(), table_,
                                              *at.fields, at.stage, at.wait);
  if (auto made = port->make_tables(at.commits); !made) return made.failure();
  const row_format format{.extension = ".rows", .row = append_copy_row};
  if (!at.commits) return std::make_unique<flushed_table>(std::move(port), format, refuse);
  return std::make_unique<committed_table>(committed_table::parts{
      .at = at,
      .format = format,
      .refuse = refuse,
      .folder = staging_folder(staging_.empty() ? at.staging : staging_, at.stage),
      .table = std::move(port)});
}

result<void> postgres_table::try_open(const sink_context& at) const {
  auto place = postgres_place(connection_);
  if (!place) return place.failure();
  return postgres_port{connection_, std::move(place).value(), table_, *at.fields, at.stage, nullptr}
      .check_table();
}

std::string postgres_table::describe() const {
  const auto place = postgres_place(connection_);
  return "postgres table, " + table_ + " of " + (place ? place.value() : "?");
}

}  // namespace sluice::to

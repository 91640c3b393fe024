#include "sluice/connectors/sqlite.hpp"

#include <cerrno>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <system_error>

#include <unistd.h>

#include "sluice/connectors/copy_text.hpp"
#include "sluice/connectors/flushed_table.hpp"
#include "sluice/connectors/sqlite_port.hpp"
#include "sluice/connectors/staging_folder.hpp"
#include "sluice/state/file_descriptor.hpp"

namespace sluice::to {

namespace {

// SQLite's integers are signed; everything else fits.
result<void> refuse(const column_batch& rows) {
  constexpr auto largest = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  for (std::size_t c = 0; c < rows.fields().fields.size(); ++c) {
    if (rows.fields().fields[c].type != column_type::uint64) continue;
    for (std::size_t row = 0; row < rows.size(); ++row)
      if (rows.valid(c, row) && rows.values<std::uint64_t>(c)[row] > largest)
        return refused_value(rows, c, row, "above 9223372036854775807, which SQLite cannot hold");
  }
  return check_texts(rows);
}

}  // namespace

result<std::unique_ptr<sink_writer>> sqlite_table::open(const sink_context& at) const {
  auto port = std::make_shared<sqlite_port>(path_, table_, *at.fields);
  if (auto made = port->make_tables(at.commits); !made) return made.failure();
  const row_format format{.extension = ".rows", .row = append_plain_copy_row};
  if (!at.commits) return std::make_unique<flushed_table>(std::move(port), format, refuse);
  const std::filesystem::path file{path_};
  const auto staging = file.parent_path() / ('.' + file.filename().string() + ".sluice");
  return std::make_unique<committed_table>(
      committed_table::parts{.at = at,
                             .format = format,
                             .refuse = refuse,
                             .folder = staging_folder(staging.string(), at.stage),
                             .table = std::move(port)});
}

result<void> sqlite_table::try_open(const sink_context& at) const {
  std::error_code ignored;
  if (!std::filesystem::exists(path_, ignored)) {
    const std::filesystem::path above = std::filesystem::path{path_}.parent_path();
    const std::string folder = above.empty() ? "." : above.string();
    if (::access(folder.c_str(), W_OK) != 0) return os_error("cannot make " + path_, errno);
    return {};
  }
  if (::access(path_.c_str(), W_OK) != 0) return os_error("cannot write " + path_, errno);
  auto database = sqlite_database::open(path_, sqlite_database::access::read);
  if (!database) return database.failure();
  auto columns = sqlite_columns_of(database.value(), table_);
  if (!columns) return columns.failure();
  if (columns.value().empty()) return {};
  return check_columns(path_, table_, *at.fields, columns.value(), sqlite_columns);
}

}  // namespace sluice::to

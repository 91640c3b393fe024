#include "sluice/connectors/sqlite_port.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>

#include "sluice/connectors/copy_text.hpp"
#include "sluice/messages/job_text.hpp"

namespace sluice {

namespace {

// Where somebody tries again, and may be told that the run ends; and where nobody does.
constexpr std::chrono::milliseconds short_lock_wait{250}, long_lock_wait{5000};

enum class affinity { integer, text, blob, real, numeric };

// How SQLite reads a declared type (datatype3.html, 3.1).
affinity affinity_of(std::string_view declared) {
  std::string type{declared};
  std::transform(type.begin(), type.end(), type.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  const auto has = [&](const char* word) { return type.find(word) != std::string::npos; };
  if (has("INT")) return affinity::integer;
  if (has("CHAR") || has("CLOB") || has("TEXT")) return affinity::text;
  if (has("BLOB") || type.empty()) return affinity::blob;
  if (has("REAL") || has("FLOA") || has("DOUB")) return affinity::real;
  return affinity::numeric;
}

bool is_float(const field_info& field) {
  return field.type == column_type::float32 || field.type == column_type::float64;
}

std::string declared(const field_info& field) {
  return field.type == column_type::text ? "TEXT" : is_float(field) ? "REAL" : "INTEGER";
}

bool holds(const field_info& field, std::string_view type) {
  const affinity how = affinity_of(type);
  if (field.type == column_type::text) return how == affinity::text;
  if (is_float(field)) return how == affinity::real;
  return how == affinity::integer || how == affinity::numeric;
}

// A number as it was staged; it was written by us.
template <class V>
V number(std::string_view text) {
  V value{};
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

}  // namespace

const column_dialect sqlite_columns{.declared = declared, .holds = holds, .may_be_null = is_float};

result<std::vector<table_column>> sqlite_columns_of(sqlite_database& database,
                                                    const std::string& table) {
  auto kind = database.prepare("SELECT type FROM sqlite_master WHERE name = ?1");
  if (!kind) return kind.failure();
  kind.value().bind(0, std::string_view{table});
  auto there = kind.value().step();
  if (!there) return there.failure();
  if (!there.value()) return std::vector<table_column>{};
  if (kind.value().text(0) != "table")
    return error{error_code::failed, table + " is a " + kind.value().text(0) + ", not a table"};
  auto listed = database.prepare(
      "SELECT name, type, \"notnull\" OR pk > 0, dflt_value IS NOT NULL, hidden, "
      "pk > 0 AND upper(type) = 'INTEGER' FROM pragma_table_xinfo(?1)");
  if (!listed) return listed.failure();
  auto& list = listed.value();
  list.bind(0, std::string_view{table});
  std::vector<table_column> columns;
  for (;;) {
    auto more = list.step();
    if (!more) return more.failure();
    if (!more.value()) return columns;
    // An INTEGER PRIMARY KEY is the number of the row, which SQLite gives itself.
    columns.push_back({.name = list.text(0),
                       .type = list.text(1),
                       .always = list.integer(2) != 0,
                       .has_default = list.integer(3) != 0 || list.integer(5) != 0,
                       .is_generated = list.integer(4) != 0});
  }
}

result<void> sqlite_port::make_tables(bool with_epochs) {
  auto opened = sqlite_database::open(path_, sqlite_database::access::write);
  if (!opened) return opened.failure();
  auto& database = opened.value();
  auto columns = sqlite_columns_of(database, table_);
  if (!columns) return columns.failure();
  auto made = columns.value().empty()
                  ? database.run("CREATE TABLE IF NOT EXISTS " + quoted_name(table_) + " (" +
                                 declared_columns(fields_, sqlite_columns) + ')')
                  : check_columns(path_, table_, fields_, columns.value(), sqlite_columns);
  if (!made || !with_epochs) return made;
  return database.run(
      "CREATE TABLE IF NOT EXISTS sluice_epochs (job TEXT NOT NULL, sink TEXT NOT NULL, "
      "instance INTEGER NOT NULL, generation INTEGER NOT NULL, epoch INTEGER NOT NULL, "
      "PRIMARY KEY (job, sink, instance)) WITHOUT ROWID");
}

result<void> sqlite_port::begin(std::chrono::seconds longest) {
  cut_.clear();
  if (!database_) {
    auto opened = sqlite_database::open(path_, sqlite_database::access::write);
    if (!opened) return opened.failure();
    database_ = std::make_unique<sqlite_database>(std::move(opened).value());
  }
  database_->wait_for_locks(longest.count() == 0 ? short_lock_wait : long_lock_wait);
  return database_->run("BEGIN IMMEDIATE");
}

result<std::vector<epoch_row>> sqlite_port::rows(const job_id& job, const std::string& sink,
                                                 std::optional<std::size_t> instance) {
  auto asked = database_->prepare(
      "SELECT instance, generation, epoch FROM sluice_epochs WHERE job = ?1 AND sink = ?2 AND "
      "(?3 IS NULL OR instance = ?3) ORDER BY instance");
  if (!asked) return asked.failure();
  auto& list = asked.value();
  const std::string name = text_of(job);
  list.bind(0, std::string_view{name});
  list.bind(1, std::string_view{sink});
  if (instance) list.bind(2, static_cast<std::int64_t>(*instance));
  std::vector<epoch_row> found;
  for (;;) {
    auto more = list.step();
    if (!more) return more.failure();
    if (!more.value()) return found;
    found.push_back({.instance = static_cast<std::size_t>(list.integer(0)),
                     .generation = {static_cast<std::uint64_t>(list.integer(1))},
                     .epoch = {static_cast<std::uint64_t>(list.integer(2))}});
  }
}

result<bool> sqlite_port::put(const job_id& job, const std::string& sink, const epoch_row& row) {
  auto asked = database_->prepare(
      "INSERT INTO sluice_epochs VALUES (?1, ?2, ?3, ?4, ?5) "
      "ON CONFLICT (job, sink, instance) DO UPDATE SET generation = excluded.generation, "
      "epoch = excluded.epoch WHERE generation <= excluded.generation");
  if (!asked) return asked.failure();
  const std::string name = text_of(job);
  asked.value().bind(0, std::string_view{name});
  asked.value().bind(1, std::string_view{sink});
  asked.value().bind(2, static_cast<std::int64_t>(row.instance));
  asked.value().bind(3, static_cast<std::int64_t>(row.generation.value));
  asked.value().bind(4, static_cast<std::int64_t>(row.epoch.value));
  auto done = asked.value().step();
  if (!done) return done.failure();
  return database_->changes() == 1;
}

result<void> sqlite_port::insert(std::string_view bytes) {
  for (std::size_t end; (end = bytes.find('\n')) != std::string_view::npos;
       bytes.remove_prefix(end + 1)) {
    std::string_view line = bytes.substr(0, end);
    if (!cut_.empty()) line = cut_ += line;
    auto inserted = insert_line(line);
    cut_.clear();
    if (!inserted) return inserted;
  }
  cut_ += bytes;
  return {};
}

result<void> sqlite_port::insert_line(std::string_view line) {
  if (!into_) {
    std::string places;
    for (std::size_t c = 0; c < fields_.fields.size(); ++c) places += c == 0 ? "?" : ", ?";
    auto made = database_->prepare("INSERT INTO " + quoted_name(table_) + " (" +
                                   named_columns(fields_) + ") VALUES (" + places + ')');
    if (!made) return made.failure();
    into_ = std::make_unique<sqlite_database::statement>(std::move(made).value());
  }
  copy_fields fields{line};
  int c = 0;
  for (const field_info& field : fields_.fields) {
    if (!fields.next())
      return error{error_code::needs_decision, "a staged row has too few fields: " + path_};
    if (fields.absent())
      into_->bind_null(c);
    else if (field.type == column_type::text)
      into_->bind(c, fields.text());
    else if (field.type == column_type::float32)
      into_->bind(c, static_cast<double>(number<float>(fields.text())));
    else if (field.type == column_type::float64)
      into_->bind(c, number<double>(fields.text()));
    else
      into_->bind(c, number<std::int64_t>(fields.text()));
    ++c;
  }
  auto done = into_->step();
  into_->reset();
  if (!done) return done.failure();
  return {};
}

result<void> sqlite_port::commit() { return database_->run("COMMIT"); }

// A new connection begins without what the old one may still hold.
void sqlite_port::rollback() {
  into_.reset();
  database_.reset();
}

}  // namespace sluice

#include "sluice/connectors/postgres_port.hpp"

#include <algorithm>
#include <cstdlib>

#include "sluice/messages/job_text.hpp"

namespace sluice {

namespace {

constexpr std::chrono::seconds checking{30};

// The types that hold every value of a field; the first one is what a new column gets.
std::vector<std::string_view> types_for(column_type type) {
  switch (type) {
    case column_type::boolean:
      return {"boolean"};
    case column_type::int8:
    case column_type::int16:
    case column_type::uint8:
      return {"smallint", "integer", "bigint", "numeric"};
    case column_type::int32:
    case column_type::uint16:
      return {"integer", "bigint", "numeric"};
    case column_type::int64:
    case column_type::uint32:
      return {"bigint", "numeric"};
    case column_type::uint64:
      return {"numeric(20,0)", "numeric"};
    case column_type::float32:
      return {"real", "double precision"};
    case column_type::float64:
      return {"double precision"};
    case column_type::instant:
      return {"timestamp with time zone"};
    case column_type::text:
      return {"text", "character varying"};
  }
  return {};
}

std::string declared(const field_info& field) { return std::string{types_for(field.type).front()}; }

bool holds(const field_info& field, std::string_view type) {
  const auto fitting = types_for(field.type);
  return std::find(fitting.begin(), fitting.end(), type) != fitting.end();
}

std::uint64_t number(const std::optional<std::string>& text) {
  return text ? std::strtoull(text->c_str(), nullptr, 10) : 0;
}

bool is_true(const std::optional<std::string>& text) { return text && *text == "t"; }

}  // namespace

const column_dialect postgres_columns{
    .declared = declared, .holds = holds, .may_be_null = [](const field_info&) { return false; }};

postgres_port::postgres_port(std::string conninfo, std::string place, std::string table,
                             const schema& fields, std::string stage,
                             std::shared_ptr<outside_wait> wait)
    : conninfo_(std::move(conninfo)),
      place_(std::move(place)),
      shown_(std::move(table)),
      fields_(fields),
      stage_(std::move(stage)),
      wait_(std::move(wait)) {
  const std::size_t dot = shown_.find('.');
  if (dot == std::string::npos) {
    table_ = quoted_name(shown_);
    epochs_ = "sluice_epochs";
  } else {
    const std::string in = quoted_name(shown_.substr(0, dot)) + '.';
    table_ = in + quoted_name(shown_.substr(dot + 1));
    epochs_ = in + "sluice_epochs";
  }
}

// Without an end only as long as the run goes on: somebody must be told, and able to end it.
postgres_connection::patience postgres_port::patience() {
  return [this](std::chrono::milliseconds time) {
    if (endless_) return wait_->waited(stage_, place_ + ": no answer", time);
    left_ -= std::min(left_, time);
    return left_.count() > 0;
  };
}

error postgres_port::with_place(const error& why) const {
  return {why.code, place_ + ": " + why.message};
}

result<void> postgres_port::connect(std::chrono::seconds longest) {
  endless_ = longest.count() == 0 && wait_ != nullptr;
  left_ = longest.count() == 0 ? checking : longest;
  if (connection_) return {};
  auto made = postgres_connection::open(conninfo_, patience());
  if (!made) return with_place(made.failure());
  connection_.emplace(std::move(made).value());
  return {};
}

result<bool> postgres_port::table_is_there() {
  auto found = connection_->ask("SELECT to_regclass($1) IS NOT NULL", {table_}, patience());
  if (!found) return with_place(found.failure());
  return is_true(found.value().rows.at(0).at(0));
}

result<void> postgres_port::check_table() {
  if (auto connected = connect(checking); !connected) return connected;
  auto there = table_is_there();
  if (!there) return there.failure();
  if (!there.value()) {
    const std::size_t dot = shown_.find('.');
    const auto in = dot == std::string::npos ? std::nullopt : std::optional{shown_.substr(0, dot)};
    auto may = connection_->ask(
        "SELECT coalesce((SELECT has_schema_privilege(oid, 'CREATE') FROM pg_namespace "
        "WHERE nspname = coalesce($1, current_schema())), false)",
        {in}, patience());
    if (!may) return with_place(may.failure());
    if (is_true(may.value().rows.at(0).at(0))) return {};
    return error{error_code::refused,
                 place_ + ": there is no table " + shown_ + ", and it may not be made"};
  }
  auto listed = connection_->ask(
      "SELECT attname, format_type(atttypid, atttypmod), attnotnull, "
      "atthasdef OR attidentity <> '', attgenerated <> '' OR attidentity = 'a', "
      "has_table_privilege(attrelid, 'INSERT'), "
      "(SELECT relkind FROM pg_class WHERE oid = attrelid) IN ('r', 'p') "
      "FROM pg_attribute WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped",
      {table_}, patience());
  if (!listed) return with_place(listed.failure());
  std::vector<table_column> columns;
  for (const auto& row : listed.value().rows) {
    if (!is_true(row.at(6))) return error{error_code::failed, place_ + ": not a table: " + shown_};
    if (!is_true(row.at(5)))
      return error{error_code::refused, place_ + ": no permission to insert into " + shown_};
    columns.push_back({.name = *row.at(0),
                       .type = *row.at(1),
                       .always = is_true(row.at(2)),
                       .has_default = is_true(row.at(3)),
                       .is_generated = is_true(row.at(4))});
  }
  return check_columns(place_, shown_, fields_, columns, postgres_columns);
}

// Two that make it at the same moment may both be refused what only one of them does.
result<void> postgres_port::make(const std::string& table, const std::string& columns) {
  const std::string sql = "CREATE TABLE IF NOT EXISTS " + table + " (" + columns + ')';
  auto made = connection_->run(sql, patience());
  if (!made && made.failure().code == error_code::failed) made = connection_->run(sql, patience());
  return made ? made : result<void>{with_place(made.failure())};
}

result<void> postgres_port::make_tables(bool with_epochs) {
  if (auto checked = check_table(); !checked) return checked;
  auto made = make(table_, declared_columns(fields_, postgres_columns));
  if (!made || !with_epochs) return made;
  return make(epochs_,
              "job text, sink text, instance bigint, generation bigint NOT NULL, "
              "epoch bigint NOT NULL, PRIMARY KEY (job, sink, instance)");
}

result<void> postgres_port::begin(std::chrono::seconds longest) {
  if (auto connected = connect(longest); !connected) return connected;
  auto begun = connection_->run("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE", patience());
  return begun ? begun : result<void>{with_place(begun.failure())};
}

result<std::vector<epoch_row>> postgres_port::rows(const job_id& job, const std::string& sink,
                                                   std::optional<std::size_t> instance) {
  auto found = connection_->ask(
      "SELECT instance, generation, epoch FROM " + epochs_ +
          " WHERE job = $1 AND sink = $2 AND ($3::bigint IS NULL OR instance = $3::bigint) "
          "ORDER BY instance FOR UPDATE",
      {text_of(job), sink,
       instance ? std::optional{std::to_string(*instance)} : std::optional<std::string>{}},
      patience());
  if (!found) return with_place(found.failure());
  std::vector<epoch_row> all;
  for (const auto& row : found.value().rows)
    all.push_back({.instance = static_cast<std::size_t>(number(row.at(0))),
                   .generation = {number(row.at(1))},
                   .epoch = {number(row.at(2))}});
  return all;
}

result<bool> postgres_port::put(const job_id& job, const std::string& sink, const epoch_row& row) {
  auto done = connection_->ask(
      "INSERT INTO " + epochs_ +
          " AS known VALUES ($1, $2, $3, $4, $5) ON CONFLICT (job, sink, instance) DO UPDATE SET "
          "generation = excluded.generation, epoch = excluded.epoch "
          "WHERE known.generation <= excluded.generation",
      {text_of(job), sink, std::to_string(row.instance), std::to_string(row.generation.value),
       std::to_string(row.epoch.value)},
      patience());
  if (!done) return with_place(done.failure());
  return done.value().changed == 1;
}

result<void> postgres_port::insert(std::string_view bytes) {
  const auto located = [&](result<void> done) {
    return done ? done : result<void>{with_place(done.failure())};
  };
  if (!copying_ && bytes.empty()) return {};
  if (!copying_) {
    auto begun = connection_->run("COPY " + table_ + " (" + named_columns(fields_) + ") FROM STDIN",
                                  patience());
    if (!begun) return located(begun);
    copying_ = true;
  }
  if (!bytes.empty()) return located(connection_->copy(bytes, patience()));
  copying_ = false;
  return located(connection_->end_copy(patience()));
}

result<void> postgres_port::commit() {
  auto done = connection_->run("COMMIT", patience());
  return done ? done : result<void>{with_place(done.failure())};
}

// The server ends the transaction of a connection that is gone. A live one is kept if it can be.
void postgres_port::rollback() {
  if (!connection_) return;
  left_ = checking;
  if (std::exchange(copying_, false) || !connection_->run("ROLLBACK", patience()))
    connection_.reset();
}

}  // namespace sluice

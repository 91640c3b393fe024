#include "sluice/connectors/sqlite_database.hpp"

#include <utility>

#include <sqlite3.h>

namespace sluice {

namespace {

constexpr std::chrono::milliseconds first_lock_wait{5000};

error_code code_of(int what) {
  switch (what & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_IOERR:
      return error_code::unavailable;
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_READONLY:
    case SQLITE_AUTH:
      return error_code::refused;
    case SQLITE_FULL:
      return error_code::no_space;
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
      return error_code::malformed;
    default:
      return error_code::failed;
  }
}

}  // namespace

void sqlite_database::close::operator()(sqlite3* database) const { sqlite3_close_v2(database); }

void sqlite_database::statement::finalize::operator()(sqlite3_stmt* statement) const {
  sqlite3_finalize(statement);
}

error sqlite_database::last_error() const {
  if (!handle_) return {error_code::failed, path_ + ": out of memory"};
  return {code_of(sqlite3_extended_errcode(handle_.get())),
          path_ + ": " + sqlite3_errmsg(handle_.get())};
}

result<sqlite_database> sqlite_database::open(const std::string& path, access how) {
  sqlite_database made{path};
  sqlite3* opened = nullptr;
  const int flags =
      how == access::read ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  const int problem = sqlite3_open_v2(path.c_str(), &opened, flags, nullptr);
  made.handle_.reset(opened);
  if (problem != SQLITE_OK) return made.last_error();
  sqlite3_extended_result_codes(opened, 1);
  made.wait_for_locks(first_lock_wait);
  if (how == access::read) return made;
  auto wal = made.prepare("PRAGMA journal_mode=WAL");
  if (!wal) return wal.failure();
  auto row = wal.value().step();
  if (!row) return row.failure();
  if (!row.value() || wal.value().text(0) != "wal")
    return error{error_code::failed, path + ": cannot be set to journal_mode=WAL"};
  wal.value().reset();
  if (auto set = made.run("PRAGMA synchronous=FULL"); !set) return set.failure();
  return made;
}

void sqlite_database::wait_for_locks(std::chrono::milliseconds longest) {
  sqlite3_busy_timeout(handle_.get(), static_cast<int>(longest.count()));
}

result<void> sqlite_database::run(const std::string& sql) {
  if (sqlite3_exec(handle_.get(), sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
    return last_error();
  return {};
}

result<sqlite_database::statement> sqlite_database::prepare(const std::string& sql) {
  sqlite3_stmt* made = nullptr;
  if (sqlite3_prepare_v2(handle_.get(), sql.c_str(), -1, &made, nullptr) != SQLITE_OK)
    return last_error();
  statement one;
  one.handle_.reset(made);
  one.on_ = this;
  return one;
}

std::int64_t sqlite_database::changes() const { return sqlite3_changes(handle_.get()); }

// Binding fails only for want of memory or a parameter that is not there; `step` then says so.
void sqlite_database::statement::bind(int parameter, std::int64_t value) {
  sqlite3_bind_int64(handle_.get(), parameter + 1, value);
}
void sqlite_database::statement::bind(int parameter, double value) {
  sqlite3_bind_double(handle_.get(), parameter + 1, value);
}
void sqlite_database::statement::bind(int parameter, std::string_view value) {
  sqlite3_bind_text(handle_.get(), parameter + 1, value.data(), static_cast<int>(value.size()),
                    SQLITE_TRANSIENT);
}
void sqlite_database::statement::bind_null(int parameter) {
  sqlite3_bind_null(handle_.get(), parameter + 1);
}

result<bool> sqlite_database::statement::step() {
  const int what = sqlite3_step(handle_.get());
  if (what == SQLITE_ROW) return true;
  if (what == SQLITE_DONE) return false;
  return on_->last_error();
}

void sqlite_database::statement::reset() { sqlite3_reset(handle_.get()); }

std::int64_t sqlite_database::statement::integer(int column) const {
  return sqlite3_column_int64(handle_.get(), column);
}
std::string sqlite_database::statement::text(int column) const {
  const auto* bytes = sqlite3_column_text(handle_.get(), column);
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(handle_.get(), column));
  return bytes ? std::string(reinterpret_cast<const char*>(bytes), size) : std::string{};
}
bool sqlite_database::statement::is_null(int column) const {
  return sqlite3_column_type(handle_.get(), column) == SQLITE_NULL;
}

}  // namespace sluice

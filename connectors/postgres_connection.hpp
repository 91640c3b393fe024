#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sluice/records/result.hpp"

struct pg_conn;
struct pg_result;

namespace sluice {

/// A connection to a PostgreSQL server. No call blocks longer than it is allowed to: whatever waits
/// for the server asks `patience` every tenth of a second. Used by one thread at a time. After an
/// error that is no answer of the server the connection is closed.
class postgres_connection {
 public:
  /// Told how long has been waited since it was last asked; false: wait no longer.
  using patience = std::function<bool(std::chrono::milliseconds)>;

  /// `conninfo` as libpq reads it: `host=… dbname=…` or `postgresql://…`, and `PG…` in the
  /// environment. The session is set to UTF-8; a commit in it is durable once answered; left within
  /// a transaction for ten seconds the server ends it, so that a stopped process holds no locks.
  static result<postgres_connection> open(const std::string& conninfo, const patience& wait);

  /// One or more statements without results.
  result<void> run(const std::string& sql, const patience& wait);
  /// One statement with parameters `$1`, …, as text; nothing: NULL. Returns its rows, as text, and
  /// how many rows it changed.
  struct answer {
    std::vector<std::vector<std::optional<std::string>>> rows;
    std::int64_t changed = 0;
  };
  result<answer> ask(const std::string& sql,
                     const std::vector<std::optional<std::string>>& parameters,
                     const patience& wait);

  /// Between `COPY … FROM STDIN` by `run` and the end of it.
  result<void> copy(std::string_view bytes, const patience& wait);
  result<void> end_copy(const patience& wait);

 private:
  struct finish {
    void operator()(pg_conn* connection) const;
  };
  struct clear {
    void operator()(pg_result* answer) const;
  };
  using answer_ptr = std::unique_ptr<pg_result, clear>;

  error lost(const std::string& what);
  result<void> wait_for(bool to_write, const patience& wait);
  result<void> send_all(const patience& wait);
  result<answer_ptr> last_answer(const patience& wait);

  std::unique_ptr<pg_conn, finish> handle_;
};

/// What may be said about `conninfo` to anybody: `alerts on db.example.org`, never a password.
/// Errors: it is not a connection string.
result<std::string> postgres_place(const std::string& conninfo);

}  // namespace sluice

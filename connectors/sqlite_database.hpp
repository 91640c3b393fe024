#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "sluice/records/result.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace sluice {

/// A connection to an SQLite database. Used by one thread at a time.
class sqlite_database {
 public:
  enum class access { read, write };
  /// Opens it; with `write`, made if it is not there, in WAL mode and synchronous=FULL. Calls wait
  /// up to five seconds for a lock.
  static result<sqlite_database> open(const std::string& path, access how);

  void wait_for_locks(std::chrono::milliseconds longest);
  /// One statement without results.
  result<void> run(const std::string& sql);

  /// A prepared statement. Parameters and columns are numbered from 0.
  class statement {
   public:
    void bind(int parameter, std::int64_t value);
    void bind(int parameter, double value);
    void bind(int parameter, std::string_view value);  ///< Copied.
    void bind_null(int parameter);
    /// True if there is a row, false at the end.
    result<bool> step();
    void reset();

    std::int64_t integer(int column) const;
    std::string text(int column) const;  ///< Empty for NULL.
    bool is_null(int column) const;

   private:
    friend class sqlite_database;
    struct finalize {
      void operator()(sqlite3_stmt* statement) const;
    };
    std::unique_ptr<sqlite3_stmt, finalize> handle_;
    const sqlite_database* on_ = nullptr;
  };
  result<statement> prepare(const std::string& sql);
  /// Rows changed by the last statement.
  std::int64_t changes() const;

 private:
  struct close {
    void operator()(sqlite3* database) const;
  };
  explicit sqlite_database(std::string path) : path_(std::move(path)) {}
  error last_error() const;

  std::string path_;
  std::unique_ptr<sqlite3, close> handle_;
};

}  // namespace sluice

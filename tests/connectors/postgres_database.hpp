#pragma once

#include <cstdlib>
#include <stdexcept>
#include <string>
#include <vector>

#include "sluice/connectors/postgres_connection.hpp"

namespace sluice::test {

/// The server of the test program, which tests/support/postgres_server.py has started.
inline std::string postgres_conninfo() {
  const char* conninfo = std::getenv("SLUICE_TEST_POSTGRES");
  if (!conninfo) throw std::runtime_error("no server: run it by tests/support/postgres_server.py");
  return conninfo;
}

/// A schema of a test's own, looked at through a connection of its own; dropped at the end.
class postgres_database {
 public:
  postgres_database() : connection_(connect()) {
    static int count = 0;
    name_ = "test_" + std::to_string(++count);
    run("DROP SCHEMA IF EXISTS " + name_ + " CASCADE; CREATE SCHEMA " + name_);
  }
  ~postgres_database() {
    static_cast<void>(connection_.run("DROP SCHEMA " + name_ + " CASCADE", patience));
  }
  postgres_database(const postgres_database&) = delete;
  postgres_database& operator=(const postgres_database&) = delete;

  /// `test_1.NAME`
  std::string table(const std::string& name) const { return name_ + '.' + name; }

  void run(const std::string& sql) {
    if (auto done = connection_.run(sql, patience); !done)
      throw std::runtime_error(done.failure().message);
  }
  /// The rows of a statement, fields joined by `|`, NULL as nothing.
  std::vector<std::string> ask(const std::string& sql) {
    auto found = connection_.ask(sql, {}, patience);
    if (!found) throw std::runtime_error(found.failure().message);
    std::vector<std::string> lines;
    for (const auto& row : found.value().rows) {
      std::string line;
      for (const auto& field : row) line += (&field == row.data() ? "" : "|") + field.value_or("");
      lines.push_back(line);
    }
    return lines;
  }
  postgres_connection& connection() { return connection_; }

  static bool patience(std::chrono::milliseconds) { return true; }

 private:
  static postgres_connection connect() {
    auto made = postgres_connection::open(postgres_conninfo(), patience);
    if (!made) throw std::runtime_error(made.failure().message);
    return std::move(made).value();
  }

  postgres_connection connection_;
  std::string name_;
};

}  // namespace sluice::test

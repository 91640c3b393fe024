#include "sluice/connectors/postgres_connection.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <map>
#include <utility>

#include <libpq-fe.h>
#include <poll.h>

namespace sluice {

namespace {

constexpr std::chrono::milliseconds look_every{100};

// libpq ends its messages with a line end and may say several lines.
std::string one_line(const char* message) {
  std::string line{message ? message : ""};
  while (!line.empty() && line.back() == '\n') line.pop_back();
  for (std::size_t at; (at = line.find('\n')) != std::string::npos;) line.replace(at, 1, "; ");
  std::replace(line.begin(), line.end(), '\t', ' ');
  return line;
}

// What the server says is wrong, without the place in our statement.
std::string said_by(const pg_result* answer) {
  const char* what = PQresultErrorField(answer, PG_DIAG_MESSAGE_PRIMARY);
  if (!what) return one_line(PQresultErrorMessage(answer));
  const char* detail = PQresultErrorField(answer, PG_DIAG_MESSAGE_DETAIL);
  return one_line(what) + (detail ? " (" + one_line(detail) + ')' : "");
}

}  // namespace

void postgres_connection::finish::operator()(pg_conn* connection) const { PQfinish(connection); }
void postgres_connection::clear::operator()(pg_result* answer) const { PQclear(answer); }

// Nothing is known of what the server has done: the connection is of no more use.
error postgres_connection::lost(const std::string& what) {
  std::string why = handle_ ? one_line(PQerrorMessage(handle_.get())) : "";
  handle_.reset();
  return {error_code::unavailable, what + (why.empty() ? "" : ": " + why)};
}

result<void> postgres_connection::wait_for(bool to_write, const patience& wait) {
  pollfd socket{PQsocket(handle_.get()), static_cast<short>(POLLIN | (to_write ? POLLOUT : 0)), 0};
  if (socket.fd < 0) return lost("the connection to the server is lost");
  if (::poll(&socket, 1, static_cast<int>(look_every.count())) != 0) return {};
  if (wait(look_every)) return {};
  return lost("no answer of the server");
}

result<postgres_connection> postgres_connection::open(const std::string& conninfo,
                                                      const patience& wait) {
  // What stands before the string is overridden by it, what stands behind overrides it.
  const std::array names{"fallback_application_name", "tcp_user_timeout",
                         "keepalives_idle",           "keepalives_interval",
                         "keepalives_count",          "dbname",
                         "client_encoding",           static_cast<const char*>(nullptr)};
  const std::array values{"sluice", "30000",          "10",   "5",
                          "3",      conninfo.c_str(), "UTF8", static_cast<const char*>(nullptr)};
  postgres_connection made;
  made.handle_.reset(PQconnectStartParams(names.data(), values.data(), /*expand_dbname=*/1));
  if (!made.handle_) return made.lost("cannot connect");
  PQsetNoticeProcessor(
      made.handle_.get(), [](void*, const char*) {}, nullptr);
  for (auto state = PGRES_POLLING_WRITING; state != PGRES_POLLING_OK;) {
    if (PQstatus(made.handle_.get()) == CONNECTION_BAD) return made.lost("cannot connect");
    if (PQsocket(made.handle_.get()) >= 0) {
      pollfd socket{PQsocket(made.handle_.get()),
                    static_cast<short>(state == PGRES_POLLING_WRITING ? POLLOUT : POLLIN), 0};
      const int ready = ::poll(&socket, 1, static_cast<int>(look_every.count()));
      if (ready == 0 && !wait(look_every)) return made.lost("cannot connect: no answer");
      if (ready <= 0) continue;
    }
    state = PQconnectPoll(made.handle_.get());
    if (state == PGRES_POLLING_FAILED) return made.lost("cannot connect");
  }
  if (PQsetnonblocking(made.handle_.get(), 1) != 0) return made.lost("cannot connect");
  auto set = made.run(
      "SET idle_in_transaction_session_timeout = '10s'; "
      "SELECT set_config('synchronous_commit', 'on', false) "
      "WHERE current_setting('synchronous_commit') = 'off'",
      wait);
  if (!set) return set.failure();
  return made;
}

result<void> postgres_connection::send_all(const patience& wait) {
  for (;;) {
    const int left = PQflush(handle_.get());
    if (left == 0) return {};
    if (left < 0) return lost("cannot write to the server");
    if (auto ready = wait_for(/*to_write=*/true, wait); !ready) return ready;
    if (PQconsumeInput(handle_.get()) == 0) return lost("the connection to the server is lost");
  }
}

// The answer to the last statement; that of an earlier one if it failed.
result<postgres_connection::answer_ptr> postgres_connection::last_answer(const patience& wait) {
  if (auto sent = send_all(wait); !sent) return sent.failure();
  answer_ptr last;
  for (;;) {
    while (PQisBusy(handle_.get())) {
      if (auto ready = wait_for(/*to_write=*/false, wait); !ready) return ready.failure();
      if (PQconsumeInput(handle_.get()) == 0) return lost("the connection to the server is lost");
    }
    answer_ptr next{PQgetResult(handle_.get())};
    if (!next) break;
    last = std::move(next);
    const auto status = PQresultStatus(last.get());
    if (status == PGRES_COPY_IN || status == PGRES_FATAL_ERROR) break;
  }
  if (!last) return lost("the server has not answered");
  if (PQresultStatus(last.get()) != PGRES_FATAL_ERROR) return last;
  const error why{error_code::failed, said_by(last.get())};
  if (PQstatus(handle_.get()) == CONNECTION_BAD) return lost(why.message);
  while (answer_ptr rest{PQgetResult(handle_.get())}) {
  }
  return why;
}

result<void> postgres_connection::run(const std::string& sql, const patience& wait) {
  if (!handle_) return error{error_code::unavailable, "not connected"};
  if (PQsendQuery(handle_.get(), sql.c_str()) == 0) return lost("cannot write to the server");
  auto last = last_answer(wait);
  if (!last) return last.failure();
  return {};
}

result<postgres_connection::answer> postgres_connection::ask(
    const std::string& sql, const std::vector<std::optional<std::string>>& parameters,
    const patience& wait) {
  if (!handle_) return error{error_code::unavailable, "not connected"};
  std::vector<const char*> values;
  for (const auto& one : parameters) values.push_back(one ? one->c_str() : nullptr);
  if (PQsendQueryParams(handle_.get(), sql.c_str(), static_cast<int>(values.size()), nullptr,
                        values.data(), nullptr, nullptr, 0) == 0)
    return lost("cannot write to the server");
  auto last = last_answer(wait);
  if (!last) return last.failure();
  const pg_result* from = last.value().get();
  answer all;
  all.changed = std::atoll(PQcmdTuples(last.value().get()));
  for (int row = 0; row < PQntuples(from); ++row) {
    auto& fields = all.rows.emplace_back();
    for (int c = 0; c < PQnfields(from); ++c) {
      const auto size = static_cast<std::size_t>(PQgetlength(from, row, c));
      fields.push_back(PQgetisnull(from, row, c)
                           ? std::nullopt
                           : std::optional{std::string(PQgetvalue(from, row, c), size)});
    }
  }
  return all;
}

result<void> postgres_connection::copy(std::string_view bytes, const patience& wait) {
  while (!bytes.empty()) {
    constexpr std::size_t most = 1 << 20;
    const std::string_view next = bytes.substr(0, most);
    const int taken = PQputCopyData(handle_.get(), next.data(), static_cast<int>(next.size()));
    if (taken < 0) return lost("cannot write to the server");
    if (taken > 0) {
      bytes.remove_prefix(next.size());
    } else if (auto ready = wait_for(/*to_write=*/true, wait); !ready) {
      return ready;
    }
    if (auto sent = send_all(wait); !sent) return sent;
  }
  return {};
}

result<void> postgres_connection::end_copy(const patience& wait) {
  for (int taken = 0; taken == 0;) {
    taken = PQputCopyEnd(handle_.get(), nullptr);
    if (taken < 0) return lost("cannot write to the server");
    if (taken > 0) break;
    if (auto ready = wait_for(/*to_write=*/true, wait); !ready) return ready;
  }
  auto last = last_answer(wait);
  if (!last) return last.failure();
  return {};
}

result<std::string> postgres_place(const std::string& conninfo) {
  char* message = nullptr;
  const std::unique_ptr<PQconninfoOption, void (*)(PQconninfoOption*)> options{
      PQconninfoParse(conninfo.c_str(), &message), &PQconninfoFree};
  if (!options) {
    const std::string why = one_line(message);
    PQfreemem(message);
    return error{error_code::failed, "not a connection string of PostgreSQL: " + why};
  }
  std::map<std::string, std::string> given;
  for (const PQconninfoOption* one = options.get(); one->keyword; ++one)
    if (one->val) given[one->keyword] = one->val;
  const auto value = [&](const char* name, const char* otherwise) {
    return given.contains(name) ? given[name] : std::string{otherwise};
  };
  return value("dbname", "the default database") + " on " +
         value("host", value("hostaddr", "this machine").c_str());
}

}  // namespace sluice

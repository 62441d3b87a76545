#include "services/todo/database_connection.h"

#include <sys/socket.h>

#include <cerrno>
#include <functional>
#include <pqxx/except>
#include <pqxx/nontransaction>
#include <pqxx/notification>
#include <pqxx/prepared_statement>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace todo {
namespace {

// FNV-1a, 64 bits.
uint64_t Fingerprint(std::string_view text) {
  uint64_t hash = 0xcbf29ce484222325;
  for (const char c : text) hash = (hash ^ static_cast<uint8_t>(c)) * 0x100000001b3;
  return hash;
}

std::vector<const char*> ToValues(const Parameters& parameters) {
  std::vector<const char*> values;
  values.reserve(parameters.size());
  for (const auto& parameter : parameters) values.push_back(parameter ? parameter->c_str() : nullptr);
  return values;
}

bool HasLostStatement(const pqxx::sql_error& error) {
  return error.sqlstate() == "26000" || error.sqlstate() == "42P05";
}

// The name of the constraint that was broken, as " (constraint NAME)"; empty where the message has none. Of
// PostgreSQL's words no more is safe: the lines after the first quote the row.
std::string ConstraintOf(const pqxx::sql_error& error) {
  if (!absl::StartsWith(error.sqlstate(), "23")) return "";
  const std::string message = error.what();
  static constexpr std::string_view kBefore = "constraint \"";
  const size_t begin = message.substr(0, message.find('\n')).find(kBefore);
  if (begin == std::string::npos) return "";
  const size_t name = begin + kBefore.size();
  return absl::StrCat(" (constraint ", message.substr(name, message.find('"', name) - name), ")");
}

absl::Status ToStatus(const pqxx::sql_error& error) {
  const std::string& state = error.sqlstate();
  if (state.empty()) return absl::UnknownError("the connection to the database was lost");
  if (state == "23505") return absl::AlreadyExistsError("a row with the same key is there");
  // A row that is referred to went away meanwhile: the next try sees that.
  if (state == "23503") return absl::AbortedError("lost against a concurrent transaction");
  if (state == "57014") return absl::DeadlineExceededError("the database cancelled the statement");
  // Read-only, shutting down or starting, out of resources, failing disk.
  const bool cannot_work_now = state == "25006" || absl::StartsWith(state, "57P") || absl::StartsWith(state, "53") ||
                               absl::StartsWith(state, "58");
  if (cannot_work_now) return absl::UnavailableError(absl::StrCat("the database cannot work now: SQLSTATE ", state));
  return absl::InternalError(absl::StrCat("SQLSTATE ", state, ConstraintOf(error)));
}

// Runs `action` and turns what it throws into a status.
absl::StatusOr<pqxx::result> Guard(const std::function<pqxx::result()>& action) {
  try {
    return action();
  } catch (const pqxx::serialization_failure&) {
    return absl::AbortedError("lost against a concurrent transaction");
  } catch (const pqxx::deadlock_detected&) {
    return absl::AbortedError("lost a deadlock");
  } catch (const pqxx::insufficient_privilege&) {
    // Comes without its SQLSTATE.
    return absl::PermissionDeniedError("the role may not do this");
  } catch (const pqxx::sql_error& error) {
    return ToStatus(error);
  } catch (const std::exception&) {
    return absl::UnknownError("the connection to the database was lost");
  }
}

// libpq's message names the host, the user and the database; these say as much as an operator needs.
std::string_view ExplainConnectFailure(const std::string& message) {
  static constexpr std::pair<const char*, const char*> kCauses[] = {
      {"password authentication failed", "the server refused the user name or the password"},
      {"no password supplied", "the server wants a password"},
      {"could not translate host name", "the host name cannot be resolved"},
      {"Connection refused", "the connection was refused: is the server running, and is the port right?"},
      {"No such file or directory", "there is no such socket: is the server running?"},
      {"timeout expired", "the server did not answer in time"},
      {"the database system is", "the server is starting or shutting down"},
      {"does not exist", "the database or the user does not exist"},
      {"too many", "the server has no connection left"},
      {"certificate", "the server's certificate was refused"},
      {"SSL", "TLS could not be agreed on"},
  };
  for (const auto& [part, cause] : kCauses) {
    if (absl::StrContains(message, part)) return cause;
  }
  return "the connection could not be made";
}

}  // namespace

Statement::Statement(std::string text) : sql(std::move(text)), name(absl::StrFormat("todo_%016x", Fingerprint(sql))) {}

// Collects what is notified on one channel.
class DatabaseConnection::Receiver : public pqxx::notification_receiver {
 public:
  Receiver(pqxx::connection& connection, const std::string& channel, std::vector<std::string>& notifications)
      : pqxx::notification_receiver(connection, channel), notifications_(notifications) {}

  void operator()(const std::string& payload, int) override { notifications_.push_back(payload); }

 private:
  std::vector<std::string>& notifications_;
};

DatabaseConnection::DatabaseConnection(const std::string& connection_string) : connection_(connection_string) {}

DatabaseConnection::~DatabaseConnection() {
  // libpqxx sends UNLISTEN when the receiver goes; on a connection that was lost that must not throw here.
  (void)Guard([this] {
    receiver_ = nullptr;
    return pqxx::result();
  });
}

absl::StatusOr<std::unique_ptr<DatabaseConnection>> DatabaseConnection::Open(const std::string& connection_string) {
  try {
    return std::unique_ptr<DatabaseConnection>(new DatabaseConnection(connection_string));
  } catch (const std::exception& error) {
    const std::string_view cause = ExplainConnectFailure(error.what());
    return absl::UnavailableError(absl::string_view(cause.data(), cause.size()));
  }
}

absl::StatusOr<pqxx::result> DatabaseConnection::Run(const Statement& statement, const Parameters& parameters) {
  const std::vector<const char*> values = ToValues(parameters);
  return Guard([&] {
    if (!keeps_prepared_statements_) return RunUnprepared(statement, values);
    try {
      return RunPrepared(statement, values);
    } catch (const pqxx::sql_error& error) {
      if (!HasLostStatement(error)) throw;
      keeps_prepared_statements_ = false;
      return RunUnprepared(statement, values);
    }
  });
}

absl::StatusOr<pqxx::result> DatabaseConnection::RunOnce(const Statement& statement, const Parameters& parameters) {
  const std::vector<const char*> values = ToValues(parameters);
  return Guard([&] { return RunUnprepared(statement, values); });
}

absl::Status DatabaseConnection::RunScript(const std::string& sql) {
  return Guard([&] { return pqxx::nontransaction(connection_).exec(sql); }).status();
}

absl::Status DatabaseConnection::Listen(const std::string& channel) {
  return Guard([&] {
           receiver_ = std::make_unique<Receiver>(connection_, channel, notifications_);
           return pqxx::result();
         })
      .status();
}

absl::StatusOr<std::vector<std::string>> DatabaseConnection::TakeNotifications() {
  const auto taken = Guard([this] {
    connection_.get_notifs();
    return pqxx::result();
  });
  if (!taken.ok()) return taken.status();
  // libpqxx says nothing where the server closed the connection; the socket does.
  if (notifications_.empty() && IsClosed()) return absl::UnknownError("the connection to the database was lost");
  return std::exchange(notifications_, {});
}

bool DatabaseConnection::IsQuiet() {
  // A server that has gone away has left its farewell, or the end of the stream, to be read.
  char byte;
  const ssize_t received = recv(socket(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return received < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}

bool DatabaseConnection::IsClosed() {
  char byte;
  const ssize_t received = recv(socket(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return received == 0 || (received < 0 && errno != EAGAIN && errno != EWOULDBLOCK);
}

pqxx::result DatabaseConnection::RunPrepared(const Statement& statement, const std::vector<const char*>& values) {
  if (prepared_.count(statement.name) == 0) {
    connection_.prepare(statement.name, statement.sql);
    prepared_.insert(statement.name);
  }
  return pqxx::nontransaction(connection_)
      .exec_prepared(statement.name, pqxx::prepare::make_dynamic_params(values.begin(), values.end()));
}

pqxx::result DatabaseConnection::RunUnprepared(const Statement& statement, const std::vector<const char*>& values) {
  return pqxx::nontransaction(connection_)
      .exec_params(statement.sql, pqxx::prepare::make_dynamic_params(values.begin(), values.end()));
}

}  // namespace todo

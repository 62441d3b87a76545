#pragma once

#include <string>

#include "absl/status/statusor.h"

namespace todo {

// Turns what an operator configured, a URL (`postgresql://…`) or keywords (`host=… dbname=…`), into the keyword string
// that connections are made with: the same, plus a connect timeout, keepalives and an application name where it has
// none.
//
// Fails with INVALID_ARGUMENT where libpq does not accept it. The message quotes nothing of it: it holds a password.
absl::StatusOr<std::string> ToConnectionString(const std::string& database_url);

// The user of a connection string that ToConnectionString() made; empty where it names none.
std::string UserOf(const std::string& connection_string);

}  // namespace todo

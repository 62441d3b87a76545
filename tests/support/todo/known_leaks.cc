// What other people's libraries are known to leak, for LeakSanitizer.

extern "C" const char* __lsan_default_suppressions();

// libpqxx 6 loses the last result of a connection when it throws broken_connection, about 2 KiB a lost connection.
extern "C" const char* __lsan_default_suppressions() { return "leak:PQmakeEmptyPGresult\n"; }

# A private PostgreSQL cluster that listens on a Unix-domain socket only. Source this file.
#
#   postgres_start DATA_FOLDER    makes the cluster where there is none, starts it, sets POSTGRES_SOCKET_DIR
#   postgres_create_database NAME [OPTION...]
#   postgres_url DATABASE         prints its connection URL
#   postgres_stop
#
# PostgreSQL refuses to run as root, so root runs it as the user `postgres`, who must be able to reach DATA_FOLDER. The
# socket admits the user who runs the server, and root. Data is flushed as in production unless POSTGRES_THROWAWAY=1.

postgres_bin() {
  local bin
  bin=$(printf '%s\n' /usr/lib/postgresql/*/bin | sort -t/ -k5 -V | tail -n 1)
  [[ -x $bin/postgres ]] || { echo "PostgreSQL is not installed: run scripts/install-dependencies" >&2; return 1; }
  printf '%s\n' "$bin"
}

# Runs a command as the user who owns the cluster.
postgres_as() {
  if [[ $(id -u) -eq 0 ]]; then
    (cd / && exec setpriv --reuid=postgres --regid=postgres --init-groups "$@")
  else
    "$@"
  fi
}

postgres_start() {
  local data=$1 bin
  bin=$(postgres_bin)
  POSTGRES_DATA=$data
  POSTGRES_SOCKET_DIR=$(mktemp -d /tmp/todo-postgres.XXXXXX)
  mkdir -p "$data"
  if [[ $(id -u) -eq 0 ]]; then chown postgres: "$data" "$POSTGRES_SOCKET_DIR"; fi
  if [[ ! -s $data/PG_VERSION ]]; then
    # Trust is safe where the socket's permissions decide who may connect.
    postgres_as "$bin/initdb" --pgdata="$data" --username=todo --auth=trust --encoding=UTF8 --locale=C.UTF-8 \
      --no-instructions >/dev/null
  fi
  # A run that was killed leaves its server behind.
  if postgres_as "$bin/pg_ctl" --pgdata="$data" status >/dev/null 2>&1; then
    postgres_as "$bin/pg_ctl" --pgdata="$data" --mode=fast --wait --silent stop
  fi
  local options="-c listen_addresses='' -c unix_socket_directories='$POSTGRES_SOCKET_DIR' -c unix_socket_permissions=0700"
  options+=" -c logging_collector=off -c max_connections=200"
  if [[ ${POSTGRES_THROWAWAY:-} == 1 ]]; then options+=" -c fsync=off -c synchronous_commit=off -c full_page_writes=off"; fi
  if ! postgres_as "$bin/pg_ctl" --pgdata="$data" --log="$data/server.log" --wait --silent --options="$options" start; then
    echo "PostgreSQL did not start; the end of $data/server.log says why:" >&2
    postgres_as tail -n 5 "$data/server.log" >&2
    return 1
  fi
}

postgres_create_database() {
  local name=$1; shift
  local exists
  exists=$(postgres_sql postgres "SELECT 1 FROM pg_database WHERE datname = '$name'")
  [[ $exists == 1 ]] || postgres_sql postgres "CREATE DATABASE $name $*" >/dev/null
}

# postgres_sql DATABASE STATEMENT: prints the result, unaligned and without headers.
postgres_sql() { psql -X -q -A -t -v ON_ERROR_STOP=1 -d "$(postgres_url "$1")" -c "$2"; }

# The host in front is for readers that know no socket; the one behind wins.
postgres_url() { printf 'postgresql://todo@localhost/%s?host=%s\n' "$1" "$POSTGRES_SOCKET_DIR"; }

postgres_stop() {
  [[ -n ${POSTGRES_DATA:-} ]] || return 0
  postgres_as "$(postgres_bin)/pg_ctl" --pgdata="$POSTGRES_DATA" --mode=fast --wait --silent stop || true
  rm -rf "$POSTGRES_SOCKET_DIR"
  POSTGRES_DATA=
}

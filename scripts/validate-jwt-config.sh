#!/usr/bin/env bash
# Says whether the configuration in `.env` and the environment can work, before anything is deployed with it:
#
#   scripts/validate-jwt-config.sh [ENV_FILE]      default: `.env` beside README.md; what the environment sets wins
#
# One line a finding: `ok`, `warning` or `error`, what it is about, and what was found. All are reported, no secret is.
# The services' own binaries are asked, so that they cannot disagree: those in build/bin, else those in PATH, else those
# of `docker compose`. Exit code: 0 no errors, 1 the configuration is wrong, 2 it may be right but something it names
# cannot be reached.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib/environment.sh"
if [[ ${1:-} == --help ]]; then sed -n '2,9p' "$0"; exit 0; fi

errors=0 warnings=0 exit_code=0

# finding LEVEL ABOUT TEXT
finding() {
  printf '%-7s %-20s %s\n' "$1" "$2" "$3"
  case $1 in
    error) errors=$((errors + 1)) ;;
    warning) warnings=$((warnings + 1)) ;;
  esac
}

# failed CODE: 1, what is wrong, weighs more than 2, what may be gone the next time.
failed() { if [[ $exit_code != 1 ]]; then exit_code=$1; fi; }
wrong() { finding error "$1" "$2"; failed 1; }

# ---- .env
env_file=${1:-$root/.env}
if [[ -r $env_file ]]; then
  assignment='^[[:space:]]*[A-Za-z_][A-Za-z0-9_]*='
  while IFS=: read -r number _; do
    wrong "$(basename "$env_file")" "line $number is not NAME=VALUE"
  done < <(grep -nvE "^[[:space:]]*(#|\$)|$assignment" "$env_file")
  read_env_file <(grep -E "$assignment" "$env_file")
elif [[ -n ${1:-} ]]; then
  wrong "$1" "cannot be read"
fi

# ---- what only this script looks at

# is_placeholder VALUE: whether it is one that the deployment guide shows for a value of one's own.
is_placeholder() {
  [[ $1 =~ ://(your-app\.com|your-app\.vercel\.app|your-api\.com|your-better-auth-domain\.com|your-frontend-domain\.com|\.\.\.)([:/,]|$) ||
    $1 == your-32-char-secret-here ]]
}

check_placeholders() {
  local name
  for name in BETTER_AUTH_URL BETTER_AUTH_JWKS_URL BETTER_AUTH_SECRET NEON_DATABASE_URL ALLOWED_ORIGINS; do
    if is_placeholder "${!name:-}"; then wrong "$name" "is still the placeholder of the guide: put in your own"; fi
  done
}

# Without the value and without its length: both are nobody's business.
check_secret() {
  local LC_ALL=C secret=${BETTER_AUTH_SECRET:-} file=${BETTER_AUTH_SECRET_FILE:-}
  if [[ -n $secret && -n $file ]]; then
    wrong BETTER_AUTH_SECRET "is set and so is BETTER_AUTH_SECRET_FILE: set one of them"
    return
  fi
  if [[ -n $file ]]; then
    if [[ ! -r $file || ! -s $file ]]; then
      wrong BETTER_AUTH_SECRET_FILE "names a file that cannot be read or is empty: $file"
      return
    fi
    secret=$(<"$file")
  fi
  if [[ -z $secret ]]; then
    finding ok BETTER_AUTH_SECRET "is not set: only the web server needs it, and HS256 in development"
  elif ((${#secret} < 32)); then
    wrong BETTER_AUTH_SECRET "is shorter than 32 characters; make one with: openssl rand -hex 32"
  else
    finding ok BETTER_AUTH_SECRET "has at least 32 characters"
  fi
  if [[ -n $secret && ${DEBUG:-} =~ ^(true|TRUE|True|1)$ ]]; then
    finding warning DEBUG "is on and BETTER_AUTH_SECRET is set: never in production"
  fi
}

# is_own_web URL: whether it is in the container web, on a network where nobody else is.
is_own_web() { is_all_in_one && [[ $1 == http://web:* ]]; }

# warn_plain_http NAME URL: for those that the services accept over plain http all the same.
warn_plain_http() {
  local url=${2,,}
  if is_own_web "$url"; then return; fi
  if [[ $url == http://* && ! $url =~ ^http://(localhost|127\.[0-9.]+|\[::1\])([:/]|$) ]]; then
    finding warning "$1" "$2 is plain http, and not on this machine: what goes there can be read and changed on the way"
  fi
}

# ---- the services' binaries
declare -A compose_service=([token-verifier]=verifier [todo-service]=todo [http-gateway]=gateway)

# HOST in `.env` is for whom users reach: scripts/run and compose.yaml decide where the services themselves listen. Nor are there
# certificates before the first deployment.
apart=(HOST=127.0.0.1)
if [[ -z ${GRPC_TLS_CERTIFICATE_FILE:-} ]]; then
  apart+=(GRPC_ALLOW_PLAINTEXT=true GRPC_TLS_CERTIFICATE_FILE= GRPC_TLS_KEY_FILE= GRPC_TLS_CA_FILE=)
fi
in_container=()
for setting in "${apart[@]}"; do in_container+=(-e "$setting"); done

# in_containers BINARY ARGUMENT...: runs it in a container of its service. The todo service's has what is secret in `.env` from a job.
in_containers() {
  local binary=$1; shift
  [[ $binary != todo-service ]] || compose run --rm --no-deps -T certificates || return
  compose run --rm --no-deps -T "${in_container[@]}" --entrypoint "$binary" "${compose_service[$binary]}" "$@"
}

# ask BINARY ARGUMENT...: runs it. 127 where there is none.
ask() {
  local binary=$1; shift
  if [[ -x $root/build/bin/$binary ]]; then
    env "${apart[@]}" "$root/build/bin/$binary" "$@"
  elif command -v "$binary" >/dev/null; then
    env "${apart[@]}" "$binary" "$@"
  elif [[ -e $root/compose.yaml ]]; then
    in_containers "$binary" "$@"
  else
    return 127
  fi
}

# no_answer BINARY CODE OUTPUT: where the binary did not get to say anything.
no_answer() {
  if [[ $2 == 127 ]]; then
    wrong "$1" "is not here: build it (README.md), or install Docker with its compose plugin"
  else
    wrong "$1" "could not be run: $(tail -n 1 <<<"$3")"
  fi
}

# ask_about_config BINARY ABOUT FINE: turns what its --check-config says into findings.
ask_about_config() {
  local binary=$1 about=$2 fine=$3 output code=0 found=no line
  output=$(ask "$binary" --check-config 2>&1) || code=$?
  if [[ $code == 0 ]]; then
    finding ok "$about" "$fine"
    return
  fi
  while IFS= read -r line; do
    [[ $line == "$binary: "* ]] || continue
    found=yes
    finding error "$about" "${line#"$binary: "}"
  done <<<"$output"
  if [[ $found == no ]]; then no_answer "$binary" "$code" "$output"; else failed "$code"; fi
}

# The key set, its keys and algorithms. The secret is looked at above, and its length stays there.
ask_verifier() {
  local output code=0 found=no level about text
  local -x BETTER_AUTH_SECRET='' BETTER_AUTH_SECRET_FILE=''
  if is_placeholder "${BETTER_AUTH_JWKS_URL:-${BETTER_AUTH_URL:-}}"; then
    finding warning key_set "was not asked for: its URL is a placeholder"
    ask_about_config token-verifier verifier "the rest of its configuration can be read"
    return
  fi
  if is_own_web "${BETTER_AUTH_JWKS_URL:-}"; then
    finding ok key_set "is that of the container web, and comes with it"
    ask_about_config token-verifier verifier "its configuration can be read"
    return
  fi
  output=$(ask token-verifier check 2>&1) || code=$?
  while read -r level about text; do
    [[ $level =~ ^(ok|warning|error)$ && -n $text ]] || continue
    found=yes
    # A container may have a secret of its own.
    if [[ $text =~ ^(BETTER_AUTH_SECRET.*)has\ [0-9]+\ characters(.*)$ ]]; then text="${BASH_REMATCH[1]}is too short${BASH_REMATCH[2]}"; fi
    finding "$level" "$about" "$text"
  done <<<"$output"
  if [[ $found == no ]]; then no_answer token-verifier "$code" "$output"; elif [[ $code != 0 ]]; then failed "$code"; fi
}

check_origins() {
  local origin
  if [[ -z ${ALLOWED_ORIGINS:-} ]]; then
    finding warning ALLOWED_ORIGINS "is not set: no page of another origin can call the API"
  fi
  ask_about_config http-gateway gateway "the allowed origins are as browsers send them: ${ALLOWED_ORIGINS:-none}"
  local IFS=', '
  for origin in ${ALLOWED_ORIGINS:-}; do warn_plain_http ALLOWED_ORIGINS "$origin"; done
}

check_database() {
  if is_all_in_one && [[ -z ${NEON_DATABASE_URL:-}${NEON_DATABASE_URL_FILE:-} ]]; then
    finding ok database "is that of the container postgres, and comes with it"
  elif is_placeholder "${NEON_DATABASE_URL:-}"; then
    finding warning database "was not asked: its URL is a placeholder"
  else
    ask_about_config todo-service database "can be reached"
  fi
}

check_placeholders
check_secret
for name in BETTER_AUTH_URL BETTER_AUTH_JWKS_URL BETTER_AUTH_SESSION_URL; do
  if ! is_placeholder "${!name:-}"; then warn_plain_http "$name" "${!name:-}"; fi
done
ask_verifier
check_origins
check_database

printf '\n%d errors, %d warnings\n' "$errors" "$warnings"
exit "$exit_code"

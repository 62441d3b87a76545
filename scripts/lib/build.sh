# Builds the parts. Source this file after environment.sh.

# build_binaries [TARGET...]: all targets where none is named.
build_binaries() {
  local targets=()
  [[ $# -eq 0 ]] || targets=(--target "$@")
  (cd "$root" && cmake --preset release >/dev/null && cmake --build build "${targets[@]}")
}

# install_npm_packages FOLDER: does nothing where the lock file is the one that was installed last.
install_npm_packages() {
  local folder=$1 stamp=$1/node_modules/.installed
  cmp -s "$folder/package-lock.json" "$stamp" && return
  (cd "$folder" && npm ci --silent --no-audit --no-fund)
  cp "$folder/package-lock.json" "$stamp"
}

# build_web: does nothing where no source is newer than the last build.
build_web() {
  local folder=$root/services/web
  install_npm_packages "$folder"
  if [[ -e $folder/dist/.built && -z $(find "$folder" -path "$folder/node_modules" -prune -o -path "$folder/dist" -prune \
    -o -type f -newer "$folder/dist/.built" -print -quit) ]]; then
    return
  fi
  (cd "$folder" && npm run --silent build)
  touch "$folder/dist/.built"
}

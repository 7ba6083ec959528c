# shellcheck shell=bash
# Debian packages from tools/packages.txt, and buf from npm.

# needed_packages LIST…: the packages of the lists, one a line.
needed_packages() {
  local list package alternative
  while read -r list package alternative; do
    case " $* " in *" $list "*) ;; *) continue ;; esac
    case $alternative in
      =*) if command -v "${alternative#=}" >/dev/null; then continue; fi ;;
    esac
    echo "$package"
  done < <(sed 's/[[:space:]]*#.*//; /^$/d' "$root/tools/packages.txt")
}

missing_packages() {
  local wanted installed
  wanted=$(needed_packages "$@" | sort)
  # shellcheck disable=SC2086 # one word per package
  installed=$(dpkg-query -W -f '${Package} ${db:Status-Status}\n' $wanted 2>/dev/null |
    sed -n 's/ installed$//p' | sort -u) || true
  comm -23 <(echo "$wanted") <(echo "$installed")
}

apt() {
  local sudo=()
  [ "$(id -u)" -eq 0 ] || sudo=(sudo -n)
  "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive LC_ALL=C apt-get -qq \
    -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=600 -o Acquire::Retries=3 "$@"
}

# Package lists may be absent (a fresh image) or old (a package file is gone): both end in a failure
# that an update cures, and an update that is not needed costs time.
apt_install() {
  apt install -y --no-install-recommends "$@" || { apt update && apt install -y --no-install-recommends "$@"; }
}

install_packages() {
  command -v dpkg-query >/dev/null || die "needs Debian 12 (dpkg-query is missing here)"
  local missing
  mapfile -t missing < <(missing_packages "$@")
  [ "${#missing[@]}" -gt 0 ] || return 0
  if [ "$(id -u)" -ne 0 ] && ! sudo -n true 2>/dev/null; then
    die "these packages are missing, and installing them needs root or sudo without a password:
  apt-get install --no-install-recommends ${missing[*]}"
  fi
  say "installing ${#missing[@]} Debian packages and what they need …"
  quietly setup.log apt_install "${missing[@]}" || return
  mapfile -t missing < <(missing_packages "$@")
  [ "${#missing[@]}" -eq 0 ] || die "apt-get reported success but these are missing: ${missing[*]}"
}

npm_ci() (
  cd "$build/node" || exit
  # verbose, because npm keeps silent about an optional package (here: per platform) that it cannot get
  npm ci --ignore-scripts --no-audit --no-fund --fetch-retries=1 --loglevel=verbose
)

# buf is one binary in a package for this platform; node/bin is on the PATH of every command.
# A failure is no end: who has no npm registry can still build and test the rest, and what needs buf
# says so itself.
install_buf() {
  local node=$build/node from=$root/tools/check binary=
  if [ -x "$node/bin/buf" ] && cmp -s "$from/package-lock.json" "$node/package-lock.json"; then
    return 0
  fi
  say "installing buf …"
  rm -rf "$node"
  mkdir -p "$node/bin"
  cp "$from/package.json" "$from/package-lock.json" "$node/"
  if quietly npm.log npm_ci; then
    binary=$(cd "$node" && find node_modules -path '*/buf-linux-*/bin/buf' -type f -print -quit)
  fi
  if [ -n "$binary" ]; then
    ln -s "../$binary" "$node/bin/buf"
  else
    say "tools/x: npm brought no buf for $(uname -m): what needs it will fail (see $logs/npm.log)"
  fi
}

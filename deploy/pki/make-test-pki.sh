#!/usr/bin/env bash
# Makes a certificate authority and certificates for tests and demos. See README.md beside this file.
set -euo pipefail
umask 077

readonly days=825
readonly roles='node entry backoffice ops auditor portal witness'

usage() {
  cat <<'END'
usage: make-test-pki.sh --out DIR [--force] [--identity ROLE:AUTHORITY:NAME]…

  --out DIR     where ca.crt, ca.key and the NAME.crt, NAME.key go; made if it is missing
  --identity …  a certificate for spiffe://selaras/ROLE/AUTHORITY, in NAME.crt and NAME.key
                  node        a server, reached as localhost, 127.0.0.1 or ::1, and a client of others
                  entry       data entry for every authority of a node
                  backoffice  acts for AUTHORITY only
                  ops         reads only
                  portal      Bawaslu's public portal: speaks for reporters who give a code
                  witness     an auditor outside: sees hashes, cosigns checkpoints
  --force       a new authority; what the old one signed in DIR is removed

example: make-test-pki.sh --out pki --identity node:bawaslu/13:intake \
           --identity backoffice:bawaslu/13:bawaslu-13 --identity ops:bawaslu/13:ops

What is there and valid stays: a second run changes nothing. For tests and demos only.
END
}

fail() {
  printf 'make-test-pki: %s\n' "$*" >&2
  exit 1
}

misuse() {
  printf 'make-test-pki: %s (--help tells more)\n' "$*" >&2
  exit 2
}

# parse ROLE:AUTHORITY:NAME: sets role, authority and name.
parse() {
  local rest
  [[ $1 =~ ^[^:]+:[^:]+:[^:]+$ ]] || misuse "'$1' is not ROLE:AUTHORITY:NAME, for example node:bkn:referral"
  role=${1%%:*} rest=${1#*:}
  authority=${rest%%:*} name=${rest#*:}
  [[ " $roles " == *" $role "* ]] || misuse "'$1': no role '$role'; there are $roles"
  [[ $authority =~ ^[a-z0-9][a-z0-9._-]*(/[a-z0-9][a-z0-9._-]*)*$ ]] ||
    misuse "'$1': authority '$authority' is not like bkn, bawaslu/13 or ppk/13.04"
  [[ $name =~ ^[a-z0-9][a-z0-9._-]{0,62}$ && $name != ca ]] ||
    misuse "'$1': name '$name' cannot be a file name here (lower case, digits, '.', '_', '-'; not 'ca')"
}

# sign NAME EXTENSIONS [OPTION…]: a P-256 key and a certificate for it. The certificate appears last,
# so a run that was cut short leaves nothing that looks finished.
sign() {
  local name=$1 extensions=$2 errors
  shift 2
  {
    printf '[req]\ndistinguished_name = subject\nx509_extensions = extensions\nprompt = no\n'
    printf '[subject]\nO = Selaras test PKI\nCN = %s\n' "$name"
    printf '[extensions]\nsubjectKeyIdentifier = hash\n%s\n' "$extensions"
  } >"$work/$name.cnf"
  if ! errors=$(openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$work/$name.key" 2>&1) ||
    ! errors=$(openssl req -x509 -new -sha256 -days "$days" -set_serial "0x01$(openssl rand -hex 15)" \
      -config "$work/$name.cnf" -key "$work/$name.key" -out "$work/$name.crt" "$@" 2>&1); then
    fail "openssl made no certificate for $name:"$'\n'"$errors"
  fi
  chmod 0644 "$work/$name.crt"
  rm -f "$out/$name.crt"
  mv "$work/$name.key" "$out/$name.key"
  mv "$work/$name.crt" "$out/$name.crt"
}

# still_good NAME SAN: signed by this authority for exactly these names, of this key, not about to end.
still_good() {
  local crt=$out/$1.crt key=$out/$1.key
  [ -f "$crt" ] && [ -f "$key" ] &&
    openssl verify -CAfile "$out/ca.crt" "$crt" >/dev/null 2>&1 &&
    openssl x509 -in "$crt" -noout -checkend $((30 * 86400)) >/dev/null &&
    [ "$(openssl x509 -in "$crt" -noout -ext subjectAltName | sed -n '2s/^ *//p')" = "$2" ] &&
    [ "$(openssl x509 -in "$crt" -noout -pubkey)" = "$(openssl pkey -in "$key" -pubout 2>/dev/null)" ]
}

make_authority() {
  if [ -n "$force" ] && [ -f "$out/ca.crt" ]; then
    local crt
    for crt in "$out"/*.crt; do
      if openssl verify -CAfile "$out/ca.crt" "$crt" >/dev/null 2>&1; then rm -f "$crt" "${crt%.crt}.key"; fi
    done
    rm -f "$out/ca.crt" "$out/ca.key"
  fi
  if [ -f "$out/ca.crt" ] && [ -f "$out/ca.key" ]; then
    openssl x509 -in "$out/ca.crt" -noout -checkend $((30 * 86400)) >/dev/null ||
      fail "the authority in $out has ended or ends within 30 days; --force makes a new one"
    return 0
  fi
  sign ca 'basicConstraints = critical, CA:true, pathlen:0
keyUsage = critical, keyCertSign, cRLSign'
}

make_identity() {
  local uri="spiffe://selaras/$role/$authority" usage=clientAuth names shown
  names="URI:$uri" shown="URI:$uri"
  if [ "$role" = node ]; then
    usage='serverAuth, clientAuth'
    names+=', DNS:localhost, IP:127.0.0.1, IP:::1'
    shown+=', DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1'
  fi
  if still_good "$name" "$shown"; then return 0; fi
  sign "$name" "basicConstraints = critical, CA:false
authorityKeyIdentifier = keyid
keyUsage = critical, digitalSignature
extendedKeyUsage = $usage
subjectAltName = $names" -CA "$out/ca.crt" -CAkey "$out/ca.key"
}

out='' force='' identities=()
while [ $# -gt 0 ]; do
  case $1 in
    --out | --identity) [ $# -ge 2 ] || misuse "$1 needs a value" ;;&
    --out) out=$2 && shift ;;
    --identity) identities+=("$2") && shift ;;
    --force) force=yes ;;
    --help | -h) usage && exit 0 ;;
    *) misuse "'$1' is not an option" ;;
  esac
  shift
done
[ -n "$out" ] || misuse "--out DIR is missing"
command -v openssl >/dev/null || fail "openssl is missing: run tools/x setup build"

# Everything is checked before anything is written.
declare -A taken=()
for identity in "${identities[@]}"; do
  parse "$identity"
  [ "${taken[$name]:-$identity}" = "$identity" ] || misuse "'${taken[$name]}' and '$identity' want the same file"
  taken[$name]=$identity
done

mkdir -p "$out"
exec 9<"$out"
flock 9 # another run on the same folder waits
rm -rf "$out"/.new.* # of a run that was killed
if [ ! -f "$out/ca.crt" ] && [ -n "$(ls -A --ignore=ca.key "$out")" ]; then
  fail "$out is not empty and holds no test PKI; name another folder"
fi
work=$(mktemp -d "$out/.new.XXXXXX")
trap 'rm -rf "$work"' EXIT
chmod 0700 "$out"
make_authority
for identity in "${identities[@]}"; do
  parse "$identity"
  make_identity
done

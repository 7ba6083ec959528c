# usage: tools/x pki --out DIR [--force] [--identity ROLE:AUTHORITY:NAME]…
#
# makes certificates for tests and demos (deploy/pki)
#
# See deploy/pki/README.md.
exec "$root/deploy/pki/make-test-pki.sh" "$@"

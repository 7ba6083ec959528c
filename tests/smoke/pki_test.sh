#!/usr/bin/env bash
# The test PKI, as tests, the demo and developers make it.
# shellcheck source=tests/smoke/harness.sh
. "$(dirname "${BASH_SOURCE[0]}")/harness.sh"

make() { "$root/deploy/pki/make-test-pki.sh" --out pki "$@"; }
field() { openssl x509 -in "pki/$1.crt" -noout -ext "$2" | sed -n '2s/^ *//p'; }
mode() { stat -c %a "$1"; }

Pki_OpensslVerifiesEveryCertificateForItsPurpose() {
  expect 0 make --identity node:bkn:referral --identity backoffice:bawaslu/13:office
  expect_silence
  expect 0 openssl verify -x509_strict -purpose sslserver -CAfile pki/ca.crt pki/referral.crt
  expect 0 openssl verify -x509_strict -purpose sslclient -CAfile pki/ca.crt pki/referral.crt pki/office.crt
  expect 2 openssl verify -purpose sslserver -CAfile pki/ca.crt pki/office.crt
}

Pki_TheIdentityIsTheOnlyUriAndOnlyNodesHaveHostNames() {
  expect 0 make --identity node:bawaslu/13:intake --identity backoffice:ppk/13.04:office
  expect_equal "$(field intake subjectAltName)" \
    "URI:spiffe://selaras/node/bawaslu/13, DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1"
  expect_equal "$(field office subjectAltName)" "URI:spiffe://selaras/backoffice/ppk/13.04"
}

Pki_OnlyTheOwnerReadsKeys() {
  umask 000
  expect 0 make --identity ops:bkn:ops
  expect_equal "$(mode pki) $(mode pki/ca.key) $(mode pki/ops.key) $(mode pki/ops.crt)" "700 600 600 644"
}

Pki_ASecondRunChangesNothingAndAddsWhatIsNew() {
  expect 0 make --identity node:bkn:referral
  md5sum pki/* >before
  expect 0 make --identity node:bkn:referral --identity entry:bkn:clerk
  expect 0 md5sum --quiet -c before
  expect 0 openssl verify -CAfile pki/ca.crt pki/clerk.crt
}

Pki_AnotherIdentityUnderAnOldNameReplacesOnlyThatCertificate() {
  expect 0 make --identity ops:bkn:a --identity ops:bkn:b
  md5sum pki/b.* pki/ca.* >before
  expect 0 make --identity backoffice:bkn:a --identity ops:bkn:b
  expect_equal "$(field a subjectAltName)" "URI:spiffe://selaras/backoffice/bkn"
  expect 0 md5sum --quiet -c before
}

Pki_ForceLeavesNothingOfTheOldAuthority() {
  expect 0 make --identity ops:bkn:a --identity ops:bkn:b
  cp pki/ca.crt old.crt
  expect 0 make --force --identity ops:bkn:a
  expect 2 openssl verify -CAfile old.crt pki/a.crt
  expect 0 openssl verify -CAfile pki/ca.crt pki/a.crt
  expect_equal "$(cd pki && echo *)" "a.crt a.key ca.crt ca.key"
}

Pki_AnInterruptedOrDamagedFileIsMadeAgain() {
  expect 0 make --identity ops:bkn:a --identity ops:bkn:b
  rm pki/a.crt
  cp pki/a.key pki/b.key
  expect 0 make --identity ops:bkn:a --identity ops:bkn:b
  for name in a b; do
    expect_equal "$(openssl x509 -in pki/$name.crt -noout -pubkey)" "$(openssl pkey -in pki/$name.key -pubout)"
  done
}

Pki_ParallelRunsMakeOneAuthority() {
  local i
  for i in 1 2 3 4; do make --identity "ops:bkn:p$i" & done
  wait
  expect 0 openssl verify -CAfile pki/ca.crt pki/p{1,2,3,4}.crt
}

Pki_AWrongArgumentExplainsItselfAndWritesNothing() {
  local wrong reason
  while IFS='|' read -r wrong reason; do
    # shellcheck disable=SC2086 # several arguments
    expect 2 make --identity ops:bkn:fine $wrong
    expect_contains "$stderr" "$reason"
    expect_contains "$stderr" "--help"
  done <<'END'
--identity node:bkn|ROLE:AUTHORITY:NAME
--identity chief:bkn:x|there are node entry backoffice ops auditor portal
--identity node:../etc:x|is not like bkn
--identity node:bkn/:x|is not like bkn
--identity node:bkn:../x|cannot be a file name
--identity node:bkn:ca|cannot be a file name
--identity node:bkn:fine|want the same file
--identity|needs a value
--days|is not an option
END
  [ ! -e pki ] || fail_test "something was written"
  expect 2 "$root/deploy/pki/make-test-pki.sh"
  expect_contains "$stderr" "--out DIR is missing"
}

Pki_AFolderWithOtherThingsIsLeftAlone() {
  mkdir pki && chmod 755 pki && touch pki/letter
  expect 1 make --identity ops:bkn:ops
  expect_contains "$stderr" "holds no test PKI"
  expect_equal "$(ls -A pki) $(mode pki)" "letter 755"
}

Pki_GrpcSeesTheIdentityOfTheCaller() {
  expect 0 make --identity node:bkn:referral --identity backoffice:bawaslu/13:office
  expect 0 /usr/bin/python3 "$root/tests/smoke/pki_peer.py" pki referral office
  expect_equal "$stdout" "spiffe://selaras/backoffice/bawaslu/13"
}

run_tests "$@"

// Every rule of the tables, broken once: the fault is found and its place is named.
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "minimal_catalogue.h"
#include "services/reference/catalogue.h"

namespace selaras::reference {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

struct Fault {
  absl::string_view file;
  absl::string_view from;
  absl::string_view to;
  absl::string_view message;
};

void ExpectRefused(const std::vector<Fault>& faults) {
  for (const Fault& fault : faults) {
    SCOPED_TRACE(absl::StrCat(fault.file, ": ", fault.from, " -> ", fault.to));
    const auto catalogue = Catalogue::FromFiles(MinimalFilesWith(fault.file, fault.from, fault.to));
    ASSERT_FALSE(catalogue.ok());
    EXPECT_EQ(catalogue.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_EQ(std::string(catalogue.status().message()), fault.message);
  }
}

TEST(ReferenceFaults, TheMinimalCatalogueItselfHasNone) {
  const auto catalogue = Catalogue::FromFiles(MinimalFiles());
  EXPECT_TRUE(catalogue.ok()) << catalogue.status();
}

TEST(ReferenceFaults, AMissingTableIsRefused) {
  for (const absl::string_view name : CatalogueFileNames()) {
    Catalogue::Files files = MinimalFiles();
    files.erase(std::string(name));
    EXPECT_EQ(Catalogue::FromFiles(files).status().message(),
              absl::StrCat(name, ": missing; a catalogue is complete or refused"));
  }
}

TEST(ReferenceFaults, ATableThatNobodyReadsIsRefused) {
  Catalogue::Files files = MinimalFiles();
  files["sanction.tsv"] = "code\n";
  EXPECT_THAT(std::string(Catalogue::FromFiles(files).status().message()),
              StartsWith("sanction.tsv: not a table of the catalogue; these are: agencies.tsv"));
}

TEST(ReferenceFaults, ATableOverTheLimitIsRefused) {
  Catalogue::Files files = MinimalFiles();
  files["codes.tsv"].append(std::string(5 << 20, 'x'));
  EXPECT_EQ(Catalogue::FromFiles(files).status().message(), "codes.tsv: larger than 4194304 bytes");
}

TEST(ReferenceFaults, TheShapeOfATableIsExact) {
  const absl::string_view header =
      "golongan.tsv:1: the columns must be, with tabs between them: "
      "golongan status pangkat mark source";
  ExpectRefused({
      {"golongan.tsv", "golongan|status", "status|golongan", header},
      {"golongan.tsv", "golongan|status", "\xEF\xBB\xBFgolongan|status", header},
      {"golongan.tsv", "|mark|source\n", "|mark|source|note\n", header},
      {"golongan.tsv", "IX|PPPK||R|", "IX|PPPK||R",
       "golongan.tsv:3: 4 columns, not 5; tabs stand between columns"},
      {"golongan.tsv", "IX|PPPK||R|", "IX|PPPK||R||",
       "golongan.tsv:3: 6 columns, not 5; tabs stand between columns"},
      {"golongan.tsv", "IX|PPPK", "\nIX|PPPK", "golongan.tsv:3: blank line; remove it"},
      {"golongan.tsv", "R|\nIX", "R|\r\nIX",
       "golongan.tsv:2: carriage return; end lines with LF only"},
      {"golongan.tsv", "Penata",
       "Pen\x01"
       "ata",
       "golongan.tsv:2: control character; remove it"},
      {"golongan.tsv", "Penata",
       "Pen\xE9"
       "ata",
       "golongan.tsv:2: not UTF-8; save the file as UTF-8"},
      {"golongan.tsv", "Penata", " Penata", "golongan.tsv:2: pangkat: begins or ends with a space"},
      {"golongan.tsv", "IX|PPPK||R|\n", "IX|PPPK||R|",
       "golongan.tsv:3: cut off: no line feed at the end"},
      {"golongan.tsv", "III/d|PNS|Penata Tingkat I|R|\nIX|PPPK||R|\n", "",
       "golongan.tsv: has no rows"},
  });
  Catalogue::Files files = MinimalFiles();
  files["golongan.tsv"].clear();
  EXPECT_EQ(Catalogue::FromFiles(files).status().message(),
            "golongan.tsv:1: empty file; the first line names the columns");
}

TEST(ReferenceFaults, OnlyValidUtf8IsTaken) {
  for (const absl::string_view good : {"\xC3\xA9", "\xE2\x82\xAC", "\xF0\x9F\x98\x80"}) {
    EXPECT_TRUE(Catalogue::FromFiles(MinimalFilesWith("golongan.tsv", "Penata", good)).ok());
  }
  for (const absl::string_view bad :
       {"\x80", "\xC0\xAF", "\xC3", "\xE0\x80\x80", "\xED\xA0\x80", "\xE2\x82", "\xF0\x80\x80\x80",
        "\xF4\x90\x80\x80", "\xF5\x80\x80\x80"}) {
    EXPECT_EQ(
        Catalogue::FromFiles(MinimalFilesWith("golongan.tsv", "Penata", bad)).status().message(),
        "golongan.tsv:2: not UTF-8; save the file as UTF-8");
  }
}

TEST(ReferenceFaults, EveryRowSaysHowFarItCanBeReliedOn) {
  ExpectRefused({
      {"regions.tsv", "||V|W1", "||W|W1", "regions.tsv:2: mark: \"W\" is not one of V, V2, R, C"},
      {"regions.tsv", "||V|W1", "||V|",
       "regions.tsv:2: source: empty; only rows marked R may do without a source"},
  });
}

TEST(ReferenceFaults, Regions) {
  ExpectRefused({
      {"regions.tsv", "13.04|", "13.4|",
       "regions.tsv:3: code: \"13.4\" is not PP for a province or PP.KK below it"},
      {"regions.tsv", "13|Sum", "1a|Sum",
       "regions.tsv:2: code: \"1a\" is not PP for a province or PP.KK below it"},
      {"regions.tsv", "Sumatera Barat", "", "regions.tsv:2: name: empty"},
      {"regions.tsv", "kabupaten", "desa",
       "regions.tsv:3: level: \"desa\" is not one of provinsi, kabupaten, kota"},
      {"regions.tsv", "kabupaten|13", "kabupaten|14",
       "regions.tsv:3: parent: no province \"14\" stands above"},
      {"regions.tsv", "kabupaten|13", "kabupaten|",
       "regions.tsv:3: parent: no province \"\" stands above"},
      {"regions.tsv", "kota|73", "kota|13",
       "regions.tsv:5: parent: the code 73.71 belongs to another province"},
      {"regions.tsv", "provinsi|", "provinsi|73",
       "regions.tsv:2: parent: a province has no parent"},
      {"regions.tsv", "73|Sul", "13|Sul",
       "regions.tsv:4: code: \"13\" stands in an earlier row too"},
  });
}

TEST(ReferenceFaults, Authorities) {
  ExpectRefused({
      {"authorities.tsv", "Komisi", "", "authorities.tsv:3: name: empty"},
      {"authorities.tsv", "Komisi|referral", "Komisi|court",
       "authorities.tsv:3: role: \"court\" is not one of intake, referral, sanction, oversight"},
      {"authorities.tsv", "2014-09-30", "2014-09-31",
       "authorities.tsv:3: valid_from: \"2014-09-31\" is not a date yyyy-mm-dd"},
      {"authorities.tsv", "2024-08-23", "2014-09-29",
       "authorities.tsv:3: valid_to: 2014-09-29 lies before the first day, 2014-09-30"},
      {"authorities.tsv", "|sanction|73.71|", "|sanction|73.72|",
       "authorities.tsv:6: region: no region \"73.72\""},
      {"authorities.tsv", "|bkn|V", "|bnk|V", "authorities.tsv:3: successor: no authority \"bnk\""},
      {"authorities.tsv", "|bkn|V", "|kasn|V",
       "authorities.tsv:3: successor: kasn would succeed itself"},
      {"authorities.tsv", "2024-08-24|||V", "2024-08-24||kasn|V",
       "authorities.tsv:3: successor: kasn would succeed itself"},
      {"authorities.tsv", "bkn|Badan", "kasn|Badan",
       "authorities.tsv:4: authority: \"kasn\" stands in an earlier row too"},
      {"authorities.tsv", "ppk/{PP.KK}|Pemerintah {region}|sanction|{PP.KK}",
       "bawaslu/{PP}|Bawaslu|intake|{PP}",
       "authorities.tsv:5: authority: \"bawaslu/{PP}\" stands in an earlier row too"},
      {"authorities.tsv", "intake|{PP}", "intake|13",
       "authorities.tsv:2: region: a pattern has {PP} or {PP.KK} here"},
      {"authorities.tsv", "bawaslu/{PP}", "bawaslu/{PX}",
       "authorities.tsv:2: authority: does not end with /{PP}"},
  });
}

TEST(ReferenceFaults, OneBodyReceivesReferralsOnADay) {
  const absl::string_view overlap =
      "authorities.tsv:4: valid_from: on some day both kasn and bkn would receive referrals; "
      "valid_to is the last day";
  ExpectRefused({
      {"authorities.tsv", "2024-08-23", "2024-08-24", overlap},
      {"authorities.tsv", "2024-08-23", "", overlap},
      {"authorities.tsv", "2024-08-24", "", overlap},
      {"authorities.tsv", "Badan|referral|", "Badan|referral|13",
       "authorities.tsv:4: region: who receives referrals does so for the whole country"},
      {"authorities.tsv", "intake", "referral",
       "authorities.tsv:2: role: who receives referrals does so for the whole country"},
  });
}

TEST(ReferenceFaults, Sanctions) {
  ExpectRefused({
      {"sanctions.tsv", "R-1|", "|", "sanctions.tsv:2: code: empty"},
      {"sanctions.tsv", "PP94", "", "sanctions.tsv:2: regime: empty"},
      {"sanctions.tsv", "ringan", "kecil",
       "sanctions.tsv:2: level: \"kecil\" is not one of moral, ringan, sedang, berat, ptdh"},
      {"sanctions.tsv", "Teguran", "", "sanctions.tsv:2: text_id: empty"},
      {"sanctions.tsv", "2021-08-31", "31/08/2021",
       "sanctions.tsv:2: valid_from: \"31/08/2021\" is not a date yyyy-mm-dd"},
      {"sanctions.tsv", "2021-08-30", "2010-06-05",
       "sanctions.tsv:3: valid_to: 2010-06-05 lies before the first day, 2010-06-06"},
      {"sanctions.tsv", "|36|", "|0|",
       "sanctions.tsv:3: duration_months: \"0\" is not a number 1 to 9999"},
      {"sanctions.tsv", "|36|", "|+6|",
       "sanctions.tsv:3: duration_months: \"+6\" is not a number 1 to 9999"},
      {"sanctions.tsv", "PNS", "TNI",
       "sanctions.tsv:2: applies_to: \"TNI\" is not one of PNS, PPPK"},
      {"sanctions.tsv", "keberatan", "kasasi",
       "sanctions.tsv:2: appeal_route: \"kasasi\" is not one of keberatan, banding, none, "
       "none_known"},
      {"sanctions.tsv", "L-B1", "R-1",
       "sanctions.tsv:3: code: \"R-1\" stands in an earlier row too"},
  });
}

TEST(ReferenceFaults, ViolationsAndClauses) {
  ExpectRefused({
      {"violations.tsv", "kode_etik", "pidana",
       "violations.tsv:2: class: \"pidana\" is not one of kode_etik, disiplin"},
      {"violations.tsv", "|any|", "|kapan saja|",
       "violations.tsv:3: phase: \"kapan saja\" is not one of pra_penetapan, pasca_penetapan, any"},
      {"violations.tsv", "alat_peraga", "", "violations.tsv:2: slug: empty"},
      {"violations.tsv", "Memasang", "", "violations.tsv:2: text_id: empty"},
      {"violations.tsv", "Memasang|PP 42", "Memasang|", "violations.tsv:2: basis: empty"},
      {"violations.tsv", "ringan|PP 42", "ringan|", "violations.tsv:2: sanction_basis: empty"},
      {"violations.tsv", "ringan", "sedang",
       "violations.tsv:2: sanction_level: sanctions.tsv has no sanction of level sedang"},
      {"violations.tsv", "a,b", "a,,b", "violations.tsv:2: tags: empty item in a list; write a,b"},
      {"violations.tsv", "HD-12", "KE-01",
       "violations.tsv:3: code: \"KE-01\" stands in an earlier row too"},
      {"pp94_pasal5n.tsv", "ringan_or_berat", "ringan_or_keras",
       "pp94_pasal5n.tsv:2: level: \"keras\" is not one of moral, ringan, sedang, berat, ptdh"},
      {"pp94_pasal5n.tsv", "ringan_or_berat", "moral",
       "pp94_pasal5n.tsv:2: level: sanctions.tsv has no sanction of level moral"},
      {"pp94_pasal5n.tsv", "Ps 14", "", "pp94_pasal5n.tsv:2: level_basis: empty"},
      {"pp94_pasal5n.tsv", "N-2", "N-1",
       "pp94_pasal5n.tsv:3: code: \"N-1\" stands in an earlier row too"},
      {"sanctions.tsv", "keberatan||V2", "keberatan|S-9|V2",
       "sanctions.tsv:2: replaces: no sanction \"S-9\""},
  });
}

TEST(ReferenceFaults, WhoMayImposeAndSign) {
  ExpectRefused({
      {"authority.tsv", "ringan,berat:L-B1", "", "authority.tsv:2: levels: empty"},
      {"authority.tsv", "ringan,berat:L-B1", "ringan,parah",
       "authority.tsv:2: levels: \"parah\" is not one of moral, ringan, sedang, berat, ptdh"},
      {"authority.tsv", "berat:L-B1", "berat:R-1",
       "authority.tsv:2: levels: sanctions.tsv has no sanction \"R-1\" of level berat"},
      {"authority.tsv", "PP94|presiden", "PP30|presiden",
       "authority.tsv:2: regime: sanctions.tsv has no regime \"PP30\""},
      {"authority.tsv", "|presiden|", "|raja|",
       "authority.tsv:2: imposer: codes.tsv has no imposer \"raja\""},
      {"authority.tsv", "pusat,kabkota", "desa",
       "authority.tsv:2: government: \"desa\" is not one of pusat, provinsi, kabkota"},
      {"authority.tsv", "jpt_madya,jpt_utama", "camat",
       "authority.tsv:3: target: codes.tsv has no sanction_target \"camat\""},
      {"authority.tsv", "Ps 16", "", "authority.tsv:2: basis: empty"},
      {"authority.tsv", "PP94,PP53|ppk|pusat|jpt_madya,jpt_utama",
       "PP94|presiden|pusat,kabkota|jpt_utama",
       "authority.tsv:3: target: \"jpt_utama\" stands in an earlier row too"},
      {"mandates.tsv", "plt|", "plh|", "mandates.tsv:2: mandate: codes.tsv has no mandate \"plh\""},
      {"mandates.tsv", "plt|ringan|SE BKN|R||\n", "plt||SE BKN|R||\nplt||SE BKN|R||\n",
       "mandates.tsv:3: mandate: \"plt\" stands in an earlier row too"},
      {"mandates.tsv", "ringan", "keras",
       "mandates.tsv:2: levels: \"keras\" is not one of moral, ringan, sedang, berat, ptdh"},
      {"pppk_sanctions.tsv", "ppk/13.04", "bkn", "pppk_sanctions.tsv:2: authority: no PPK \"bkn\""},
      {"pppk_sanctions.tsv", "|P-1|", "|R-1|",
       "pppk_sanctions.tsv:2: code: sanctions.tsv has no sanction \"R-1\" of PPPK of level ringan"},
      {"pppk_sanctions.tsv", "2018-11-28|", "2018-11-28|2018-11-27",
       "pppk_sanctions.tsv:2: valid_to: 2018-11-27 lies before the first day, 2018-11-28"},
  });
}

TEST(ReferenceFaults, RulesPairsAndConflicts) {
  ExpectRefused({
      {"rules.tsv", "PP 94", "", "rules.tsv:2: basis: empty"},
      {"rules.tsv", "one_heaviest|Satu yang terberat|PP 94|||V2|L1|\n",
       "a|b|c|||R||\na|b|c|||R||\n", "rules.tsv:3: rule: \"a\" stands in an earlier row too"},
      {"violation_pairs.tsv", "HD-12", "HD-13",
       "violation_pairs.tsv:2: from: no violation \"HD-13\""},
      {"violation_pairs.tsv", "HD-12", "KE-01",
       "violation_pairs.tsv:2: from: KE-01 belongs to pra_penetapan"},
      {"violation_pairs.tsv", "KE-01|HD-12", "HD-12|HD-12",
       "violation_pairs.tsv:2: from: \"HD-12\" stands in an earlier row too"},
      {"violation_pairs.tsv", "part", "half",
       "violation_pairs.tsv:2: extent: \"half\" is not one of same, part"},
      {"sbt_states.tsv", "|batal|batal|", "|lain|batal|",
       "sbt_states.tsv:3: reason: codes.tsv has no dismissal_reason and no closing_reason "
       "\"lain\""},
      {"sbt_states.tsv", "||tidak|", "||lain|",
       "sbt_states.tsv:2: sbt_status: codes.tsv has no sbt_status \"lain\""},
      {"sbt_states.tsv", "|batal|batal|", "||batal|",
       "sbt_states.tsv:3: state: \"dismissed\" stands in an earlier row too"},
      {"retention.tsv", "dismissed|1|", "dismissed|0|",
       "retention.tsv:2: years: \"0\" is not a number 1 to 9999"},
      {"retention.tsv", "served|10|", "dismissed|10|",
       "retention.tsv:3: outcome: \"dismissed\" stands in an earlier row too"},
      {"conflicts.tsv", "KE-01,HD-12", "KE-99",
       "conflicts.tsv:2: rows: violations.tsv has no row \"KE-99\""},
      {"conflicts.tsv", "|violations|", "|crimes|", "conflicts.tsv:2: table: no table \"crimes\""},
  });
}

TEST(ReferenceFaults, PublishedFigures) {
  ExpectRefused({
      {"stats.tsv", "PILKADA||2024-12", "PILKADES||2024-12",
       "stats.tsv:2: election: no election \"PILKADES\""},
      {"stats.tsv", "PILKADA||2024-12", "||2024-12", "stats.tsv:2: election: empty"},
      {"stats.tsv", "PEMILU|13|", "PEMILU|99|", "stats.tsv:3: region: no region \"99\""},
      {"stats.tsv", "|kasus|", "|ekor|",
       "stats.tsv:2: unit: \"ekor\" is not one of orang, kasus, perkara, dokumen, pelanggaran, "
       "rekomendasi, daerah, persen, persen_multi"},
      {"stats.tsv", "|314|", "|3.|",
       "stats.tsv:2: value: no number; write it as 1010, 30.4 or <1000"},
      {"stats.tsv", "<1000", "<", "stats.tsv:4: value: no number; write it as 1010, 30.4 or <1000"},
      {"stats.tsv", "Bawaslu|kasus", "|kasus", "stats.tsv:2: publisher: empty"},
      {"stats.tsv", "ST-2", "ST-1", "stats.tsv:3: figure: \"ST-1\" stands in an earlier row too"},
  });
}

TEST(ReferenceFaults, Offices) {
  ExpectRefused({
      {"bawaslu_offices.tsv", "03.19", "0319",
       "bawaslu_offices.tsv:3: office: \"0319\" is not PP or PP.KK"},
      {"bawaslu_offices.tsv", "13.04", "13.99",
       "bawaslu_offices.tsv:3: region: no region \"13.99\""},
      {"bawaslu_offices.tsv", "03.19", "03",
       "bawaslu_offices.tsv:3: office: \"03\" stands in an earlier row too"},
      {"bawaslu_offices.tsv", "2020-01-01", "2007-01-01",
       "bawaslu_offices.tsv:3: valid_to: 2007-01-01 lies before the first day, 2008-01-01"},
      {"agencies.tsv", "ppk/{PP.KK}", "ppk/{PP}", "agencies.tsv:2: authority: no PPK \"ppk/{PP}\""},
      {"agencies.tsv", "BKPSDM {region}", "BKPSDM",
       "agencies.tsv:2: name: a pattern has {region} here"},
      {"agencies.tsv", "Kementerian||", "Kementerian|99|",
       "agencies.tsv:3: region: no region \"99\""},
      {"agencies.tsv", "Kementerian||", "bkpsdm kota. makassar||",
       "agencies.tsv:3: name: \"bkpsdm kota. makassar\" stands in an earlier row too"},
      {"regions.tsv", "provinsi||||V", "provinsi||2022-01-01|2021-01-01|V",
       "regions.tsv:2: valid_to: 2021-01-01 lies before the first day, 2022-01-01"},
  });
}

TEST(ReferenceFaults, CodesAndGolongan) {
  ExpectRefused({
      {"codes.tsv", "karier", "", "codes.tsv:2: code: empty"},
      {"codes.tsv", "|Karier", "|", "codes.tsv:2: text_id: empty"},
      {"codes.tsv", "utang_budi", "karier",
       "codes.tsv:3: code: \"karier\" stands in an earlier row too"},
      {"codes.tsv", "Utang budi", "KARIER",
       "codes.tsv:3: text_id: \"KARIER\" stands in an earlier row too"},
      {"golongan.tsv", "PPPK", "TNI", "golongan.tsv:3: status: \"TNI\" is not one of PNS, PPPK"},
      {"golongan.tsv", "PPPK||", "PPPK|Penata|",
       "golongan.tsv:3: pangkat: a golongan of PNS has a pangkat, one of PPPK has none"},
      {"golongan.tsv", "Penata Tingkat I", "",
       "golongan.tsv:2: pangkat: a golongan of PNS has a pangkat, one of PPPK has none"},
      {"golongan.tsv", "IX", "III/d",
       "golongan.tsv:3: golongan: \"III/d\" stands in an earlier row too"},
  });
}

TEST(ReferenceFaults, ElectionsHolidaysAndDeadlines) {
  ExpectRefused({
      {"elections.tsv", "|13.04|", "|13.05|", "elections.tsv:4: region: no region \"13.05\""},
      {"elections.tsv", "|13|*|", "||*|", "elections.tsv:3: region: empty"},
      {"elections.tsv", "penetapan", "rekap",
       "elections.tsv:2: stage: \"rekap\" is not one of pendaftaran, penetapan, kampanye, "
       "masa_tenang, pemungutan, penghitungan, psu"},
      {"elections.tsv", "|*|penetapan", "|camat|penetapan",
       "elections.tsv:2: contest: codes.tsv has no contest \"camat\""},
      {"elections.tsv", "2024-09-29", "2024-09-26",
       "elections.tsv:4: to: 2024-09-26 lies before the first day, 2024-09-27"},
      {"elections.tsv", "2024-09-27|2024", "|2024",
       "elections.tsv:4: from: \"\" is not a date yyyy-mm-dd"},
      {"elections.tsv", "|13.04|", "|13|",
       "elections.tsv:4: stage: \"penetapan\" stands in an earlier row too"},
      {"elections.tsv", "Pemilihan|pemilihan|13|", "Pilkada|pemilihan|13|",
       "elections.tsv:3: name: PILKADA is \"Pemilihan\" above"},
      {"elections.tsv", "Pemilihan|pemilihan|13|", "Pemilihan|pemilu|13|",
       "elections.tsv:3: regime: PILKADA is pemilihan above"},
      {"elections.tsv", "Pemilu|pemilu|", "Pemilu|pilkades|",
       "elections.tsv:5: regime: \"pilkades\" is not one of pemilu, pemilihan"},
      {"holidays.tsv", "2024-12-26", "2024-12-25",
       "holidays.tsv:3: date: \"2024-12-25\" stands in an earlier row too"},
      {"holidays.tsv", "2024-12-26", "2024-13-26",
       "holidays.tsv:3: date: \"2024-13-26\" is not a date yyyy-mm-dd"},
      {"holidays.tsv", "cuti_bersama", "cuti",
       "holidays.tsv:3: kind: \"cuti\" is not one of libur, cuti_bersama"},
      {"deadlines.tsv", "|7|", "|-7|", "deadlines.tsv:2: n: \"-7\" is not a number 1 to 9999"},
      {"deadlines.tsv", "|7|", "|10000|",
       "deadlines.tsv:2: n: \"10000\" is not a number 1 to 9999"},
      {"deadlines.tsv", "hari_kerja", "minggu",
       "deadlines.tsv:2: unit: \"minggu\" is not one of hari, hari_kerja, jam"},
      {"deadlines.tsv", "diketahui", "", "deadlines.tsv:2: anchor: empty"},
      {"deadlines.tsv", "UU 7/2017", "", "deadlines.tsv:2: basis: empty"},
      {"deadlines.tsv", "D-02", "D-01",
       "deadlines.tsv:3: id: \"D-01\" stands in an earlier row too"},
  });
}

TEST(ReferenceFaults, WhoDecidesInsteadIsAnotherPpk) {
  ExpectRefused({
      {"alternates.tsv", "ppk/13.04|ppk/73.71", "ppk/13.05|ppk/73.71",
       "alternates.tsv:2: authority: no PPK \"ppk/13.05\""},
      {"alternates.tsv", "ppk/13.04|ppk/73.71", "ppk/13.04|bkn",
       "alternates.tsv:2: alternate: no PPK \"bkn\""},
      {"alternates.tsv", "ppk/13.04|ppk/73.71", "ppk/{PP.KK}|ppk/73.71",
       "alternates.tsv:2: alternate: ppk/73.71 would decide instead of itself"},
      {"alternates.tsv", "ppk/13.04|ppk/73.71", "ppk/{PP.KK}|ppk/{PP}",
       "alternates.tsv:2: alternate: no PPK \"ppk/13\""},
      {"alternates.tsv", "2024-01-01|", "2024-01-01|2023-01-01",
       "alternates.tsv:2: valid_to: 2023-01-01 lies before the first day, 2024-01-01"},
  });
}

TEST(ReferenceFaults, HowAMachineReadsADeadline) {
  const absl::string_view moments = "deadlines.tsv:2: on: \"known\" is not one of report_known, ";
  const auto known = Catalogue::FromFiles(
      MinimalFilesWith("deadlines.tsv", "report_known,finding_known", "known"));
  EXPECT_THAT(std::string(known.status().message()), StartsWith(std::string(moments)));
  const absl::string_view hours =
      "deadlines.tsv:3: count_from: hours are counted from the instant, days are not";
  const absl::string_view owed =
      "deadlines.tsv:3: met_by: what somebody owes is met by something, and nothing else is";
  ExpectRefused({
      {"deadlines.tsv", "|pemilu|", "|pemillu|",
       "deadlines.tsv:2: regime: \"pemillu\" is not one of pemilu, pemilihan, sbt, eskalasi2020, "
       "pp94, pp79, pdp, lapor"},
      {"deadlines.tsv", "report_known,finding_known", "", "deadlines.tsv:2: on: empty"},
      {"deadlines.tsv", "due:D-01", "due:D-04",
       "deadlines.tsv:4: on: no row \"D-04\" stands above"},
      {"deadlines.tsv", "due:D-01", "due:D-02",
       "deadlines.tsv:4: on: D-02 is due at an hour, not on a day"},
      {"deadlines.tsv", "route_banding", "route",
       "deadlines.tsv:4: only_if: \"route\" is not one of more_information, "
       "no_more_information, route_keberatan, route_banding"},
      {"deadlines.tsv", "next_day", "tomorrow",
       "deadlines.tsv:2: count_from: \"tomorrow\" is not one of next_day, same_day, instant"},
      {"deadlines.tsv", "instant", "next_day", hours},
      {"deadlines.tsv", "breach_notified", "", owed},
      {"deadlines.tsv", "breach_notified||author", "breach_notified||nobody", owed},
      {"deadlines.tsv", "reporter|intake", "pelapor|intake",
       "deadlines.tsv:2: duty: \"pelapor\" is not one of intake, referral, sanction, author, "
       "reporter, respondent, bpasn, nobody"},
      {"deadlines.tsv", "reporter|intake", "reporter|bpasn",
       "deadlines.tsv:2: watcher: only an authority watches, or nobody"},
      {"deadlines.tsv", "reporter|intake", "reporter|nobody",
       "deadlines.tsv:2: rungs: somebody must watch, so that a rung is recorded"},
      {"deadlines.tsv", "-2,0,7", "0,-2,7",
       "deadlines.tsv:2: rungs: -2 does not come after 0; write them rising, e.g. -2,0,7"},
      {"deadlines.tsv", "-2,0,7", "-2,+1",
       "deadlines.tsv:2: rungs: \"+1\" is not a number -999 to 999"},
      {"deadlines.tsv", "-2,0,7", "1000",
       "deadlines.tsv:2: rungs: \"1000\" is not a number -999 to 999"},
      {"deadlines.tsv", "2030-01-01", "2010-01-01",
       "deadlines.tsv:2: valid_to: 2010-01-01 lies before the first day, 2017-08-16"},
      {"deadlines.tsv", "X-05|C", "|C",
       "deadlines.tsv:4: conflict: names a conflict where the mark is C, and only there"},
      {"deadlines.tsv", "X-05|C", "X-05|V",
       "deadlines.tsv:4: conflict: names a conflict where the mark is C, and only there"},
  });
}

TEST(ReferenceFaults, FollowUpsYearsAndZones) {
  ExpectRefused({
      {"follow_up.tsv", "ppk/13.04", "ppk/99",
       "follow_up.tsv:3: authority: no PPK \"ppk/99\"; write an authority that decides on "
       "sanctions, or * for all"},
      {"follow_up.tsv", "ppk/13.04", "bkn",
       "follow_up.tsv:3: authority: no PPK \"bkn\"; write an authority that decides on "
       "sanctions, or * for all"},
      {"follow_up.tsv", "ppk/13.04", "*",
       "follow_up.tsv:3: authority: \"*\" stands in an earlier row too"},
      {"follow_up.tsv", "|20|", "|0|", "follow_up.tsv:2: n: \"0\" is not a number 1 to 9999"},
      {"follow_up.tsv", "*|20|hari_kerja|0|SE 1/2026|R|", "*|20|hari_kerja|0|SE 1/2026|C|L1",
       "follow_up.tsv:2: mark: what an operator sets is not in conflict"},
      {"calendar_years.tsv", "2025", "2024",
       "calendar_years.tsv:3: year: \"2024\" stands in an earlier row too"},
      {"calendar_years.tsv", "yes", "ya",
       "calendar_years.tsv:2: complete: \"ya\" is not one of yes, no"},
      {"time_zones.tsv", "WITA", "WITAA",
       "time_zones.tsv:3: zone: \"WITAA\" is not one of WIB, WITA, WIT"},
      {"time_zones.tsv", "73|", "73.71|", "time_zones.tsv:3: region: no province \"73.71\""},
      {"time_zones.tsv", "73|", "13|",
       "time_zones.tsv:3: region: \"13\" stands in an earlier row too"},
      {"time_zones.tsv", "73|WITA|R||\n", "", "time_zones.tsv: no zone for province 73; add a row"},
  });
}

class LoadFromDirectory : public testing::Test {
 protected:
  void SetUp() override {
    directory_ = std::filesystem::path(testing::TempDir()) /
                 absl::StrCat("selaras_reference_",
                              testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::remove_all(directory_);
    std::filesystem::create_directories(directory_);
    for (const auto& [name, text] : MinimalFiles()) Write(name, text);
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }

  void Write(const std::string& name, const std::string& text) {
    std::ofstream(directory_ / name, std::ios::binary) << text;
  }

  std::filesystem::path directory_;
};

TEST_F(LoadFromDirectory, GivesTheExactBytesBack) {
  Write("README.md", "not a table");
  const auto catalogue = LoadCatalogue(directory_.string());
  ASSERT_TRUE(catalogue.ok()) << catalogue.status();
  EXPECT_EQ((*catalogue)->files(), MinimalFiles());
}

TEST_F(LoadFromDirectory, GivesATableOfSeveralPiecesBack) {
  std::string long_table = MinimalFiles().at("holidays.tsv");
  for (int day = 0; long_table.size() < 50'000; ++day) {
    absl::StrAppend(&long_table, absl::FormatCivilTime(absl::CivilDay(1950, 1, 1) + day),
                    "\tlibur\tUji\tR\t\n");
  }
  Write("holidays.tsv", long_table);
  const auto catalogue = LoadCatalogue(directory_.string());
  ASSERT_TRUE(catalogue.ok()) << catalogue.status();
  EXPECT_EQ((*catalogue)->files().at("holidays.tsv"), long_table);
}

TEST_F(LoadFromDirectory, KeepsNotMuchMoreMemoryThanThereIsToKeep) {
  const auto catalogue = LoadCatalogue(directory_.string());
  ASSERT_TRUE(catalogue.ok()) << catalogue.status();
  for (const auto& [name, content] : (*catalogue)->files()) {
    EXPECT_LE(content.capacity(), 2 * content.size() + 64) << name;
  }
}

TEST_F(LoadFromDirectory, NamesTheFileWithItsDirectory) {
  Write("golongan.tsv", "nonsense\n");
  EXPECT_THAT(std::string(LoadCatalogue(directory_.string()).status().message()),
              StartsWith(absl::StrCat((directory_ / "golongan.tsv").string(), ":1: ")));
}

TEST_F(LoadFromDirectory, RefusesAMisspeltTable) {
  std::filesystem::rename(directory_ / "codes.tsv", directory_ / "code.tsv");
  EXPECT_THAT(std::string(LoadCatalogue(directory_.string()).status().message()),
              HasSubstr("code.tsv: not a table of the catalogue"));
}

TEST_F(LoadFromDirectory, RefusesATableThatIsADirectory) {
  std::filesystem::remove(directory_ / "codes.tsv");
  std::filesystem::create_directory(directory_ / "codes.tsv");
  const absl::Status status = LoadCatalogue(directory_.string()).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(std::string(status.message()), HasSubstr("codes.tsv: cannot be read"));
}

TEST_F(LoadFromDirectory, RefusesATableOverTheLimitWithoutReadingItAll) {
  Write("codes.tsv", std::string(6 << 20, 'x'));
  EXPECT_THAT(std::string(LoadCatalogue(directory_.string()).status().message()),
              HasSubstr("codes.tsv: larger than 4194304 bytes"));
}

TEST_F(LoadFromDirectory, NamesADirectoryThatIsNotThere) {
  const absl::Status status = LoadCatalogue((directory_ / "nowhere").string()).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(std::string(status.message()),
              HasSubstr("name the directory that holds the reference data"));
}

}  // namespace
}  // namespace selaras::reference

#include "minimal_catalogue.h"

#include "absl/strings/str_replace.h"

#include "storage/base/check.h"

namespace selaras::reference {
namespace {

// Tables are written with | for the tab, so that they can be read.
std::string Tabs(absl::string_view text) { return absl::StrReplaceAll(text, {{"|", "\t"}}); }

}  // namespace

Catalogue::Files MinimalFiles() {
  Catalogue::Files files = {
      {"authorities.tsv",
       "authority|name|role|region|valid_from|valid_to|successor|mark|source|note\n"
       "bawaslu/{PP}|Bawaslu Provinsi {region}|intake|{PP}||||V|D|\n"
       "kasn|Komisi|referral||2014-09-30|2024-08-23|bkn|V|D|\n"
       "bkn|Badan|referral||2024-08-24|||V|D|\n"
       "ppk/{PP.KK}|Pemerintah {region}|sanction|{PP.KK}||||V|D|\n"
       "ppk/73.71|Pemerintah yang lain|sanction|73.71||||R||\n"},
      {"agencies.tsv",
       "name|region|authority|valid_from|valid_to|mark|source|note\n"
       "BKPSDM {region}|{PP.KK}|ppk/{PP.KK}|||V|D|\n"
       "Kementerian||ppk/73.71|||R||\n"},
      {"alternates.tsv",
       "authority|alternate|basis|valid_from|valid_to|mark|source|note\n"
       "ppk/13.04|ppk/73.71|UU 30|2024-01-01||R||\n"
       "ppk/73.71|ppk/13.04|UU 30|||R||\n"},
      {"authority.tsv",
       "regime|imposer|government|target|levels|basis|mark|source|note\n"
       "PP94|presiden|pusat,kabkota|jpt_utama|ringan,berat:L-B1|Ps 16|V2|L1|\n"
       "PP94,PP53|ppk|pusat|jpt_madya,jpt_utama|berat|Ps 17|V2|L1|\n"},
      {"bawaslu_offices.tsv",
       "office|name|region|valid_from|valid_to|mark|source|note\n"
       "03|Bawaslu Sumbar|13|||V|D|\n"
       "03.19|Bawaslu Tanah Datar|13.04|2008-01-01|2020-01-01|V|D|\n"},
      {"codes.tsv",
       "list|code|text_id|mark|source\n"
       "motive|karier|Karier|V|D\n"
       "motive|utang_budi|Utang budi|R|\n"
       "contest|bupati|Bupati|R|\n"
       "sbt_status|tidak|Tidak terbukti|V|D\n"
       "sbt_status|batal|Batal|V|D\n"
       "dismissal_reason|batal|Batal|V|D\n"
       "imposer|presiden|Presiden|R|\n"
       "imposer|ppk|PPK|R|\n"
       "sanction_target|jpt_utama|JPT Utama|R|\n"
       "sanction_target|jpt_madya|JPT Madya|R|\n"
       "mandate|plt|Pelaksana tugas|R|\n"
       "return_reason|bukti_kurang|Bukti belum lengkap|V|D\n"},
      {"calendar_years.tsv",
       "year|complete|mark|source|note\n"
       "2024|yes|R||\n"
       "2025|no|R||\n"},
      {"conflicts.tsv",
       "conflict|table|rows|text_id|mark|source\n"
       "X-01|violations|KE-01,HD-12|Dua daftar|C|D\n"},
      {"deadlines.tsv",
       "id|regime|step|anchor|n|unit|basis|on_miss|on|only_if|count_from|met_by|suspended_by|duty|"
       "watcher|rungs|valid_from|valid_to|conflict|mark|source|note\n"
       "D-01|pemilu|laporan|diketahui|7|hari_kerja|UU 7/2017||report_known,finding_known||next_day|"
       "report_received||reporter|intake|-2,0,7|2017-08-16|2030-01-01||V|A1|\n"
       "D-02|pdp|pemberitahuan|diketahui|72|jam|UU 27/2022|gugur|breach_known||instant|"
       "breach_notified||author|author|||||V|P1|catatan\n"
       "D-03|pp94|berlaku|D-01|15|hari|PP 94||due:D-01|route_banding|same_day||appeal_filed|"
       "nobody|nobody||||X-05|C|L1|\n"},
      {"elections.tsv",
       "code|name|regime|region|contest|stage|from|to|mark|source|note\n"
       "PILKADA|Pemilihan|pemilihan|*|*|penetapan|2024-09-22|2024-09-22|V|D|\n"
       "PILKADA|Pemilihan|pemilihan|13|*|penetapan|2024-09-25|2024-09-25|V|D|\n"
       "PILKADA|Pemilihan|pemilihan|13.04|*|penetapan|2024-09-27|2024-09-29|V|D|\n"
       "PEMILU|Pemilu|pemilu|13|*|penetapan|2023-11-03|2023-11-13|R||\n"},
      {"follow_up.tsv",
       "authority|n|unit|rungs|basis|mark|source|note\n"
       "*|20|hari_kerja|0|SE 1/2026|R||\n"
       "ppk/13.04|10|hari|-2,0,7|SE 1/2026|R||\n"},
      {"golongan.tsv",
       "golongan|status|pangkat|mark|source\n"
       "III/d|PNS|Penata Tingkat I|R|\n"
       "IX|PPPK||R|\n"},
      {"holidays.tsv",
       "date|kind|name|mark|source\n"
       "2024-12-25|libur|Natal|R|\n"
       "2024-12-26|cuti_bersama|Natal|R|\n"},
      {"mandates.tsv",
       "mandate|levels|basis|mark|source|note\n"
       "plt|ringan|SE BKN|R||\n"},
      {"pp94_pasal5n.tsv",
       "code|text_id|level|level_basis|mark|source\n"
       "N-1|ikut kampanye|ringan_or_berat|Ps 14|V2|L1\n"
       "N-2|peserta kampanye|berat|Ps 14|V2|L1\n"},
      {"pppk_sanctions.tsv",
       "authority|code|level|text_id|valid_from|valid_to|basis|mark|source\n"
       "ppk/13.04|P-1|ringan|Teguran|2018-11-28||Perbup|V|L3\n"},
      {"regions.tsv",
       "code|name|level|parent|valid_from|valid_to|mark|source|note\n"
       "13|Sumatera Barat|provinsi||||V|W1|\n"
       "13.04|Kabupaten Tanah Datar|kabupaten|13|||V|W1|\n"
       "73|Sulawesi Selatan|provinsi||||V|W1|\n"
       "73.71|Kota Makassar|kota|73|||V|W1|\n"},
      {"rules.tsv",
       "rule|text_id|basis|valid_from|valid_to|mark|source|note\n"
       "one_heaviest|Satu yang terberat|PP 94|||V2|L1|\n"},
      {"sanctions.tsv",
       "code|regime|level|text_id|valid_from|valid_to|duration_months|applies_to|appeal_route|"
       "replaces|mark|source\n"
       "R-1|PP94|ringan|Teguran|2021-08-31|||PNS|keberatan||V2|L1\n"
       "L-B1|PP53|berat|Penurunan|2010-06-06|2021-08-30|36|PNS|keberatan||V|L2\n"
       "P-1|PP49|ringan|Teguran|2018-11-28|||PPPK|keberatan||V|L3\n"},
      {"time_zones.tsv",
       "region|zone|mark|source|note\n"
       "13|WIB|R||\n"
       "73|WITA|R||\n"},
      {"retention.tsv",
       "outcome|years|basis|mark|source|note\n"
       "dismissed|1|UU|R||\n"
       "served|10|UU|R||\n"},
      {"sbt_states.tsv",
       "state|reason|sbt_status|mark|source|note\n"
       "dismissed||tidak|R||\n"
       "dismissed|batal|batal|R||\n"},
      {"stats.tsv",
       "figure|election|region|as_of|publisher|unit|metric|value|mark|source|note\n"
       "ST-1|PILKADA||2024-12|Bawaslu|kasus|netralitas|314|V|D|\n"
       "ST-2|PILKADA,PEMILU|13||Bawaslu|persen_multi|motif|30.4|C|D|\n"
       "ST-3|PILKADA|13.04|final|Bawaslu|perkara|pelanggaran|<1000|R||\n"},
      {"violation_pairs.tsv",
       "before|from|extent|mark|source|note\n"
       "KE-01|HD-12|part|R||\n"},
      {"violations.tsv",
       "code|class|phase|slug|text_id|basis|sanction_level|sanction_basis|tags|mark|source\n"
       "KE-01|kode_etik|pra_penetapan|alat_peraga|Memasang|PP 42|ringan|PP 42|a,b|V|K1\n"
       "HD-12|disiplin|any|keputusan|Membuat|PP 94|berat|PP 94||C|K3\n"},
  };
  // The patterns of the authorities hold no |, so every | is a tab.
  for (auto& [name, text] : files) text = Tabs(text);
  return files;
}

Catalogue::Files MinimalFilesWith(absl::string_view file, absl::string_view from,
                                  absl::string_view to) {
  Catalogue::Files files = MinimalFiles();
  std::string& text = files.at(std::string(file));
  const std::string before = Tabs(from);
  const std::size_t at = text.find(before);
  SELARAS_CHECK(at != std::string::npos) << from << " is not in " << file;
  text.replace(at, before.size(), Tabs(to));
  return files;
}

}  // namespace selaras::reference

#include "tools/selaras/commands/node_tables.h"

#include <cstdint>
#include <utility>

#include "absl/strings/str_cat.h"

#include "tools/selaras/text.h"

namespace selaras::cli {
namespace {

constexpr std::int64_t kSecondsADay = 86'400;
// As a node warns in its log.
constexpr std::int64_t kDaysBad = 7;
constexpr std::int64_t kDaysWarning = 30;

}  // namespace

Cell LinkStateCell(const ledger::v1::LinkState& link) {
  if (link.stopped()) return {link.forked() ? "stopped: forked" : "stopped", Tone::kBad};
  if (!link.fault().empty()) return {"tried again", Tone::kBad};
  if (!link.connected()) return {"down", Tone::kWarning};
  return link.caught_up() ? Cell("up, caught up", Tone::kGood) : Cell("up, behind", Tone::kWarning);
}

Table LogTable(const ledger::v1::GetNodeResponse& node) {
  Table table({"LOG", ">ENTRIES", ">READABLE", "ROOT", "KIND"});
  for (const ledger::v1::LogState& log : node.logs()) {
    table.Add({log.log(),
               absl::StrCat(log.size()),
               absl::StrCat(log.mirror() ? log.entries_held() : log.size()),
               {ShortHash(log.root()), Tone::kDim},
               log.mirror() ? "mirror" : "own"});
  }
  return table;
}

Table PublishedTable(const ledger::v1::GetNodeResponse& node) {
  Table table({"PUBLISHED", ">ENTRIES", ">WITNESSED", "COSIGNED BY", "FIRST", "NEWEST"});
  for (const ledger::v1::LogState& log : node.logs()) {
    if (!log.has_published()) continue;
    const ledger::v1::PublishedState& published = log.published();
    std::string name = log.log();
    std::string size = absl::StrCat(published.size());
    std::string witnessed =
        published.witnessed_size() == 0 ? "" : absl::StrCat(published.witnessed_size());
    if (published.cosigned().empty()) table.Add({name, size, witnessed, "nobody yet", "", ""});
    for (const ledger::v1::Cosignature& by : published.cosigned()) {
      table.Add({std::exchange(name, ""),
                 std::exchange(size, ""),
                 std::exchange(witnessed, ""),
                 by.witness(),
                 {TimeText(by.first()), Tone::kDim},
                 {TimeText(by.newest()), Tone::kDim}});
    }
  }
  return table;
}

Table CertificateTable(const ledger::v1::GetNodeResponse& node) {
  Table table({"CERTIFICATE", "OF", "ENDS", ">DAYS"});
  for (const ledger::v1::CertificateState& each : node.certificates()) {
    const std::int64_t left = each.ends_at().seconds() - node.now().seconds();
    const std::int64_t days = left / kSecondsADay;
    const Tone tone = days < kDaysBad       ? Tone::kBad
                      : days < kDaysWarning ? Tone::kWarning
                                            : Tone::kPlain;
    table.Add({each.kind(),
               Printable(each.name()),
               {TimeText(each.ends_at()), Tone::kDim},
               {left < 0 ? "ended" : absl::StrCat(days), tone}});
  }
  return table;
}

Table LinkTable(const ledger::v1::GetNodeResponse& node) {
  Table table({"LINK TO", "STATE", ">RECEIVED", ">ARRIVED", ">DISCLOSED", "VERIFIED", "FAULT"});
  for (const ledger::v1::LinkState& link : node.links()) {
    table.Add({link.peer(),
               LinkStateCell(link),
               absl::StrCat(link.received_size()),
               absl::StrCat(link.arrived_size()),
               absl::StrCat(link.disclosed_arrived(), "/", link.disclosed()),
               {TimeText(link.verified_at()), Tone::kDim},
               {link.fault(), Tone::kBad}});
  }
  return table;
}

}  // namespace selaras::cli

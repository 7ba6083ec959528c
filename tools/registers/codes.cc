#include "tools/registers/codes.h"

#include "services/domain/nip.h"

namespace selaras::registers {

std::string ReadCode(RowReader& cells, const reference::Catalogue& catalogue,
                     absl::string_view column, absl::string_view list, absl::string_view why) {
  if (cells.IsEmpty(column)) return "";
  const reference::Code* code = catalogue.FindCodeOrText(list, cells.Raw(column));
  if (code != nullptr) return code->code;
  cells.Refuse(column, why);
  return "";
}

std::string ReadRegion(RowReader& cells, const reference::Catalogue& catalogue,
                       absl::string_view column) {
  if (cells.IsEmpty(column)) return "";
  const reference::Region* region = catalogue.FindRegion(cells.Raw(column));
  if (region != nullptr) return region->code;
  cells.Refuse(column, "unknown region");
  return "";
}

std::string ReadSanction(RowReader& cells, const reference::Catalogue& catalogue,
                         absl::string_view column) {
  if (cells.IsEmpty(column)) return "";
  const reference::Sanction* sanction = catalogue.FindSanction(cells.Raw(column));
  if (sanction != nullptr) return sanction->code;
  cells.Refuse(column, "unknown sanction code");
  return "";
}

std::string ReadNipOfEitherStatus(RowReader& cells, absl::string_view column) {
  if (cells.IsEmpty(column)) {
    cells.Refuse(column, "no NIP");
    return "";
  }
  auto nip = domain::ParseNip(cells.Raw(column), domain::EmploymentStatus::kPppk);
  if (nip.ok()) return nip->digits;
  cells.Refuse(column, nip.status().message());
  return "";
}

}  // namespace selaras::registers

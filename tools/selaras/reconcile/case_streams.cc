#include "tools/selaras/reconcile/case_streams.h"

#include "storage/base/status.h"

namespace selaras::cli {
namespace {

constexpr int kPage = 500;

}  // namespace

MergedCases::MergedCases(const std::vector<std::unique_ptr<Node>>& nodes) {
  for (const auto& node : nodes) pages_.push_back({.node = node.get(), .ids = {}, .token = {}});
}

absl::StatusOr<bool> MergedCases::Fill(Pages* pages) {
  while (pages->at == pages->ids.size()) {
    // A page may be empty while there are more.
    if (pages->begun && pages->token.empty()) return false;
    query::v1::ListCasesRequest request;
    request.set_page_size(kPage);
    request.set_page_token(pages->token);
    ASSIGN_OR_RETURN(const auto page, pages->node->ListCases(request));
    pages->begun = true;
    pages->token = page.next_page_token();
    pages->at = 0;
    pages->ids.clear();
    for (const query::v1::Case& shown : page.cases()) pages->ids.push_back(shown.case_id());
  }
  return true;
}

absl::StatusOr<std::string> MergedCases::Next() {
  std::string next;
  for (Pages& pages : pages_) {
    ASSIGN_OR_RETURN(const bool more, Fill(&pages));
    if (more && (next.empty() || pages.ids[pages.at] < next)) next = pages.ids[pages.at];
  }
  for (Pages& pages : pages_) {
    if (pages.at < pages.ids.size() && pages.ids[pages.at] == next) ++pages.at;
  }
  return next;
}

}  // namespace selaras::cli

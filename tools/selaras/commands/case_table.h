#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

#include "selaras/query/v1/query.pb.h"

#include "tools/selaras/table.h"

// How cases stand in a table, the same for `case list` and `case find`.
namespace selaras::cli {

std::vector<std::string> CaseHeadings();
std::vector<Cell> CaseRow(const query::v1::Case& c);

Tone ToneOf(query::v1::CaseState state);

// The text, or that it is sealed.
std::string Personal(query::v1::PersonalState state, const std::string& text);
std::string Personal(const query::v1::Case& c, const std::string& text);
std::string NipText(const query::v1::Case& c);

// How far the case is on the way to be forgotten, in a line. Empty: nobody spoke of it.
std::string ErasureText(const query::v1::Case& c);

// Words for kinds of numbers: `register`, `referral-letter`, `sbt`, …
std::string KindWord(event::v1::ReferenceKind kind);
// Unspecified if it is none.
event::v1::ReferenceKind ParseKind(absl::string_view word);
std::string KindWords();

}  // namespace selaras::cli

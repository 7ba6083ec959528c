#include "tools/selaras/help.h"

#include <algorithm>
#include <numeric>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

#include "tools/selaras/options.h"
#include "tools/selaras/table.h"

namespace selaras::cli {
namespace {

constexpr std::size_t kWidth = 96;
constexpr std::size_t kLabelMax = 30;

constexpr absl::string_view kExitCodes =
    "exit codes:\n"
    "  0  done\n"
    "  1  it could not be done\n"
    "  2  the command line is wrong\n"
    "  3  import: some rows were refused, or differ from what is recorded;\n"
    "     export: some cases were left out\n"
    "  4  import: some rows wait for a case that is not here yet (also if others were refused)\n"
    "  5  log verify: the store is not what its entries say;\n"
    "     attachment get: the document has not the size that the node said\n"
    "  6  the node does not answer\n"
    "  7  reconcile: the file and the node differ\n";

// Breaks text at spaces; every line begins with `indent` blanks, but for the first.
std::string Wrap(absl::string_view text, std::size_t indent) {
  std::string wrapped;
  std::size_t column = indent;
  for (const absl::string_view word : absl::StrSplit(text, ' ', absl::SkipEmpty())) {
    if (column > indent && column + 1 + WidthOf(word) > kWidth) {
      absl::StrAppend(&wrapped, "\n", std::string(indent, ' '));
      column = indent;
    }
    if (column > indent) wrapped += ' ';
    column += WidthOf(word) + (column > indent);
    absl::StrAppend(&wrapped, word);
  }
  return wrapped;
}

bool IsArgument(const Option& option) { return !absl::StartsWith(option.names, "-"); }

std::string Label(const Option& option) {
  return absl::StrCat(option.names, option.value.empty() ? "" : " ", option.value);
}

// Labels in one column, what they mean in the other.
void AppendList(absl::string_view title,
                const std::vector<std::pair<std::string, std::string>>& list, std::string* text) {
  if (list.empty()) return;
  std::size_t width = 0;
  for (const auto& [label, meaning] : list) {
    if (label.size() <= kLabelMax) width = std::max(width, label.size());
  }
  absl::StrAppend(text, "\n", title, ":\n");
  for (const auto& [label, meaning] : list) {
    const bool alone = label.size() > width;
    absl::StrAppend(text, "  ", label,
                    alone ? absl::StrCat("\n", std::string(width + 4, ' '))
                          : std::string(width - label.size() + 2, ' '),
                    Wrap(meaning, width + 4), "\n");
  }
}

void AppendOptions(absl::string_view title, const std::vector<Option>& options, bool arguments,
                   std::string* text) {
  std::vector<std::pair<std::string, std::string>> list;
  for (const Option& option : options) {
    if (IsArgument(option) == arguments) list.emplace_back(Label(option), option.help);
  }
  AppendList(title, list, text);
}

std::string Usage(const std::string& path, const Command& command) {
  std::string usage = absl::StrCat("usage: ", path);
  if (!command.commands.empty()) absl::StrAppend(&usage, " COMMAND");
  for (const Option& option : command.options) {
    if (!IsArgument(option)) continue;
    const bool many = std::holds_alternative<std::vector<std::string>*>(option.target);
    const std::string name = absl::StrCat(option.names, many ? "…" : "");
    absl::StrAppend(&usage, " ", option.required ? name : absl::StrCat("[", name, "]"));
  }
  return absl::StrCat(usage, " [options]\n");
}

// The commands below, down to those that run.
void AppendLeaves(const std::string& prefix, const Command& command,
                  std::vector<std::pair<std::string, std::string>>* list) {
  for (const Command& child : command.commands) {
    const std::string name = absl::StrCat(prefix, child.name);
    if (child.commands.empty()) {
      list->emplace_back(name, child.summary);
    } else {
      AppendLeaves(name + " ", child, list);
    }
  }
}

std::size_t Distance(const std::string& a, const std::string& b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0]++;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i - 1] != b[j - 1]);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, replaced});
    }
  }
  return row.back();
}

}  // namespace

std::string HelpText(const std::string& path, const Command& command) {
  std::string text = absl::StrCat(Wrap(absl::StrCat(path, " — ", command.summary), 2), "\n\n",
                                  Usage(path, command));
  for (const absl::string_view paragraph :
       absl::StrSplit(command.details, '\n', absl::SkipEmpty())) {
    absl::StrAppend(&text, "\n", Wrap(paragraph, 0), "\n");
  }
  std::vector<std::pair<std::string, std::string>> leaves;
  AppendLeaves("", command, &leaves);
  AppendList("commands", leaves, &text);
  AppendOptions("arguments", command.options, /*arguments=*/true, &text);
  AppendOptions("options", command.options, /*arguments=*/false, &text);

  GlobalOptions global;
  const bool root = path == command.name;
  const Source source = root ? Source::kNodeOrStore : command.source;
  if (source == Source::kNode || source == Source::kNodeOrStore) {
    AppendOptions("node", NodeOptions(&global), /*arguments=*/false, &text);
  }
  if (source == Source::kStore || source == Source::kNodeOrStore) {
    AppendOptions("store", StoreOptions(&global), /*arguments=*/false, &text);
  }
  AppendOptions("output", OutputOptions(&global), /*arguments=*/false, &text);
  if (root) absl::StrAppend(&text, "\n", kExitCodes);
  if (!command.examples.empty()) {
    absl::StrAppend(&text, "\nexamples:\n");
    for (const absl::string_view line : absl::StrSplit(command.examples, '\n')) {
      absl::StrAppend(&text, "  ", line, "\n");
    }
  }
  return text;
}

std::string MostLike(const std::string& word, const std::vector<std::string>& names) {
  std::string best;
  std::size_t best_distance = 1 + word.size() / 3;  // farther away is another word
  for (const std::string& name : names) {
    const std::size_t distance = absl::StartsWith(name, word) ? 0 : Distance(word, name);
    if (distance > best_distance || (distance == best_distance && !best.empty())) continue;
    best = name;
    best_distance = distance;
  }
  return best;
}

}  // namespace selaras::cli

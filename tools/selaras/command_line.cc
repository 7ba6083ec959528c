#include "tools/selaras/command_line.h"

#include <algorithm>
#include <limits>
#include <type_traits>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include <CLI/CLI.hpp>

#include "tools/selaras/help.h"

namespace selaras::cli {
namespace {

// What is wrong with a decimal number. CLI11 would make a large number of -1, octal of 010, and the
// largest of one that does not fit.
std::string CheckNumber(const std::string& text, std::uint64_t least, std::uint64_t most) {
  std::uint64_t number = 0;
  const bool decimal = !text.empty() &&
                       std::all_of(text.begin(), text.end(), absl::ascii_isdigit) &&
                       (text.size() == 1 || text.front() != '0');
  const bool fits = decimal && absl::SimpleAtoi(text, &number);
  if (decimal && (!fits || number > most)) {
    return absl::StrCat("'", text, "' is more than ", most);
  }
  if (fits && number >= least) return "";
  return absl::StrCat("'", text, "' is no number from ", least, " on",
                      fits ? "; leave it out for the default" : "");
}

void AddOption(CLI::App& app, const Option& option) {
  const auto add = [&app, &option](auto* target) {
    using Value = std::remove_pointer_t<decltype(target)>;
    CLI::Option* added = nullptr;
    if constexpr (std::is_same_v<Value, bool>) {
      added = app.add_flag(option.names, *target);
    } else {
      added = app.add_option(option.names, *target);
      if constexpr (std::is_integral_v<Value>) {
        added->check([least = option.least](const std::string& text) {
          return CheckNumber(text, least, std::numeric_limits<Value>::max());
        });
      }
      // Each `--option` takes one value; arguments take all that stand there.
      if (absl::StartsWith(option.names, "-")) added->allow_extra_args(false);
    }
    if (option.required) added->required();
  };
  std::visit(add, option.target);
}

void AddCommand(CLI::App& app, const Command& command) {
  for (const Option& option : command.options) AddOption(app, option);
  for (const Command& child : command.commands) {
    CLI::App* sub = app.add_subcommand(child.name);
    sub->fallthrough();  // global options may stand anywhere
    AddCommand(*sub, child);
  }
}

// The command that the parser has come to, and how it is called.
CommandLine Reached(const CLI::App& app, const Command& root) {
  CommandLine line{.command = &root, .path = root.name};
  for (const CLI::App* at = &app; !at->get_subcommands().empty();) {
    at = at->get_subcommands().front();
    for (const Command& child : line.command->commands) {
      if (child.name != at->get_name()) continue;
      line.command = &child;
      absl::StrAppend(&line.path, " ", child.name);
      break;
    }
  }
  return line;
}

std::vector<std::string> NamesOf(const Command& command, bool options) {
  std::vector<std::string> names;
  if (!options) {
    for (const Command& child : command.commands) names.push_back(child.name);
    return names;
  }
  GlobalOptions global;
  std::vector<Option> all = command.options;
  for (auto list : {NodeOptions(&global), StoreOptions(&global), OutputOptions(&global)}) {
    std::move(list.begin(), list.end(), std::back_inserter(all));
  }
  for (const Option& option : all) {
    for (const absl::string_view name : absl::StrSplit(option.names, ',')) {
      if (absl::StartsWith(name, "-")) names.emplace_back(name);
    }
  }
  return names;
}

CommandLine Wrong(const CommandLine& at, const std::string& why) {
  return {.path = at.path,
          .text = absl::StrCat(at.path.substr(0, at.path.find(' ')), ": ", why, "\nsee: ", at.path,
                               " --help\n"),
          .code = ExitCode::kUsage};
}

CommandLine NotExpected(const CommandLine& at, const std::vector<std::string>& words) {
  // CLI11 lists options that take a value without it; the first word is the one to explain.
  const std::string word = words.empty() ? "" : words.front();
  const bool option = absl::StartsWith(word, "-");
  const bool group = !at.command->commands.empty();
  const std::string like = MostLike(word, NamesOf(*at.command, option));
  const std::string what = option  ? "there is no option"
                           : group ? "there is no command"
                                   : "too much:";
  return Wrong(at, absl::StrCat(what, " '", word, "'",
                                like.empty() ? "" : absl::StrCat("; did you mean ", like, "?")));
}

// The texts of CLI11 speak of types and counts.
std::string InWords(const CLI::ParseError& error) {
  absl::string_view text = error.what();
  absl::ConsumePrefix(&text, "Could not convert: ");
  const std::string name(text.substr(0, text.find_first_of(": ")));
  if (dynamic_cast<const CLI::RequiredError*>(&error) != nullptr) return name + " is missing";
  if (dynamic_cast<const CLI::ConversionError*>(&error) != nullptr) return name + " takes no value";
  if (dynamic_cast<const CLI::ArgumentMismatch*>(&error) == nullptr) return std::string(text);
  return absl::EndsWith(text, "missing") ? name + " needs a value"
                                         : name + " stands twice; give it once";
}

}  // namespace

CommandLine ParseCommandLine(const Command& root, std::vector<std::string> arguments,
                             GlobalOptions* options) {
  CLI::App app("", root.name);
  app.set_help_flag("-h,--help");
  for (const Option& option : NodeOptions(options)) AddOption(app, option);
  for (const Option& option : StoreOptions(options)) AddOption(app, option);
  for (const Option& option : OutputOptions(options)) AddOption(app, option);
  bool version = false;
  const auto version_command =
      std::find_if(root.commands.begin(), root.commands.end(),
                   [](const Command& child) { return child.name == "version"; });
  if (version_command != root.commands.end()) app.add_flag("--version", version);
  AddCommand(app, root);

  std::reverse(arguments.begin(), arguments.end());  // as CLI11 wants them
  try {
    app.parse(std::move(arguments));
  } catch (const CLI::CallForHelp&) {
    const CommandLine at = Reached(app, root);
    return {.path = at.path, .text = HelpText(at.path, *at.command)};
  } catch (const CLI::ExtrasError&) {
    return NotExpected(Reached(app, root), app.remaining(/*recurse=*/true));
  } catch (const CLI::ParseError& error) {
    return Wrong(Reached(app, root), InWords(error));
  }
  CommandLine line = Reached(app, root);
  if (version) {
    return {.command = &*version_command, .path = absl::StrCat(root.name, " version")};
  }
  if (line.command->run) return line;
  return {.path = line.path, .text = HelpText(line.path, *line.command), .code = ExitCode::kUsage};
}

}  // namespace selaras::cli

#include "services/runtime/main.h"

#include <csignal>
#include <cstdio>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "storage/crypto/ed25519.h"
#include "storage/log/cosignature.h"
#include "storage/log/note.h"
#include "tests/support/pki.h"

namespace selaras::runtime {
namespace {

// Serves nothing, and tells on stdout what happens to it.
class Told final : public RunningService {
 public:
  ~Told() override { Say("gone"); }
  std::string address() const override { return "127.0.0.1:7413"; }
  void Stop() override { Say("stopped"); }

  static void Say(const std::string& word) {
    std::fputs((word + "\n").c_str(), stdout);
    std::fflush(stdout);
  }
};

// A program of the role intake in a process of its own.
class Program {
 public:
  Program(std::vector<std::string> words, const Start& start) {
    int out[2];
    int err[2];
    EXPECT_EQ(::pipe(out) + ::pipe(err), 0);
    std::fflush(stdout);  // otherwise the child says it again
    child_ = ::fork();
    if (child_ == 0) {
      ::dup2(out[1], STDOUT_FILENO);
      ::dup2(err[1], STDERR_FILENO);
      words.insert(words.begin(), "/usr/bin/selaras-intake");
      std::vector<char*> argv;
      for (std::string& word : words) argv.push_back(word.data());
      const int code = Main(static_cast<int>(argv.size()), argv.data(),
                            reference::AuthorityRole::kIntake, start);
      std::fflush(stdout);
      ::_exit(code);
    }
    ::close(out[1]);
    ::close(err[1]);
    out_ = out[0];
    err_ = err[0];
  }
  ~Program() {
    ::close(out_);
    ::close(err_);
  }

  void Signal(int signal) const { ::kill(child_, signal); }

  // Up to the end of a line, or of everything.
  std::string ReadLine() const { return ReadTo('\n', out_); }

  // The exit code, or minus the signal that ended it.
  int Await() const {
    int status = 0;
    ::waitpid(child_, &status, 0);
    return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
  }

  std::string Rest() const { return ReadTo('\0', out_); }
  std::string Errors() const { return ReadTo('\0', err_); }

 private:
  static std::string ReadTo(char end, int descriptor) {
    std::string text;
    for (char c = 0; ::read(descriptor, &c, 1) == 1 && c != end;) text.push_back(c);
    return text;
  }

  ::pid_t child_;
  int out_;
  int err_;
};

class MainProgram : public testing::Test {
 protected:
  MainProgram() : pki_({"node:bawaslu/13:intake"}) {
    WriteKey("selaras/bawaslu-13");
    WriteConfig("");
  }

  void WriteKey(const std::string& name) {
    const auto key = crypto::SigningKey::FromSeed(std::string(32, 'k'));
    std::ofstream(folder() / "log.key") << log::NoteSigner::Make(name, *key)->PrivateText() << "\n";
    ::chmod((folder() / "log.key").c_str(), 0600);
  }

  void WriteConfig(const std::string& more) {
    std::ofstream(folder() / "node.textproto")
        << absl::StrCat(R"(
      node: "bawaslu-13" authorities: "bawaslu/13" listen: "127.0.0.1:0" store: "store"
      reference: ")",
                        SELARAS_SOURCE_DIR, R"(/deploy/reference" log_key: "log.key"
      tls { certificate: "pki/intake.crt" key: "pki/intake.key" ca: "pki/ca.crt" }
    )",
                        more);
  }

  // Of a program that does not start.
  std::string Refused(const std::vector<std::string>& words, int code) {
    const Program program(words,
                          [](Environment) -> absl::StatusOr<std::unique_ptr<RunningService>> {
                            return absl::InternalError("must not start");
                          });
    EXPECT_EQ(program.Await(), code);
    std::string errors = program.Errors();
    EXPECT_TRUE(absl::StartsWith(errors, "selaras-intake: ")) << errors;
    EXPECT_EQ(errors.find('\n'), errors.size() - 1) << "more than one line: " << errors;
    return errors;
  }

  std::string config() const { return folder() / "node.textproto"; }
  const test::TempDirectory& folder() const { return pki_.folder(); }

 private:
  test::Pki pki_;
};

absl::StatusOr<std::unique_ptr<RunningService>> StartTold(Environment environment) {
  Told::Say(absl::StrCat("serving ", environment.config.node(), " ", environment.signer.name(), " ",
                         environment.catalogue->authorities().size() > 30 ? "catalogue" : "-"));
  return std::make_unique<Told>();
}

TEST_F(MainProgram, ServesUntilItIsToldToStop) {
  for (const int signal : {SIGTERM, SIGINT}) {
    const Program program({"--config", config()}, &StartTold);
    EXPECT_EQ(program.ReadLine(), "serving bawaslu-13 selaras/bawaslu-13 catalogue");
    program.Signal(signal);
    EXPECT_EQ(program.ReadLine(), "stopped");
    EXPECT_EQ(program.ReadLine(), "gone");
    EXPECT_EQ(program.Await(), 0);
    const std::string log = program.Errors();
    EXPECT_TRUE(absl::StrContains(log, "msg=serving node=bawaslu-13 address=127.0.0.1:7413"))
        << log;
  }
}

TEST_F(MainProgram, GoesOnAfterASignalToHangUp) {
  const Program program({"--config", config()}, &StartTold);
  EXPECT_EQ(program.ReadLine(), "serving bawaslu-13 selaras/bawaslu-13 catalogue");
  program.Signal(SIGHUP);
  program.Signal(SIGTERM);
  EXPECT_EQ(program.ReadLine(), "stopped");
  EXPECT_EQ(program.ReadLine(), "gone");
  EXPECT_EQ(program.Await(), 0);
}

TEST_F(MainProgram, EndsAtOnceAtASecondSignal) {
  class Slow final : public RunningService {
   public:
    std::string address() const override { return ""; }
    void Stop() override {
      Told::Say("stopping");
      for (;;) ::pause();
    }
  };
  const Program program({"--config", config()}, [](Environment) {
    Told::Say("serving");
    return absl::StatusOr<std::unique_ptr<RunningService>>(std::make_unique<Slow>());
  });
  EXPECT_EQ(program.ReadLine(), "serving");
  program.Signal(SIGTERM);
  EXPECT_EQ(program.ReadLine(), "stopping");
  program.Signal(SIGTERM);
  EXPECT_EQ(program.Await(), -SIGTERM);
}

TEST_F(MainProgram, SaysWhatKeptItFromStarting) {
  const Program program({"--config", config()},
                        [](Environment) -> absl::StatusOr<std::unique_ptr<RunningService>> {
                          return absl::FailedPreconditionError("store: locked;\nstop the other");
                        });
  EXPECT_EQ(program.Await(), 1);
  EXPECT_EQ(program.Errors(), "selaras-intake: store: locked;\\nstop the other\n");
}

TEST_F(MainProgram, ChecksWithoutStarting) {
  const Program program({"--check", "--config", config()}, &StartTold);
  EXPECT_EQ(program.Await(), 0);
  EXPECT_EQ(program.Rest(), "selaras-intake: " + config() + " is good\n");
}

TEST_F(MainProgram, TellsHelpAndVersion) {
  const Program help({"--help"}, &StartTold);
  EXPECT_EQ(help.Await(), 0);
  EXPECT_TRUE(absl::StartsWith(help.Rest(), "usage: selaras-intake --config FILE"));
  const Program version({"--version"}, &StartTold);
  EXPECT_EQ(version.Await(), 0);
  EXPECT_TRUE(absl::StartsWith(version.Rest(), "selaras-intake 0."));
}

TEST_F(MainProgram, RefusesWhatItDoesNotUnderstand) {
  EXPECT_TRUE(absl::StrContains(Refused({}, 2), "--config: missing"));
  EXPECT_TRUE(absl::StrContains(Refused({"--port", "1"}, 2), "--port: not understood"));
}

TEST_F(MainProgram, RefusesABadConfiguration) {
  EXPECT_TRUE(absl::StrContains(Refused({"--config", "/nonexistent"}, 1), "cannot be read"));
  WriteConfig("colour: 'red'");
  EXPECT_TRUE(absl::StrContains(Refused({"--config", config()}, 1), "node.textproto:5:"));
  WriteConfig("authorities: 'bkn'");
  EXPECT_TRUE(absl::StrContains(Refused({"--config", config()}, 1),
                                "node.textproto: authorities[1]: bkn has the role referral"));
}

TEST_F(MainProgram, RefusesAnAccessTableThatGivesMoreAndTakesOneThatTakesAway) {
  const auto write = [&](absl::string_view row) {
    std::ofstream(folder() / "own.tsv")
        << "method\tbackoffice\tentry\tops\tauditor\tportal\tnode\tpeer\twitness\twhy\n"
        << row << "\n";
  };
  WriteConfig("access: 'own.tsv'");
  EXPECT_TRUE(absl::StrContains(Refused({"--config", config()}, 1), "own.tsv: cannot be read"));
  write("selaras.query.v1.QueryService/GetCase\town\tnode\treads\tno\tno\tno\tyes\tno\tx");
  const std::string error = Refused({"--config", config()}, 1);
  EXPECT_TRUE(absl::StrContains(error, "selaras-intake: access: ")) << error;
  EXPECT_TRUE(absl::StrContains(error, "own.tsv:2: peer: \"yes\" gives more")) << error;
  write("selaras.query.v1.QueryService/GetCase\town\tnode\tno\tno\tno\tno\tno\tno\tx");
  const Program program({"--config", config()}, [](Environment environment) {
    const Identity office{Role::kBackoffice, "bawaslu/13"};
    const bool reads =
        environment.access.Admit(office, "/selaras.query.v1.QueryService/GetCase").ok();
    const bool lists =
        environment.access.Admit(office, "/selaras.query.v1.QueryService/ListCases").ok();
    Told::Say(absl::StrCat("reads ", reads, ", lists ", lists));
    return absl::StatusOr<std::unique_ptr<RunningService>>(std::make_unique<Told>());
  });
  EXPECT_EQ(program.ReadLine(), "reads 1, lists 0");
  program.Signal(SIGTERM);
  EXPECT_EQ(program.Await(), 0);
}

TEST_F(MainProgram, RefusesAKeyThatIsOpenOrAnothers) {
  ::chmod((folder() / "log.key").c_str(), 0644);
  EXPECT_TRUE(absl::StrContains(Refused({"--config", config()}, 1), "chmod 600"));
  WriteKey("selaras/bkn");
  EXPECT_TRUE(absl::StrContains(Refused({"--config", config()}, 1),
                                "is the key of selaras/bkn, not of selaras/bawaslu-13"));
  std::ofstream(folder() / "log.key") << "PRIVATE+KEY+secret";
  const std::string error = Refused({"--config", config()}, 1);
  EXPECT_TRUE(absl::StrContains(error, "log_key "));
  EXPECT_FALSE(absl::StrContains(error, "secret")) << error;
}

TEST_F(MainProgram, CosignsOnlyWithAKeyMadeForIt) {
  const auto refused = [&](const std::string& key) {
    std::ofstream(folder() / "witness.key") << key << "\n";
    ::chmod((folder() / "witness.key").c_str(), 0600);
    WriteConfig("witness_key: 'witness.key'");
    return Refused({"--config", config()}, 1);
  };
  const auto of = [](char seed) { return *crypto::SigningKey::FromSeed(std::string(32, seed)); };
  const std::string note = log::NoteSigner::Make("selaras/x", of('w'))->PrivateText();
  EXPECT_TRUE(absl::StrContains(refused(note), "witness_key ")) << "a key that signs logs";
  const std::string own = log::Cosigner::Make("selaras/x", of('k'))->PrivateText();
  EXPECT_TRUE(absl::StrContains(refused(own), "is the key that signs the log"));

  std::ofstream(folder() / "witness.key")
      << log::Cosigner::Make("selaras/bawaslu-13/witness", of('w'))->PrivateText() << "\n";
  const Program program(
      {"--config", config()},
      [](Environment environment) -> absl::StatusOr<std::unique_ptr<RunningService>> {
        Told::Say("cosigns as " + environment.cosigner->name());
        return std::make_unique<Told>();
      });
  EXPECT_EQ(program.ReadLine(), "cosigns as selaras/bawaslu-13/witness");
  program.Signal(SIGTERM);
}

TEST_F(MainProgram, TakesOnlyAPolicyThatItsLogCouldMeet) {
  WriteConfig("policy: 'policy'");
  EXPECT_TRUE(absl::StrContains(Refused({"--config", config()}, 1), "cannot be read"));
  std::ofstream(folder() / "policy") << "quorum all\n";
  EXPECT_TRUE(absl::StrContains(Refused({"--config", config()}, 1), "line 1"));
  std::ofstream(folder() / "policy") << "quorum none\n";
  EXPECT_TRUE(absl::StrContains(Refused({"--config", config()}, 1), "does not name the log"));
}

}  // namespace
}  // namespace selaras::runtime

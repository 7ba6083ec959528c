"""Every rule of tools/check/tidy.py catches its violation, and nothing else."""

import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[4] / "tools/check"))
import tidy  # pylint: disable=wrong-import-position

MODULES = """\
proto selaras::google_rpc_proto |  |  | google/rpc/status.pb.h
proto selaras::event_proto |  |  | selaras/event/v1/event.pb.h
proto selaras::query_proto |  |  | selaras/query/v1/query.pb.h
proto selaras::query_grpc | selaras::query_proto |  | selaras/query/v1/query.grpc.pb.h
storage/base selaras::base | absl::status |  |
storage/crypto selaras::crypto | selaras::base | OpenSSL::Crypto |
storage/merkle selaras::merkle | selaras::base | selaras::crypto |
storage/rocks selaras::rocks | selaras::base |  |
services/domain selaras::domain | selaras::base |  |
services/runtime selaras::runtime | selaras::base |  |
services/rpc selaras::rpc | selaras::query_grpc |  |
services/node selaras::node | selaras::merkle selaras::query_grpc |  |
services/intake selaras-intake | selaras::node |  |
"""

UNFINISHED = "TO" "DO"
H = "#pragma once\n"
NOW = "auto t = absl::Now();\n"
TICK = "auto t = std::chrono::steady_clock::now();\n"
DICE = "std::random_device d;\n"

# Path, text, and what the one violation says; None if there is none.
CASES = [
    # Directions.
    ("storage/merkle/a.cc", '#include "../crypto/sha256.h"\n', "by its path from the root"),
    ("tests/unit/a.cc", '#include "tests/../b.h"\n', "by its path from the root"),
    ("storage/merkle/a.cc", '#include "storage/crypto/sha256.h"\n', None),
    ("storage/merkle/a.cc", '#include "storage/merkle/hash.h"\n', None),
    ("storage/merkle/a.h", H + '#include "storage/base/bytes.h"\n', None),
    ("storage/merkle/a.h", H + '#include "storage/crypto/sha256.h"\n', "add it to USES in"),
    ("storage/base/a.cc", '#include "storage/crypto/sha256.h"\n', "does not declare selaras::crypto"),
    ("services/node/a.cc", '#include "storage/base/bytes.h"\n', "does not declare selaras::base"),
    ("services/node/handlers/a.cc", '#include "storage/merkle/hash.h"\n', None),
    ("services/intake/main.cc", '#include "services/node/node.h"\n', None),
    ("services/intake/main.cc", '#include "storage/base/bytes.h"\n', "does not declare"),
    ("services/other/a.cc", '#include "storage/base/bytes.h"\n', "a.cc:1: belongs to no module"),
    ("storage/base/a.cc", '#include "storage/unknown/a.h"\n', "storage/unknown/a.h belongs to no module"),
    ("services/node/a.cc", '#include "selaras/query/v1/query.pb.h"\n', None),
    ("services/rpc/a.cc", '#include "selaras/query/v1/query.grpc.pb.h"\n', None),
    ("services/node/a.cc", '#include "selaras/event/v1/event.pb.h"\n', "does not declare selaras::event_proto"),
    ("services/node/a.cc", '#include "google/rpc/status.pb.h"\n', "does not declare selaras::google_rpc_proto"),
    ("services/node/a.cc", '#include "google/protobuf/any.pb.h"\n', None),
    ("tests/unit/a.cc", '#include "selaras/event/v1/event.pb.h"\n', None),
    # Fenced packages.
    ("storage/merkle/a.cc", "#include <openssl/evp.h>\n", "use storage/crypto"),
    ("storage/merkle/a.cc", '#include "openssl/evp.h"\n', "use storage/crypto"),
    ("storage/crypto/a.cc", "#include <openssl/evp.h>\n", None),
    ("tests/support/a.cc", "#include <openssl/evp.h>\n", None),
    ("storage/base/a.cc", "#include <rocksdb/db.h>\n", "use storage/log"),
    ("tests/unit/a.cc", "#include <rocksdb/db.h>\n", "use storage/log"),
    ("storage/rocks/a.cc", "#include <rocksdb/db.h>\n", None),
    ("storage/base/a.cc", "#include <grpcpp/grpcpp.h>\n", "use absl::Status"),
    ("services/domain/a.cc", "#include <grpc/grpc.h>\n", "use absl::Status"),
    ("services/runtime/a.cc", "#include <grpcpp/grpcpp.h>\n", "use absl::Status"),
    ("services/node/a.cc", '#include "selaras/query/v1/query.grpc.pb.h"\n', "use absl::Status"),
    ("services/rpc/a.cc", "#include <grpcpp/grpcpp.h>\n", None),
    # Time and chance are handed in.
    ("storage/base/a.cc", NOW, "absl::Now( is banned here; use a time that is handed in"),
    ("services/domain/a.cc", TICK, "a time that is handed in"),
    ("services/domain/a.cc", "auto t = Clock::now();\n", "a time that is handed in"),
    ("services/runtime/a.cc", NOW + TICK + DICE, None),
    ("tests/unit/a.cc", NOW + TICK, None),
    ("tools/load/a.cc", NOW, None),
    ("tests/unit/a.cc", DICE, "tests/support/random.h"),
    ("services/domain/a.cc", DICE, "crypto::RandomSource"),
    ("storage/crypto/random.cc", DICE, None),
    ("storage/base/a.cc", '// Not absl::Now(\nauto s = "absl::Now(";\n', None),
    # Names.
    ("storage/base/a.cc", "std::string_view s;\n", "absl::string_view"),
    ("storage/base/a.cc", "absl::optional<int> i;\n", "std::optional"),
    ("tests/unit/a.cc", "using namespace std;\n", "one by one"),
    # Files.
    ("storage/base/a.h", "int a;\n", "#pragma once is missing"),
    ("storage/base/a.h", H, None),
    ("storage/base/a.cc", f"// {UNFINISHED}: later\n", "finish it now"),
    ("deploy/a.md", f"{UNFINISHED}\n", "finish it now"),
    ("tests/data/a.txt", f"{UNFINISHED}\n", None),
]


class Tidy(unittest.TestCase):
    def test_every_rule_catches_its_violation_and_nothing_else(self):
        modules = tidy.Modules(MODULES)
        for path, text, expected in CASES:
            with self.subTest(path=path, text=text), tempfile.TemporaryDirectory() as root:
                file = pathlib.Path(root, path)
                file.parent.mkdir(parents=True)
                file.write_text(text, encoding="utf-8")
                found = list(tidy.check_tree(pathlib.Path(root), modules))
                if expected is None:
                    self.assertEqual(found, [])
                else:
                    self.assertEqual(len(found), 1, found)
                    self.assertIn(f"{path}:", found[0])
                    self.assertIn(expected, found[0])

    def test_without_declarations_the_other_rules_still_hold(self):
        bad = '#include "storage/rocks/a.h"\n#include <rocksdb/db.h>\n'
        self.assertEqual(len(list(tidy.check_file("storage/base/a.cc", bad, None))), 1)


if __name__ == "__main__":
    unittest.main()

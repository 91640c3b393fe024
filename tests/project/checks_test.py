"""Shows every check of the tree one tree without a mistake and others with one each.

usage: checks_test.py
"""

import tempfile
import unittest
from pathlib import Path

import citations
import header_cost
import headers_alone
import layers
import native_program
import presets
import public_headers
import shown_code
import shown_output
import shown_program
import style

README = "<!-- code: apps/wordcount/main.cpp -->\n```cpp\nreturn run(g);\n```\n"
PROGRAM = "int main() {\n  // shown: begin\n  return run(g);\n  // shown: end\n}\n"


class checks(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)

    def write(self, path, text):
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).write_text(text, encoding="utf-8")

    def found(self, check, path, text):
        """Returns what the check says of a tree with nothing but this file."""
        self.write(path, text)
        said = check.problems(self.root)
        (self.root / path).unlink()
        return said

    def test_includes_run_downwards(self):
        for path, name in [("graph/a.cpp", "sluice/records/a.hpp"), ("graph/a.cpp", "sluice/graph/b.hpp"),
                           ("apps/fraud/a.cpp", "sluice/sluice.hpp"), ("bench/a.cpp", "made.hpp"),
                           ("tests/sim/a.cpp", "sluice/sim/a.hpp")]:
            self.assertEqual(self.found(layers, path, f'#include "{name}"\n'), [], path)
        for path, name in [("records/a.hpp", "sluice/state/a.hpp"), ("actors/a.cpp", "sluice/graph/a.hpp"),
                           ("operators/a.cpp", "sluice/sluice.hpp"), ("graph/a.cpp", "sluice/tests/a.hpp"),
                           ("stuff/a.cpp", "sluice/records/a.hpp"), ("graph/a.cpp", "b.hpp"),
                           ("tests/a.cpp", "a.cpp")]:
            self.assertEqual(len(self.found(layers, path, f'#pragma once\n#include "{name}"\n')), 1, path)

    def test_third_parties_stay_at_home(self):
        for path, name in [("actors/a.hpp", "caf/all.hpp"), ("graph/run_node.cpp", "caf/all.hpp"),
                           ("graph/settings.cpp", "toml++/toml.h"), ("graph/verbs.cpp", "CLI/CLI.hpp"),
                           ("connectors/a.cpp", "simdjson.h"), ("state/etcd_json.cpp", "simdjson.h"),
                           ("state/http_poster.cpp", "curl/curl.h"), ("records/a.cpp", "xxhash.h"),
                           ("messages/wire.cpp", "wire.pb.h"), ("records/crc32c.cpp", "isa-l/crc.h"),
                           ("state/checkpoint_blob.cpp", "zstd.h"), ("connectors/sqlite_port.cpp", "sqlite3.h"),
                           ("connectors/postgres.cpp", "libpq-fe.h"), ("apps/fraud/scorers.cpp", "simdjson.h"),
                           ("tests/a.cpp", "boost/unordered_map.hpp"), ("records/a.hpp", "vector"),
                           ("connectors/a.cpp", "sys/socket.h"), ("links/hub.cpp", "malloc.h"), ("tests/support/catch.hpp", "catch2/catch.hpp")]:
            self.assertEqual(self.found(layers, path, f"#include <{name}>\n"), [], path)
        for path, name in [("graph/plan.cpp", "caf/all.hpp"), ("operators/a.cpp", "caf/all.hpp"),
                           ("graph/settings.hpp", "toml++/toml.h"), ("apps/wordcount/main.cpp", "CLI/CLI.hpp"),
                           ("state/a.cpp", "simdjson.h"), ("records/hash.hpp", "xxhash.h"),
                           ("links/frame.cpp", "wire.pb.h"), ("links/frame.cpp", "isa-l/crc.h"), ("links/frame.cpp", "zstd.h"), ("links/frame.cpp", "malloc.h"),
                           ("connectors/sqlite_port.hpp", "sqlite3.h"), ("connectors/sqlite.cpp", "libpq-fe.h"),
                           ("apps/wordcount/main.cpp", "simdjson.h"), ("connectors/a.hpp", "simdjson.h"),
                           ("state/http_poster.hpp", "curl/curl.h"), ("graph/a.cpp", "curl/curl.h"),
                           ("state/a.cpp", "boost/unordered_map.hpp"), ("tests/a.cpp", "catch2/catch.hpp")]:
            self.assertEqual(len(self.found(layers, path, f"#include <{name}>\n")), 1, path)

    def test_files_are_short_and_well_named(self):
        self.assertEqual(self.found(style, "graph/plan.cpp", "\n" * 400), [])
        self.assertEqual(len(self.found(style, "graph/plan.cpp", "\n" * 401)), 1)
        self.assertEqual(len(self.found(style, "graph/utils.hpp", "\n")), 1)

    def test_the_fraud_graph_fits_one_screen(self):
        graph = "apps/fraud/fraud_graph.cpp"
        for lines, wrong in [(60, 0), (61, 1)]:
            text = "#pragma once\nvoid compose(graph& g) {\n" + "  step();\n" * (lines - 2) + "}\nvoid f() {\n}\n"
            self.assertEqual(len(self.found(style, graph, text)), wrong, lines)
        self.assertEqual(len(self.found(style, graph, "void f() {\n}\n")), 1)

    def test_lines_hold_no_bare_todo_no_machine_path_no_sleep(self):
        home = "/" + "home"
        for path, line in [("graph/plan.cpp", "// TODO(later): more"), ("bench/a.cpp", "sleep_for(1s);"),
                           ("tests/a.cpp", 'open("/dev/null")'), ("tests/a.py", '"{root}' + home + '/a"')]:
            self.assertEqual(self.found(style, path, line), [], line)
        for path, line in [("graph/plan.cpp", "// TODO: more"), ("tests/a.cpp", "sleep_for(1s);"),
                           ("tests/a.py", "time.sleep(1)"), ("tests/a.cpp", 'TEST_CASE("a; b", "[a]")'), ("tests/a.cpp", f'open("{home}/me/data")'),
                           ("cmake/a.cmake", f"set(x {self.root.resolve()}/x)")]:
            self.assertEqual(len(self.found(style, path, line)), 1, line)

    def test_public_headers_need_the_standard_library_only(self):
        self.write("graph/good.hpp", '#include <vector>\n#include "sluice/records/a.hpp"\n')
        self.write("graph/bad.hpp", "#include <caf/all.hpp>\n")
        self.write("actors/inlet.hpp", "\n")
        self.assertEqual(public_headers.problems(self.root, ["graph/good.hpp"]), [])
        self.assertEqual(len(public_headers.problems(self.root, ["graph/good.hpp", "graph/bad.hpp"])), 1)
        self.assertEqual(len(public_headers.problems(self.root, ["actors/inlet.hpp"])), 1)

    def test_headers_compile_alone(self):
        compiler = ["c++", "-std=c++20", "-I", str(self.root / "include")]
        (self.root / "include").mkdir()
        (self.root / "include/sluice").symlink_to(self.root)
        self.write("graph/good.hpp", "#pragma once\n#include <string>\nstd::string name();\n")
        self.assertEqual(headers_alone.problems(self.root, compiler), [])
        self.write("graph/bad.hpp", "#pragma once\nstd::string name();\n")
        self.write("graph/bad.cpp", '#include <string>\n#include "sluice/graph/bad.hpp"\n')
        self.assertEqual(len(headers_alone.problems(self.root, compiler)), 1)

    def test_the_public_header_stays_cheap(self):
        compiler = ["c++", "-std=c++20", "-I", str(self.root / "include")]
        self.write("include/sluice/sluice.hpp", "int a;\nint b;\n\n// not a line\n")
        self.assertEqual(header_cost.problems(2, compiler), [])
        self.assertEqual(len(header_cost.problems(1, compiler)), 1)

    def test_shown_code_is_the_code(self):
        self.write("apps/wordcount/main.cpp", PROGRAM)
        self.assertEqual(self.found(shown_code, "README.md", README), [])
        for text in [README.replace("(g)", "(h)"), README.replace("wordcount/main", "wordcount/other"),
                     README.replace("```", ""), "no code\n"]:
            self.assertNotEqual(self.found(shown_code, "README.md", text), [], text)

    def test_shown_output_is_what_is_printed(self):
        self.write("programs/greet", "#!/bin/sh\necho hello $1\ntouch greeted\n")
        (self.root / "programs/greet").chmod(0o755)
        good = ("<!-- run -->\n```\n$ ./greet me\nhello me\n$ ls\ngreet\ngreeted\n$ echo at 01:02:03\nat 23:59:59\n"
                "```\n<!-- try -->\n```\ngreet  # by its name\n```\n")
        (self.root / "docs").mkdir()

        def found(text):
            (self.root / "README.md").write_text(text, encoding="utf-8")
            return shown_output.problems(self.root, [self.root / "programs/greet"])

        self.assertEqual(found(good), [])
        for text in [good.replace("hello me", "hello you"), good.replace("hello me\n", ""), "no output\n",
                     good.replace("greeted\n", "greeted\nmore\n"), good.replace("greet  #", "greed  #"),
                     good.replace("```", "")]:
            self.assertNotEqual(found(text), [], text)

    def test_a_document_shows_a_program(self):
        text = "a\n```cpp\nint f();\n```\n```\n$ ls\n```\n```cpp\nint main() {}\n```\n"
        self.assertEqual(shown_program.program(text), "int f();\n\nint main() {}\n")

    def test_programs_run_alone(self):
        self.write("good", "#!/bin/sh\necho 1\n")
        self.write("folder", "#!/bin/sh\necho 1 > left; echo 1\n")
        self.write("lost", '#!/bin/sh\ntest -n "$HOME" && echo 1\n')
        for name in ("good", "folder", "lost"):
            (self.root / name).chmod(0o755)
            self.assertEqual(len(native_program.problems(self.root / name)), name != "good", name)

    def test_cited_rules_are_there(self):
        self.write("docs/protocol.md", "## 6. Epochs\n### 6.1 One\n| L4 | a |\n## 16. Simulation\n1. one\n2. two\n")
        for line in ["// docs/protocol.md L4, 6.1", "// (docs/protocol.md 6, L4).", "// docs/protocol.md\n/// L4",
                     "# docs/protocol.md 16, rule 2", "// see docs/protocol.md"]:
            self.assertEqual(self.found(citations, "operators/a.hpp", line + "\n"), [], line)
        for line in ["// docs/protocol.md L5", "// docs/protocol.md L4, 6.2", "# docs/protocol.md 16, rule 3",
                     "// docs/protocol.md\n/// L4, L6", "// docs/other.md"]:
            self.assertEqual(len(self.found(citations, "operators/a.hpp", line + "\n")), 1, line)

    def test_quickstart_sets_what_the_presets_set(self):
        self.write("CMakePresets.json", '{"configurePresets": [{"name": "base", "cacheVariables": {"A": "1"}},'
                   '{"name": "demo", "inherits": "base", "cacheVariables": {"B": "2"}}, {"name": "dev"}]}')
        self.assertEqual(self.found(presets, "quickstart", "cmake -B build/demo -DA=1 \\\n  -DB=2\n"), [])
        self.assertEqual(len(self.found(presets, "quickstart", "cmake -B build/demo -DA=1\n")), 1)


if __name__ == "__main__":
    unittest.main()

"""The house's own rules, checked: floors, sizes, help speed, telemetry off, documents that name real files."""

import ast
import os
import re
import statistics
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
MODULES = sorted(f for f in (ROOT / "qa_engine").rglob("*.py") if f.parent.name != "versions")  # migrations list tables
HEAVY = (
    "torch",
    "faster_whisper",
    "ctranslate2",
    "pyannote",
    "moonshine_voice",
    "onnxruntime",
    "onnx_asr",
    "httpx2",
    "librosa",
    "scipy.signal",
)


def functions(file: Path):
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, (node.end_lineno or node.lineno) - node.lineno + 1


def test_no_module_is_over_300_lines():
    long = {
        str(f.relative_to(ROOT)): n for f in MODULES if (n := len(f.read_text(encoding="utf-8").splitlines())) > 300
    }
    assert not long


def test_functions_are_short():
    sizes = [size for file in MODULES for _, size in functions(file)]
    assert statistics.median(sizes) <= 10
    assert statistics.quantiles(sizes, n=10)[-1] <= 30
    assert {f"{f.name}:{name}": size for f in MODULES for name, size in functions(f) if size > 60} == {}


def test_there_are_no_rooms_for_odds_and_ends():
    assert not [f for f in MODULES if f.stem in {"utils", "helpers", "common", "base", "misc"}]


def test_only_the_command_line_prints():
    printing = re.compile(r"^\s*print\(", re.MULTILINE)
    assert not [f for f in MODULES if printing.search(f.read_text(encoding="utf-8"))]
    echoing = [f for f in MODULES if "click.echo" in f.read_text(encoding="utf-8") and f.parent.name != "cli"]
    assert not echoing


def test_every_package_says_what_is_in_it():
    for file in (ROOT / "qa_engine").rglob("__init__.py"):
        assert ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))), file


def test_help_imports_no_heavy_library():
    code = (
        "import sys\nfrom qa_engine.cli.root import main\n"
        "try: main(['--help'])\nexcept SystemExit: pass\n"
        f"print([m for m in {HEAVY!r} if m in sys.modules])"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip().endswith("[]"), told.stdout


def test_telemetry_and_network_of_libraries_are_off_before_they_are_used():
    code = (
        "import os\nfrom qa_engine.wiring import quiet_libraries\nquiet_libraries()\n"
        "print(os.environ['HF_HUB_OFFLINE'], os.environ['PYANNOTE_METRICS_ENABLED'])"
    )
    clean = {k: v for k, v in os.environ.items() if k not in {"HF_HUB_OFFLINE", "PYANNOTE_METRICS_ENABLED"}}
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=clean)
    assert told.stdout.split() == ["1", "0"]


@pytest.mark.parametrize(
    "document", ["README.md", "docs/architecture.md", "docs/glossary.md", "CHANGELOG.md", "NOTICE"]
)
def test_documents_are_there_and_name_only_files_that_exist(document):
    text = (ROOT / document).read_text(encoding="utf-8")
    named = re.findall(r"`((?:qa_engine|scorecards|samples|docs|models|tests)/[\w./-]+)`", text)
    assert not [path for path in named if not (ROOT / path).exists()]


def test_every_dependency_has_its_line():
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    told = (ROOT / "docs/dependencies.md").read_text(encoding="utf-8").lower()
    names = [re.split(r"[\s<>=\[]", requirement)[0].lower() for requirement in project["dependencies"]]
    assert not [name for name in names if name not in told.replace("pyav", "av")]

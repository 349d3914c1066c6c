"""Recognises calls of declared tools in what a model writes freely, as the text arrives.

A call is recognised by its beginning, up to the key of its arguments: the arguments are then written under the grammar
of the tool. Text that may be such a beginning is held back until that is decided, and only then. How the text was cut
into pieces makes no difference. Knows no model.

Recognised are JSON objects with a name and arguments, bare or in a list, a code fence or the marks of Hermes, Qwen,
Mistral, Llama, Granite and Phi; `<function=name>`; Mistral's `[TOOL_CALLS]name[ARGS]`; and the marks of DeepSeek.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import regex

from craton.engines.text.syntax import Form

# The marks in which models put calls, and how each ends.
_TAGS = {
    "<tool_call>": "</tool_call>",
    "<tools>": "</tools>",
    "<function_call>": "</function_call>",
    "<|tool_call|>": "<|/tool_call|>",
    "<|tool_call_start|>": "<|tool_call_end|>",
    "<|python_tag|>": "",
    "[TOOL_CALLS]": "",
}
_DEEPSEEK = (
    "<｜tool▁calls▁begin｜>",
    "<｜tool▁call▁begin｜>",
    "<｜tool▁sep｜>",
    "<｜tool▁call▁end｜>",
    "<｜tool▁calls▁end｜>",
)
# Marks that some models hold as one token of its own, which an engine would not show as text unless told to.
MARKS = (*_TAGS, *filter(None, _TAGS.values()), *_DEEPSEEK, "[ARGS]", "[CALL_ID]", "<think>", "</think>")

_KEYED = ', "arguments":'
_TRIGGER = regex.compile(r"[<{\[`]")
_S = r"\s*+"
_EXTRA = rf'(?:"(?:type|id)"{_S}:{_S}"[^"\\]{{0,64}}"{_S},{_S})*+'
_NAME_KEY = rf'"(?:name|tool_name|tool|function|action)"{_S}:{_S}"'
_KEY = rf'"(?:arguments|parameters|input|args|tool_input|action_input)"{_S}:'


@dataclass(frozen=True, slots=True)
class Found:
    """A call: what the model wrote is kept up to `cut` and goes on with `added`. Without `name` the name comes next."""

    cut: int
    name: str | None
    added: str
    form: Form


@dataclass(frozen=True, slots=True)
class _Beginning:
    """The patterns of one way to begin a call. Where none of `whole` matches any more, one of `parts` may: a mark that
    leaves no doubt that a call was meant.
    """

    whole: Sequence["regex.Pattern[str]"]
    parts: Sequence["regex.Pattern[str]"] = ()


class Recogniser:
    """`feed` gives the text that may be shown. Once a call is `found`, nothing more is fed."""

    def __init__(self, names: Collection[str], after: Form | None = None) -> None:
        """`after`: the form of a call that the text follows."""
        self._beginnings = _beginnings(tuple(names))
        self._after = after
        self._lead = _lead(after, tuple(names)) if after else None
        self._held = ""
        self._checked = 0
        self._shown = 0
        self.found: Found | None = None

    @property
    def position(self) -> int:
        """How much of what was fed is shown, or known to be never shown."""
        return self._shown

    def feed(self, text: str) -> str:
        self._held += text
        if self._lead and not self._follow(last=False):
            return ""
        return self._look(last=False)

    def rest(self) -> str:
        """What was held back, once no more text comes; a call that was only begun may be `found` in it."""
        if self._lead:
            self._follow(last=True)
        return "" if self.found else self._look(last=True)

    def flush(self) -> str:
        """What was held back, as text and nothing else."""
        return self._take(len(self._held))

    def _follow(self, *, last: bool) -> bool:
        """Take away what belongs to the call before. False while that is undecided, or where another call follows."""
        assert self._lead
        if self._lead.joint and (match := self._lead.joint.match(self._held, partial=not last)):
            if match.partial:
                return False
            assert self._after
            form = replace(self._after, closing=_closing(match.groupdict()))
            self.found = Found(self._shown + match.end(), match["name"], "", form)
            return False
        if not last and self._lead.tail.fullmatch(self._held, partial=True):
            return False
        match = self._lead.tail.match(self._held)
        self._take(match.end() if match else 0)
        self._lead = None
        return True

    def _look(self, *, last: bool) -> str:
        while trigger := _TRIGGER.search(self._held, self._checked):
            start = trigger.start()
            verdict = self._judge(start, last=last)
            if isinstance(verdict, Found):
                self.found = verdict
                return self._take(len(self._held[:start].rstrip()))
            if verdict:
                self._checked = start
                break
            self._checked = start + 1
        else:
            self._checked = start = len(self._held)
        return self._take(start if last else len(self._held[:start].rstrip()))

    def _judge(self, start: int, *, last: bool) -> Found | bool:
        """The call that begins here; else whether more text may make it one."""
        undecided = False
        for beginning in self._beginnings.get(self._held[start], ()):
            matches = [pattern.match(self._held, start, partial=not last) for pattern in beginning.whole]
            if whole := [match for match in matches if match and not match.partial]:
                return _found(min(whole, key=lambda match: match.end()), self._shown)
            if any(matches):
                undecided = True
            elif parts := [match for pattern in beginning.parts if (match := pattern.match(self._held, start))]:
                return _found(parts[0], self._shown)
        return undecided

    def _take(self, count: int) -> str:
        text, self._held = self._held[:count], self._held[count:]
        self._shown += count
        self._checked = max(0, self._checked - count)
        return text


@dataclass(frozen=True, slots=True)
class _Lead:
    tail: "regex.Pattern[str]"
    joint: "regex.Pattern[str] | None"


def _names(names: Collection[str]) -> str:
    return rf"(?P<name>{'|'.join(map(regex.escape, names))})"


def _object(names: Collection[str]) -> str:
    """A JSON object up to the arguments' key, itself or within `{"function": ..}`."""
    call = rf'\{{{_S}{_EXTRA}{_NAME_KEY}{_names(names)}"{_S},{_S}{_KEY}'
    return rf'(?:{call}|(?P<wrapped>\{{{_S}{_EXTRA}"function"{_S}:{_S}){call})'


@lru_cache(maxsize=64)
def _lead(form: Form, names: tuple[str, ...]) -> _Lead:
    joint = regex.compile(rf"{_S}{form.joint}{_S}{_object(names)}") if form.joint else None
    return _Lead(regex.compile(rf"{_S}(?:{form.tail})?+{_S}" if form.tail else _S), joint)


@lru_cache(maxsize=64)
def _beginnings(names: tuple[str, ...]) -> dict[str, Sequence[_Beginning]]:
    """The ways to begin a call, by their first character."""
    name = _names(names)
    tag = rf"(?P<tag>{'|'.join(map(regex.escape, _TAGS))}){_S}"
    fence = rf"(?P<fence>```\w{{0,16}}+{_S})?+"
    start = rf'{fence}(?P<outer>\{{{_S}"tool_calls?"{_S}:{_S})?(?P<list>\[{_S})?'
    opened = rf'{tag}(?P<list>\[{_S})?\{{{_S}{_EXTRA}"name"{_S}:{_S}"'
    begin, call, separator, _, _ = map(regex.escape, _DEEPSEEK)
    called = rf"(?:{begin}{_S})?{call}"
    bare = _Beginning([regex.compile(start + _object(names))])
    tagged = _Beginning(
        [regex.compile(tag + start + _object(names))],
        [regex.compile(rf'{opened}{name}(?P<named>")'), regex.compile(opened)],
    )
    function = _Beginning(
        [regex.compile(rf"(?:(?P<tag><tool_call>){_S})?(?P<function><function=){name}>")],
        [regex.compile(rf"(?:(?P<tag><tool_call>){_S})?(?P<function><function=)")],
    )
    mistral = _Beginning(
        [regex.compile(rf"(?P<mistral>\[TOOL_CALLS\]){_S}{name}(?:\[CALL_ID\]\w{{0,32}}+)?\[ARGS\]")],
    )
    deepseek = _Beginning(
        [
            regex.compile(rf"(?P<deepseek>{called}function{separator}){name}(?P<fence>\n```json\n)"),
            regex.compile(rf"(?P<deepseek>{called}){name}{separator}"),
        ],
        [regex.compile(rf"(?P<deepseek>{called}function{separator})"), regex.compile(rf"(?P<deepseek>{called})")],
    )
    return {"{": [bare], "`": [bare], "[": [tagged, mistral, bare], "<": [tagged, function, deepseek]}


def _found(match: "regex.Match[str]", before: int) -> Found:
    """The call that a match is the beginning of; `before` is where the matched text stands."""
    groups = match.groupdict()
    if groups.get("function"):
        form = _function_form(groups)
    elif groups.get("mistral"):
        form = Form(key="[ARGS]")
    elif groups.get("deepseek"):
        form = _deepseek_form(groups)
    else:
        form = _object_form(groups)
    return Found(before + match.end(), groups.get("name"), form.key if groups.get("named") else "", form)


def _function_form(groups: dict[str, str | None]) -> Form:
    return Form(named=">", closing="\n</function>" + ("\n</tool_call>" if groups.get("tag") else ""))


def _deepseek_form(groups: dict[str, str | None]) -> Form:
    _, _, separator, end, over = _DEEPSEEK
    fenced = groups.get("fence") or (groups["deepseek"] or "").endswith(separator)
    key, closing = ("\n```json\n", "\n```" + end) if fenced else (separator, end)
    return Form(key=key, closing=closing, tail=regex.escape(over))


def _object_form(groups: dict[str, str | None]) -> Form:
    """What closes the object, and what of the rest the model is to close itself: a list may go on."""
    ends = [
        "}" if groups.get("outer") else "",
        "\n```" if groups.get("fence") else "",
        "\n" + _TAGS[tag] if (tag := groups.get("tag")) else "",
    ]
    if not groups.get("list"):
        return Form(named='"', key=_KEYED, closing=_closing(groups) + "".join(ends).rstrip())
    tail = r"\]" + "".join(rf"{_S}(?:{regex.escape(end.strip())})?+" for end in ends if end.strip())
    return Form(named='"', key=_KEYED, closing=_closing(groups), tail=tail, joint=",")


def _closing(groups: dict[str, str | None]) -> str:
    return "}}" if groups.get("wrapped") else "}"

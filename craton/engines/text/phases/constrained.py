"""What the model makes under a grammar: a choice, the input of a call, a structured answer."""

from collections.abc import Sequence

import msgspec

from craton.engines.text import schemas
from craton.engines.text.model import LogProb
from craton.engines.text.phases.free import Ledger
from craton.engines.text.phases.step import Ending, Step, Talk
from craton.engines.text.stops import StopScanner
from craton.engines.text.syntax import Form
from craton.engines.text.tools import Tool
from craton.errors import ModelErrorException


class Choose:
    """The name of the tool that is called, up to the key of its input: a token may hold the end of the one and some of
    the other.
    """

    budget = None

    def __init__(self, talk: Talk, form: Form) -> None:
        assert talk.request.tools
        self._talk = talk
        self._form = form
        self._names = {f"{name}{form.named}{form.key}": name for name in talk.request.tools.callable}
        self._raw = ""
        self.grammar: str | None = schemas.choice(tuple(self._names))
        self.over = False

    def open(self) -> None:
        pass

    def feed(self, text: str, logprobs: Sequence[LogProb] = ()) -> None:
        self._raw += text
        self.over = self._raw in self._names

    def end(self, ending: Ending) -> Step:
        if name := self._names.get(self._raw):
            return self._talk.call(name, self._form, self._raw)
        if ending == "length":
            return self._talk.ended(ending)
        raise ModelErrorException(f"The model chose {self._raw!r}, which is none of the tools. Send the request again.")


class Arguments:
    """The input of a call, under the grammar of the tool's schema. What the model writes behind it is dropped."""

    budget = None

    def __init__(self, talk: Talk, tool: Tool, form: Form) -> None:
        self._talk = talk
        self._tool = tool
        self._form = form
        self._raw = ""
        self._object = ObjectScanner()
        self.grammar: str | None = schemas.tool_input(tool.schema, form.closing)
        self.over = False

    def open(self) -> None:
        self._talk.blocks.call(self._tool.name)

    def feed(self, text: str, logprobs: Sequence[LogProb] = ()) -> None:
        text = self._object.feed(text)
        if shown := text if self._raw.strip() else text.lstrip():
            self._talk.blocks.input(shown)
        self._raw += text
        self.over = self._object.ended

    def end(self, ending: Ending) -> Step:
        self._talk.blocks.close()
        if ending == "length" and not self.over:
            return self._talk.ended(ending)
        _check_json(self._raw, f"input of the tool {self._tool.name!r}")
        return self._talk.after_call(self._form, self._raw + self._form.closing)


class ObjectScanner:
    """Finds the end of a JSON object in text that arrives in pieces."""

    def __init__(self) -> None:
        self._depth = 0
        self._in_string = False
        self._escaped = False
        self.ended = False

    def feed(self, text: str) -> str:
        """What of the text belongs to the object."""
        for place, character in enumerate(text):
            if self.ended:
                return text[:place]
            self._read(character)
        return text

    def _read(self, character: str) -> None:
        if self._in_string:
            self._in_string = self._escaped or character != '"'
            self._escaped = character == "\\" and not self._escaped
        elif character == '"':
            self._in_string = True
        elif character in "{[":
            self._depth += 1
        elif character in "}]":
            self._depth -= 1
            self.ended = self._depth == 0


class Structured:
    """A whole answer under the grammar of a schema."""

    budget = None

    def __init__(self, talk: Talk) -> None:
        self._talk = talk
        self._scanner = StopScanner(talk.request.stops)
        self._ledger = Ledger()
        self._raw = ""
        assert talk.request.answer is not None
        self.grammar: str | None = schemas.value(talk.request.answer)
        self.over = False

    def open(self) -> None:
        pass

    def feed(self, text: str, logprobs: Sequence[LogProb] = ()) -> None:
        self._ledger.add(logprobs)
        self._raw += text
        if shown := self._scanner.feed(text):
            self._talk.blocks.text(shown, self._ledger.shown(None, self._scanner.held))
        self.over = self._scanner.found is not None

    def end(self, ending: Ending) -> Step:
        if self._scanner.found is not None:
            return Step(reason="stop_sequence", stop=self._scanner.found)
        if rest := self._scanner.rest():
            self._talk.blocks.text(rest, self._ledger.shown(None, 0))
        if ending == "stop":
            _check_json(self._raw, "structured answer")
        return self._talk.ended(ending)


def _check_json(text: str, what: str) -> None:
    """A grammar that the engine could not keep is the engine's failure, and is not passed on as an answer."""
    try:
        msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeError) as error:
        raise ModelErrorException(f"The model's {what} is not valid JSON ({error}). Send the request again.") from error

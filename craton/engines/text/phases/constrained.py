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
    """The name of the tool that is called."""

    budget = None
    over = False

    def __init__(self, talk: Talk, form: Form) -> None:
        assert talk.request.tools
        self._talk = talk
        self._form = form
        self._names = {name + form.named: name for name in talk.request.tools.callable}
        self._raw = ""
        self.grammar: str | None = schemas.choice(tuple(self._names))

    def open(self) -> None:
        pass

    def feed(self, text: str, logprobs: Sequence[LogProb] = ()) -> None:
        self._raw += text

    def end(self, ending: Ending) -> Step:
        if ending != "stop":
            return self._talk.ended(ending)
        if name := self._names.get(self._raw):
            return self._talk.call(name, self._form, self._raw + self._form.key)
        raise ModelErrorException(f"The model chose {self._raw!r}, which is none of the tools. Send the request again.")


class Arguments:
    """The input of a call, under the grammar of the tool's schema."""

    budget = None
    over = False

    def __init__(self, talk: Talk, tool: Tool, form: Form) -> None:
        self._talk = talk
        self._tool = tool
        self._form = form
        self._raw = ""
        self.grammar: str | None = tool.grammar

    def open(self) -> None:
        self._talk.blocks.call(self._tool.name)

    def feed(self, text: str, logprobs: Sequence[LogProb] = ()) -> None:
        if shown := text if self._raw.strip() else text.lstrip():
            self._talk.blocks.input(shown)
        self._raw += text

    def end(self, ending: Ending) -> Step:
        self._talk.blocks.close()
        if ending == "length":
            return self._talk.ended(ending)
        _check_json(self._raw, f"input of the tool {self._tool.name!r}")
        return self._talk.after_call(self._form, self._raw + self._form.closing)


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

"""Converse turns -> chat requests. Knows no answer."""

from collections.abc import Iterable, Sequence

from craton.dialects.body import given, inexpressible
from craton.dialects.cohere.chat.reader import ADDITIONAL
from craton.dialects.cohere.chat.tools import write_tool
from craton.dialects.converse import Block, Turn
from craton.errors import ValidationException

API = "Cohere's chat"
INFERENCE = {"maxTokens": "max_tokens", "temperature": "temperature", "topP": "p", "stopSequences": "stop_sequences"}


def write_request(turn: Turn) -> Block:
    """Raises ValidationException for what the API cannot say. Reasoning and cache points are left out: Cohere has
    neither, and needs neither to go on.
    """
    _check(turn)
    *earlier, last = turn["messages"]
    if last["role"] != "user":
        raise ValidationException(
            f"An answer's beginning has no form in {API}. End the conversation with a user message."
        )
    history = _History()
    for index, message in enumerate(earlier):
        history.add(message, f"messages[{index}].content")
    asked = _Content(last, f"messages[{len(earlier)}].content")
    body: Block = {"message": asked.text} | given(chat_history=history.entries or None)
    body |= given(documents=asked.documents or None, tool_results=history.results(asked.results) or None)
    if system := _system(turn.get("system", ())):
        body["preamble"] = system
    body |= {INFERENCE[name]: value for name, value in given(**turn.get("inferenceConfig", {})).items()}
    tools = [write_tool(tool["toolSpec"]) for tool in turn.get("toolConfig", {}).get("tools", ()) if "toolSpec" in tool]
    names = {name: cohere for cohere, name in ADDITIONAL.items()}
    additional = {names[name]: value for name, value in (turn.get("additionalModelRequestFields") or {}).items()}
    return body | given(tools=tools or None) | additional


def _check(turn: Turn) -> None:
    choice = turn.get("toolConfig", {}).get("toolChoice", {"auto": {}})
    unknown = (turn.get("additionalModelRequestFields") or {}).keys() - set(ADDITIONAL.values())
    for what, wrong in (
        ("outputConfig", turn.get("outputConfig")),
        ("toolConfig.toolChoice", "auto" not in choice),
        *((f"additionalModelRequestFields.{name}", True) for name in sorted(unknown)),
    ):
        if wrong:
            raise ValidationException(
                f"{what!r} has no form in {API}, the API this model is served in. Leave it out or use another model."
            )


def _system(blocks: Sequence[Block]) -> str:
    texts: list[str] = []
    for block in blocks:
        if "text" in block:
            texts.append(block["text"])
        elif "cachePoint" not in block:
            raise inexpressible(API, block, "system")
    return "\n\n".join(texts)


class _Content:
    """A message's content, sorted by where it goes."""

    def __init__(self, message: Block, where: str) -> None:
        texts: list[str] = []
        self.documents: list[Block] = []
        self.results: list[Block] = []
        self.calls: list[Block] = []
        for block in message["content"]:
            match block:
                case {"text": text} | {"guardContent": {"text": {"text": text}}}:
                    texts.append(text)
                case {"citationsContent": cited}:
                    texts += [part["text"] for part in cited.get("content", ())]
                case {"searchResult": {"title": title, "content": content}}:
                    self.documents.append({"title": title, "snippet": "\n".join(part["text"] for part in content)})
                case {"document": {"name": title, "source": {"text": text}}}:
                    self.documents.append({"title": title, "snippet": text})
                case {"toolUse": tool} if "type" not in tool:
                    self.calls.append(tool)
                case {"toolResult": result}:
                    self.results.append({**result, "where": where})
                case {"reasoningContent": _} | {"cachePoint": _}:
                    pass
                case _:
                    raise inexpressible(API, block, where)
        self.text = "".join(texts)


class _History:
    def __init__(self) -> None:
        self.entries: list[Block] = []
        self._calls: dict[str, Block] = {}

    def add(self, message: Block, where: str) -> None:
        content = _Content(message, where)
        if content.documents:
            raise inexpressible(API, {"document": content.documents[0]}, f"{where}, before the last message,")
        for tool in content.calls:
            self._calls[tool["toolUseId"]] = {"name": tool["name"], "parameters": tool["input"]}
        if message["role"] == "user":
            if content.results:
                self.entries.append({"role": "TOOL", "tool_results": self.results(content.results)})
            if content.text:
                self.entries.append({"role": "USER", "message": content.text})
        else:
            calls = [self._calls[tool["toolUseId"]] for tool in content.calls]
            self.entries.append({"role": "CHATBOT", "message": content.text} | given(tool_calls=calls or None))

    def results(self, results: Iterable[Block]) -> list[Block]:
        return [
            {"call": self._calls[result["toolUseId"]], "outputs": [_output(part, result) for part in result["content"]]}
            for result in results
        ]


def _output(part: Block, result: Block) -> Block:
    match part:
        case {"text": text}:
            return {"text": text}
        case {"json": dict(value)}:
            return value
    raise inexpressible(API, part, f"{result['where']}.toolResult.content")

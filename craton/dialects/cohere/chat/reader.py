"""Chat requests -> Converse turns. Knows no answer."""

from collections.abc import Iterable, Iterator
from itertools import count

from craton.dialects.body import Json, given, malformed, parse
from craton.dialects.cohere.chat.shapes import Call, ChatbotMessage, Request, ToolMessage, ToolResult, UserMessage
from craton.dialects.cohere.chat.tools import read_tool
from craton.dialects.converse import Block, Turn

# What has no Converse member keeps the name most APIs give it.
ADDITIONAL = {
    "k": "top_k",
    "frequency_penalty": "frequency_penalty",
    "presence_penalty": "presence_penalty",
    "seed": "seed",
}


def read_request(body: Json) -> Turn:
    """The turn of a chat request. Raises ValidationException that names what is wrong."""
    request = parse(Request, body)
    turn: Block = {"messages": _read_messages(request)}
    if request.preamble:
        turn["system"] = [{"text": request.preamble}]
    turn |= given(
        inferenceConfig=given(
            maxTokens=request.max_tokens,
            temperature=request.temperature,
            topP=request.p,
            stopSequences=request.stop_sequences or None,
        )
    )
    if request.tools:
        tools = [read_tool(tool, f"#/tools/{index}") for index, tool in enumerate(request.tools)]
        turn["toolConfig"] = {"tools": tools}
    additional = {name: getattr(request, cohere) for cohere, name in ADDITIONAL.items()}
    return turn | given(additionalModelRequestFields=given(**additional))


def call_id(number: int) -> str:
    """The id of the so-manieth call of a conversation, counted from 0."""
    return f"tooluse_{number}"


class _Conversation:
    """Messages as they are added, those of one role joined, and the calls that wait for results."""

    def __init__(self) -> None:
        self.messages: list[Block] = []
        self._numbers = count()
        self._open: list[tuple[str, str]] = []

    def say(self, role: str, blocks: Iterable[Block]) -> None:
        content = list(blocks)
        if content and self.messages and self.messages[-1]["role"] == role:
            self.messages[-1]["content"] += content
        elif content:
            self.messages.append({"role": role, "content": content})

    def call(self, calls: Iterable[Call]) -> Iterator[Block]:
        self._open = []
        for call in calls:
            name = call_id(next(self._numbers))
            self._open.append((name, call.name))
            yield {"toolUse": {"toolUseId": name, "name": call.name, "input": call.parameters}}

    @property
    def calling(self) -> bool:
        """Whether there are calls that wait for their results."""
        return bool(self._open)

    def answer(self, results: list[ToolResult], where: str) -> None:
        """The results of the calls before them; where no message called, of calls that the results tell."""
        if results and not self._open:
            self.say("assistant", self.call([result.call for result in results]))
        if [name for _, name in self._open] != [result.call.name for result in results]:
            called = ", ".join(name for _, name in self._open)
            raise malformed(f"{where}: there must be one result for each call before it, in order: {called}")
        self.say("user", [_read_result(*each) for each in zip(self._open, results, strict=True)])
        self._open = []


def _read_result(call: tuple[str, str], result: ToolResult) -> Block:
    return {"toolResult": {"toolUseId": call[0], "content": [_read_output(output) for output in result.outputs]}}


def _read_output(output: Block) -> Block:
    match output:
        case {"text": str(text)} if len(output) == 1:
            return {"text": text}
    return {"json": output}


def _read_messages(request: Request) -> list[Block]:
    conversation = _Conversation()
    for index, entry in enumerate(request.chat_history or ()):
        match entry:
            case UserMessage(message=text):
                conversation.say("user", [{"text": text}])
            case ChatbotMessage(message=said, tool_calls=calls):
                conversation.say("assistant", [{"text": said}] if said else [])
                conversation.say("assistant", conversation.call(calls or ()))
            case ToolMessage(tool_results=results):
                conversation.answer(results, f"#/chat_history/{index}/tool_results")
    if not request.message and not request.tool_results:
        raise malformed("#/message: the message is empty, which it may only be beside tool_results")
    asked = [*_read_documents(request.documents or []), *([{"text": request.message}] if request.message else [])]
    # Results of calls in the history come before what is said now, results that tell their calls after it.
    if conversation.calling or not request.tool_results:
        conversation.answer(request.tool_results or [], "#/tool_results")
        conversation.say("user", asked)
    elif request.message:
        conversation.say("user", asked)
        conversation.answer(request.tool_results, "#/tool_results")
    else:
        raise malformed("#/tool_results: there is no call that these could be the results of, send 'message' with them")
    return conversation.messages


def _read_documents(documents: list[dict[str, str]]) -> Iterator[Block]:
    for index, document in enumerate(documents):
        source = f"doc_{index}"
        title = document.get("title") or source
        rest = {name: text for name, text in document.items() if name != "title"}
        # A lone snippet is the text; other fields keep their names before theirs.
        lone = rest.get("snippet") if len(rest) == 1 else None
        text = lone if lone is not None else "\n".join(f"{name}: {text}" for name, text in rest.items())
        if not text:
            raise malformed(f"#/documents/{index}: the document has no text, give it a 'snippet'")
        found = {"source": source, "title": title, "content": [{"text": text}], "citations": {"enabled": True}}
        yield {"searchResult": found}

"""OpenAI chat completions <-> Converse: bodies of requests and answers, and stream chunks, both ways.

Requests are read strictly (an unknown or inexpressible field is refused by name), answers of other servers leniently.
Does not know who serves the model: `model` and `stream` are the door's or the engine's business, so `read_request`
passes them over and `write_request` leaves them out; `read_completion` gives a door the whole request. Reasoning
travels as `reasoning_content`, as llama.cpp, vLLM and DeepSeek have it.
Source: https://platform.openai.com/docs/api-reference/chat
"""

from craton.dialects.openai.chat.answer import read_response, total_usage, write_completion, write_response
from craton.dialects.openai.chat.reader import Completion, read_completion, read_request
from craton.dialects.openai.chat.stream import EventReader, EventWriter
from craton.dialects.openai.chat.writer import write_request

__all__ = [
    "Completion",
    "EventReader",
    "EventWriter",
    "read_completion",
    "read_request",
    "read_response",
    "total_usage",
    "write_completion",
    "write_request",
    "write_response",
]

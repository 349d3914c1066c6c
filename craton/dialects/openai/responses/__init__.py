"""OpenAI Responses <-> Converse: bodies of requests and answers, and stream events, both ways.

Requests are read strictly (an unknown or inexpressible field is refused by name), answers of other servers leniently.
A conversation is a list of items here, so a server that keeps responses reads a request together with the items before
it: `read_creation(...)` and `Creation.turn(items)`. Knows neither who keeps what nor who serves the model.
Source: https://platform.openai.com/docs/api-reference/responses and the types of the openai package.
"""

from craton.dialects.openai.responses.answer import echo_of, read_response, write_error, write_response
from craton.dialects.openai.responses.items import with_ids
from craton.dialects.openai.responses.reader import Creation, read_count, read_creation, read_request
from craton.dialects.openai.responses.stream import EventReader, EventWriter
from craton.dialects.openai.responses.writer import write_request

__all__ = [
    "Creation",
    "EventReader",
    "EventWriter",
    "echo_of",
    "read_count",
    "read_creation",
    "read_request",
    "read_response",
    "with_ids",
    "write_error",
    "write_request",
    "write_response",
]

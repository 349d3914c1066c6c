"""Anthropic Messages <-> Converse: bodies of requests and answers, and stream events, both ways.

Requests are read strictly (an unknown or inexpressible field is refused by name), answers of other servers leniently.
Does not know who serves the model: `read_request` passes over `model`, `stream` and `anthropic_version`, and
`write_request` leaves them out; `read_message` and `read_count` give a door the whole request. Ids are as Bedrock gives
them.
`cache_control` and Converse's cache points stand for each other.
Source: https://docs.anthropic.com/en/api/messages and the Bedrock user guide on Claude's inference parameters.
"""

from craton.dialects.anthropic.messages.answer import read_response, write_response, write_usage
from craton.dialects.anthropic.messages.reader import Asked, read_count, read_message, read_request
from craton.dialects.anthropic.messages.stream import EventReader, EventWriter
from craton.dialects.anthropic.messages.writer import write_request

__all__ = [
    "Asked",
    "EventReader",
    "EventWriter",
    "read_count",
    "read_message",
    "read_request",
    "read_response",
    "write_request",
    "write_response",
    "write_usage",
]

"""Cohere's chat bodies of Command R and R+ on Bedrock <-> Converse: requests, answers and stream events, both ways.

Requests are read strictly. `documents` become search results that may be cited, and a citation says which of them by
its place. Calls of tools have no ids there: they are counted, and a result belongs to the call at the same place.
Knows no model. Source:
https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-cohere-command-r-plus.html, and for what that page
leaves out https://docs.cohere.com/v1/reference/chat.
"""

from craton.dialects.cohere.chat.answer import read_response, write_response
from craton.dialects.cohere.chat.reader import read_request
from craton.dialects.cohere.chat.stream import EventReader, EventWriter
from craton.dialects.cohere.chat.writer import write_request

__all__ = ["EventReader", "EventWriter", "read_request", "read_response", "write_request", "write_response"]

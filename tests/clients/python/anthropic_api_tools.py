"""Anthropic: tool calls and their results, thinking, and an answer parsed into a type, in both namespaces."""

import json
import sys

from anthropic import Anthropic
from pydantic import BaseModel


class Report(BaseModel):
    city: str
    degrees: int


model = sys.argv[1]
client = Anthropic()
schema = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
request = {"model": model, "max_tokens": 2000, "tools": [{"name": "weather", "input_schema": schema}]}


def said(content):
    return {"role": "user", "content": content}


first = client.messages.create(**request, messages=[said("The weather?")], tool_choice={"type": "any"})
call = first.content[-1]
result = [{"type": "tool_result", "tool_use_id": call.id, "content": "7 degrees"}, {"type": "text", "text": "Hello?"}]
messages = [said("The weather?"), {"role": "assistant", "content": first.content}, said(result)]
second = client.messages.create(**request, messages=messages)
with client.messages.stream(**request, messages=[said("And twice?")]) as stream:
    kinds = [event.type for event in stream]
    parallel = stream.get_final_message()
thinking = {"type": "enabled", "budget_tokens": 1024}
with client.messages.stream(
    model=model, max_tokens=2000, messages=[said("Please ponder.")], thinking=thinking
) as stream:
    pondered = stream.get_final_message()
asked = {"model": model, "max_tokens": 200, "messages": [said("As an object.")], "output_format": Report}
print(
    json.dumps(
        {
            "first": [block.type for block in first.content],
            "stop_reason": first.stop_reason,
            "input": call.input,
            "second": second.content[0].text,
            "kinds": kinds,
            "parallel": [block.input for block in parallel.content],
            "pondered": [block.to_dict() for block in pondered.content],
            "parsed": client.messages.parse(**asked).parsed_output.model_dump(),
            "beta": client.beta.messages.parse(**asked, betas=["any-2026-01-01"]).parsed_output.model_dump(),
        }
    )
)

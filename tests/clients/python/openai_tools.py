"""OpenAI: tool calls and their results, streamed and plain, and an answer parsed into a type."""

import json
import sys

from openai import OpenAI, pydantic_function_tool
from pydantic import BaseModel, Field


class Weather(BaseModel):
    """The weather of a city."""

    city: str


class Report(BaseModel):
    city: str
    degrees: int = Field(description="Celsius")


model = sys.argv[1]
client = OpenAI()
tools = [pydantic_function_tool(Weather, name="weather")]


def said(text):
    return [{"role": "user", "content": text}]


first = client.chat.completions.create(model=model, messages=said("The weather?"), tools=tools, tool_choice="required")
call = first.choices[0].message.tool_calls[0]
result = {"role": "tool", "tool_call_id": call.id, "content": "7 degrees"}
messages = [*said("The weather?"), first.choices[0].message, result, *said("Thanks. Hello?")]
second = client.chat.completions.create(model=model, messages=messages, tools=tools)

with client.chat.completions.stream(model=model, messages=said("And twice?"), tools=tools) as stream:
    kinds = [event.type for event in stream]
    final = stream.get_final_completion().choices[0]

parsed = client.chat.completions.parse(model=model, messages=said("As an object."), response_format=Report)
print(
    json.dumps(
        {
            "call": call.to_dict(),
            "finish": first.choices[0].finish_reason,
            "second": second.choices[0].message.content,
            "kinds": kinds,
            "parallel": [each.function.parsed_arguments.city for each in final.message.tool_calls],
            "parsed": parsed.choices[0].message.parsed.model_dump(),
        }
    )
)

"""OpenAI Responses: a conversation by id, its stream, tools and their results, an answer parsed into a type."""

import json
import sys

from openai import NotFoundError, OpenAI
from pydantic import BaseModel, Field


class Report(BaseModel):
    city: str
    degrees: int = Field(description="Celsius")


model = sys.argv[1]
client = OpenAI()
weather = {
    "type": "function",
    "name": "weather",
    "description": "The weather of a city.",
    "parameters": {
        "type": "object",
        "properties": {"city": {"type": "string"}},
        "required": ["city"],
        "additionalProperties": False,
    },
    "strict": True,
}

first = client.responses.create(model=model, input="Hello", instructions="Be brief.", metadata={"a": "b"})
second = client.responses.create(model=model, input="Hello again", previous_response_id=first.id)
kept = client.responses.retrieve(first.id)
items = client.responses.input_items.list(first.id)
tokens = client.responses.input_tokens.count(model=model, input="Hello", instructions="Be brief.")

raw = [event.type for event in client.responses.create(model=model, input="Hello", stream=True)]
with client.responses.stream(model=model, input="Hello") as stream:
    words = [event.delta for event in stream if event.type == "response.output_text.delta"]
    final = stream.get_final_response()

asked = client.responses.create(model=model, input="The weather?", tools=[weather], tool_choice="required")
call = next(item for item in asked.output if item.type == "function_call")
result = {"type": "function_call_output", "call_id": call.call_id, "output": "7 degrees"}
told = client.responses.create(
    model=model,
    previous_response_id=asked.id,
    input=[result, {"role": "user", "content": "Thanks. Hello?"}],
    tools=[weather],
)
alone = client.responses.create(
    model=model,
    input=[{"role": "user", "content": "The weather?"}, *asked.output, result, {"role": "user", "content": "Hello?"}],
    tools=[weather],
    store=False,
)
with client.responses.stream(model=model, input="And twice?", tools=[weather]) as stream:
    kinds = [event.type for event in stream]
    twice = stream.get_final_response()

pondered = client.responses.create(model=model, input="ponder", reasoning={"summary": "auto"})
openly = client.responses.create(model=model, input="ponder")
parsed = client.responses.parse(model=model, input="As an object.", text_format=Report)

client.responses.delete(first.id)
try:
    client.responses.retrieve(first.id)
    gone = None
except NotFoundError as error:
    gone = error.status_code

print(
    json.dumps(
        {
            "first": first.output_text,
            "second": [second.output_text, second.previous_response_id == first.id],
            "kept": kept.to_dict() == first.to_dict(),
            "items": [part.text for item in items for part in item.content],
            "tokens": [tokens.input_tokens, first.usage.input_tokens],
            "raw": raw,
            "words": words,
            "final": final.output_text,
            "call": {"name": call.name, "arguments": call.arguments},
            "told": told.output_text,
            "alone": alone.output_text,
            "kinds": kinds,
            "twice": [json.loads(item.arguments)["city"] for item in twice.output],
            "summary": [part.text for part in pondered.output[0].summary],
            "openly": [part.text for part in openly.output[0].content],
            "parsed": parsed.output_parsed.model_dump(),
            "gone": gone,
        }
    )
)

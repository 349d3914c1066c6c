"""ChatOpenAI and OpenAIEmbeddings of LangChain: invoke, stream, a bound tool, a structured answer, vectors."""

import json
import sys

from langchain_openai import ChatOpenAI
from pydantic import BaseModel

model = sys.argv[1]


class Report(BaseModel):
    """A report on the weather."""

    city: str
    degrees: int


def weather(city: str) -> str:
    """The weather of a city."""
    return f"7 degrees in {city}"


chat = ChatOpenAI(model=model, temperature=0)
chunks = list(chat.stream("Hello", stream_usage=True))
whole = chunks[0]
for chunk in chunks[1:]:
    whole += chunk
print(
    json.dumps(
        {
            "answer": chat.invoke("Hello").text,
            "streamed": whole.text,
            "usage": whole.usage_metadata,
            "calls": chat.bind_tools([weather]).invoke("The weather?").tool_calls,
            "report": chat.with_structured_output(Report).invoke("As an object.").model_dump(),
        }
    )
)

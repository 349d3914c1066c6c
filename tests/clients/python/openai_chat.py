"""OpenAI: a completion, the same streamed, several at once, and models. It finds the server by OPENAI_BASE_URL."""

import json
import sys

from openai import OpenAI

model, text = sys.argv[1:]
client = OpenAI()
request = {
    "model": model,
    "messages": [{"role": "developer", "content": "You are a helpful assistant."}, {"role": "user", "content": text}],
    "max_completion_tokens": 30,
    "temperature": 0,
}

completion = client.chat.completions.create(**request)
chunks = list(client.chat.completions.create(**request, stream=True, stream_options={"include_usage": True}))
several = client.chat.completions.create(**request, n=2, seed=7)
listed = [each.id for each in client.models.list()]
print(
    json.dumps(
        {
            "completion": completion.to_dict(),
            "request_id": completion._request_id,
            "words": [chunk.choices[0].delta.content for chunk in chunks if chunk.choices],
            "usage": chunks[-1].usage.to_dict(),
            "several": [choice.message.content for choice in several.choices],
            "listed": listed,
            "found": client.models.retrieve(model).id,
        }
    )
)

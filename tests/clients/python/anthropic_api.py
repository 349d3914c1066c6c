"""Anthropic: a message, a stream with thinking, tokens counted, models, and the client for Bedrock's own endpoint."""

import json
import os
import sys

from anthropic import Anthropic, AnthropicBedrockMantle

model, text = sys.argv[1:]
client = Anthropic()
request = {
    "model": model,
    "max_tokens": 30,
    "system": [{"type": "text", "text": "You are a helpful assistant.", "cache_control": {"type": "ephemeral"}}],
    "messages": [{"role": "user", "content": text}],
}

message = client.messages.create(**request)
with client.messages.stream(**request) as stream:
    words = list(stream.text_stream)
    final = stream.get_final_message()
counted = client.messages.count_tokens(**{name: value for name, value in request.items() if name != "max_tokens"})
page = client.models.list(limit=1)
signed, keyed = AnthropicBedrockMantle(), AnthropicBedrockMantle(api_key=os.environ["ANTHROPIC_API_KEY"])
print(
    json.dumps(
        {
            "message": message.to_dict(),
            "request_id": message._request_id,
            "words": words,
            "final": final.to_dict(),
            "counted": counted.input_tokens,
            "listed": [each.id for each in client.models.list()],
            "page": [each.id for each in page.data],
            "found": client.models.retrieve(model).id,
            "mantle": [each.messages.create(**request).content[0].text for each in (signed, keyed)],
        }
    )
)

"""AnthropicBedrock: a message, and a stream of one. It finds the server by ANTHROPIC_BEDROCK_BASE_URL.

Claude before 4.7 on Bedrock takes only the API version that this client no longer sends by itself: it may be named.
"""

import json
import sys

from anthropic import AnthropicBedrock

model, text, *version = sys.argv[1:]
client = AnthropicBedrock()
request = {
    "model": model,
    "max_tokens": 30,
    "system": "You are a helpful assistant.",
    "messages": [{"role": "user", "content": text}],
    "extra_body": {"anthropic_version": version[0], "temperature": 0} if version else None,
}

message = client.messages.create(**request)
with client.messages.stream(**request) as stream:
    words = list(stream.text_stream)
    final = stream.get_final_message()

print(json.dumps({"message": message.model_dump(), "words": words, "final": final.model_dump()}))

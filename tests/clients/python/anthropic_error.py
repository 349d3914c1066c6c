"""AnthropicBedrock: what a caller catches, for a plain message and for a stream."""

import json
import sys

from anthropic import AnthropicBedrock, APIStatusError

client = AnthropicBedrock(max_retries=0)
request = {"model": sys.argv[1], "max_tokens": 30, "messages": [{"role": "user", "content": "Hello."}]}
caught = []
for ask in (client.messages.create, lambda **given: client.messages.stream(**given).__enter__()):
    try:
        ask(**request)
    except APIStatusError as error:
        caught.append({"name": type(error).__name__, "status": error.status_code, **error.body})
print(json.dumps(caught))

"""Anthropic: what a caller catches."""

import json
import sys

from anthropic import Anthropic, APIStatusError

model = sys.argv[1]
client = Anthropic(max_retries=0)


def caught(call):
    try:
        call()
    except APIStatusError as error:
        told = {"name": type(error).__name__, "status": error.status_code, "request_id": error.request_id}
        return {**told, **error.body["error"]}
    return None


def ask(text="Hello", **more):
    return client.messages.create(
        **{"model": model, "max_tokens": 5, "messages": [{"role": "user", "content": text}], **more}
    )


print(
    json.dumps(
        {
            "model": caught(lambda: ask(model="nobody.knows-it")),
            "key": caught(Anthropic(api_key="nonsense", max_retries=0).models.list),
            "busy": caught(lambda: ask("fail before")),
            "parameter": caught(lambda: ask(extra_body={"container": "c"})),
            "version": caught(lambda: ask(extra_body={"temperature": 0})),
            "path": caught(client.messages.batches.list),
            "stream": caught(lambda: list(ask("fail after", max_tokens=50, stream=True))),
        }
    )
)

"""Anthropic: what a client reads of its rate limits, and what it does when it meets one."""

import json
import sys

from anthropic import Anthropic, APIStatusError

model = sys.argv[1]
WAITING = ("retry-after", "retry-after-ms", "x-should-retry")


def ask(client, tokens=20, text="Hello", **more):
    messages = [{"role": "user", "content": text}]
    return client.messages.with_raw_response.create(model=model, messages=messages, max_tokens=tokens, **more)


def read(headers):
    return {
        name: value for name, value in headers.items() if name.startswith("anthropic-ratelimit-") or name in WAITING
    }


def caught(client, tokens=20):
    try:
        ask(client, tokens)
    except APIStatusError as error:
        told = {"name": type(error).__name__, "status": error.status_code, "type": error.body["error"]["type"]}
        return told | {"headers": read(error.response.headers)}
    return None


patient, plain = Anthropic(max_retries=3), Anthropic(max_retries=0)
told = {
    "whole": read(ask(plain).headers),
    "streamed": read(ask(plain, stream=True).headers),
    "large": caught(patient, 820),  # these two would be asked again, if that could help
    "dear": caught(patient, 950),
}
stream = ask(plain, 200, "talk for a second", stream=True).parse()
next(iter(stream))
told["waited"] = ask(patient).status_code  # until the stream has ended
stream.close()
told["refused"] = caught(plain)
print(json.dumps(told))

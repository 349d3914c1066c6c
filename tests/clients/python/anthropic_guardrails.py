"""Anthropic: a guardrail asked for by headers, in messages and their streams."""

import json
import sys

from anthropic import Anthropic

model, guardrail = sys.argv[1:]
headers = {
    "X-Amzn-Bedrock-GuardrailIdentifier": guardrail,
    "X-Amzn-Bedrock-GuardrailVersion": "DRAFT",
    "X-Amzn-Bedrock-Trace": "ENABLED",
}
client = Anthropic(max_retries=0, default_headers=headers)
request = {"model": model, "max_tokens": 500}


def said(text):
    return [{"role": "user", "content": text}]


def told(message):
    extra = message.model_extra or {}
    return [message.content[0].text, message.stop_reason, extra.get("amazon-bedrock-guardrailAction")]


with client.messages.stream(**request, messages=said("The fruit, please")) as stream:
    streamed = stream.get_final_message()
masked = client.messages.create(**request, messages=said("An address, please"))
print(
    json.dumps(
        {
            "blocked": told(client.messages.create(**request, messages=said("What is a durian?"))),
            "masked": told(masked),
            "trace": masked.model_extra["amazon-bedrock-trace"],
            "streamed": [streamed.content[0].text, streamed.stop_reason],
        }
    )
)

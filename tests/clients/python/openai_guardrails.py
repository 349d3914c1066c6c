"""OpenAI: a guardrail asked for by headers and a member of the body, in chat completions and responses."""

import json
import sys
import time

from openai import OpenAI

model, guardrail = sys.argv[1:]
client = OpenAI(max_retries=0)
headers = {
    "X-Amzn-Bedrock-GuardrailIdentifier": guardrail,
    "X-Amzn-Bedrock-GuardrailVersion": "DRAFT",
    "X-Amzn-Bedrock-Trace": "ENABLED",
}


def chat(text, **more):
    messages = [{"role": "user", "content": text}]
    return client.chat.completions.create(model=model, messages=messages, extra_headers=headers, **more)


def told(completion):
    choice = completion.choices[0]
    return [choice.message.content, choice.finish_reason, completion.model_extra["amazon-bedrock-guardrailAction"]]


chunks = list(chat("An address, please", stream=True))
tag = "amazon-bedrock-guardrails-guardContent_x1"
tagged = chat(f"durian <{tag}>seven?</{tag}>", extra_body={"amazon-bedrock-guardrailConfig": {"tagSuffix": "x1"}})
response = client.responses.create(model=model, input="The fruit, please", extra_headers=headers)
with client.responses.stream(model=model, input="An address, please", extra_headers=headers) as stream:
    stream.until_done()
    streamed = stream.get_final_response()
behind = client.responses.create(model=model, input="An address, please", extra_headers=headers, background=True)
while behind.status in ("queued", "in_progress"):
    time.sleep(0.05)
    behind = client.responses.retrieve(behind.id)
print(
    json.dumps(
        {
            "blocked": told(chat("What is a durian?")),
            "stopped": told(chat("The fruit, please")),
            "masked": told(chat("An address, please")),
            "quiet": told(chat("Hello")),
            "tagged": told(tagged),
            "streamed": "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices),
            "last": chunks[-1].model_extra,
            "finish": chunks[-1].choices[0].finish_reason,
            "response": [response.output_text, response.status, response.incomplete_details.reason],
            "response_stream": streamed.output_text,
            "background": [behind.status, behind.output_text],
        }
    )
)

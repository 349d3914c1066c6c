"""OpenAI's clients for Bedrock: signed for each of its endpoints, by access key or API key, and asynchronously."""

import asyncio
import json
import os
import sys

from openai import AsyncOpenAI, OpenAI
from openai.lib.bedrock import BedrockOpenAI
from openai.providers.bedrock import bedrock

model, text = sys.argv[1:]
request = {"model": model, "messages": [{"role": "user", "content": text}], "max_completion_tokens": 30}
url = os.environ["AWS_BEDROCK_BASE_URL"]


def answer(client):
    return client.chat.completions.create(**request).choices[0].message.content


async def at_once(count):
    async with AsyncOpenAI() as client:
        answers = await asyncio.gather(*(client.chat.completions.create(**request) for _ in range(count)))
        stream = await client.chat.completions.create(**request, stream=True)
        words = [chunk.choices[0].delta.content async for chunk in stream if chunk.choices]
    return [each.choices[0].message.content for each in answers], words


answers, words = asyncio.run(at_once(4))
signed = [OpenAI(provider=bedrock(endpoint=endpoint, base_url=url)) for endpoint in ("mantle", "runtime")]
print(
    json.dumps(
        {
            "signed": [answer(client) for client in signed],
            "legacy": answer(BedrockOpenAI(base_url=url)),
            "key": answer(BedrockOpenAI(base_url=url, api_key=os.environ["OPENAI_API_KEY"])),
            "at_once": answers,
            "words": words,
        }
    )
)

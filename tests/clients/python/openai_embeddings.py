"""OpenAI: embeddings of a question and the passages it is compared with, as numbers and packed."""

import json
import sys

from openai import OpenAI

model, *texts = sys.argv[1:]
client = OpenAI()
packed = client.embeddings.create(model=model, input=texts)
plain = client.embeddings.create(model=model, input=texts, encoding_format="float")
print(
    json.dumps(
        {
            "packed": [entry.embedding for entry in packed.data],
            "plain": [entry.embedding for entry in plain.data],
            "tokens": packed.usage.prompt_tokens,
        }
    )
)

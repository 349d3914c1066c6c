"""ChatBedrockConverse: invoke, stream, and what LangChain counts."""

import json
import sys

from langchain_aws import ChatBedrockConverse

model, text = sys.argv[1:]
# LangChain streams from providers that it knows; of others it must be told.
chat = ChatBedrockConverse(model=model, temperature=0, max_tokens=30, disable_streaming=False)
answer = chat.invoke([("system", "You are a helpful assistant."), ("human", text)])
chunks = list(chat.stream(text))
whole = chunks[0]
for chunk in chunks[1:]:
    whole += chunk

print(
    json.dumps(
        {
            "answer": answer.text,
            "usage": answer.usage_metadata,
            "stop_reason": answer.response_metadata["stopReason"],
            "chunks": [chunk.text for chunk in chunks],
            "streamed": whole.text,
            "streamed_usage": whole.usage_metadata,
        }
    )
)

"""ChatBedrock, which speaks each vendor's own bodies through InvokeModel; plain and streamed, for each model named."""

import json
import sys

from langchain_aws import ChatBedrock

text, *models = sys.argv[1:]
answers = {}
for model in models:
    chat = ChatBedrock(model=model, temperature=0, max_tokens=30)
    answer = chat.invoke(text)
    chunks = [chunk.text for chunk in chat.stream(text)]
    answers[model] = {"answer": answer.text, "usage": answer.usage_metadata, "chunks": chunks}
print(json.dumps(answers))

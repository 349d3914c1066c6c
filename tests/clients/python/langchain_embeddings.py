"""BedrockEmbeddings: a question and the passages it is compared with."""

import json
import sys

from langchain_aws import BedrockEmbeddings

model, question, *passages = sys.argv[1:]
embeddings = BedrockEmbeddings(model_id=model)
print(json.dumps({"question": embeddings.embed_query(question), "passages": embeddings.embed_documents(passages)}))

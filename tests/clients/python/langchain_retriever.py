"""AmazonKnowledgeBasesRetriever: the passages for a question, those with little to say left out."""

import json
import sys

from langchain_aws.retrievers import AmazonKnowledgeBasesRetriever

base, question = sys.argv[1:]
search = {"numberOfResults": 3, "filter": {"equals": {"key": "language", "value": "de"}}}
retriever = AmazonKnowledgeBasesRetriever(
    knowledge_base_id=base,
    retrieval_config={"vectorSearchConfiguration": search},
    min_score_confidence=0.3,
)
found = retriever.invoke(question)
print(json.dumps([{"text": each.page_content, "metadata": each.metadata} for each in found]))

"""The operation of bedrock-agent-runtime that writes a query for a question.

Source: https://docs.aws.amazon.com/bedrock/latest/APIReference/API_agent-runtime_GenerateQuery.html
"""

from craton.core.context import Context
from craton.core.operation import operation
from craton.dialects.body import Json
from craton.dialects.converse import Block
from craton.errors import ValidationException
from craton.knowledge.bases.bases import Bases
from craton.knowledge.failures import modelled
from craton.knowledge.structured.answering import Structured


class QueryApi:
    def __init__(self, bases: Bases, structured: Structured) -> None:
        self._bases = bases
        self._structured = structured

    @operation("bedrock-agent-runtime")
    async def generate_query(self, ctx: Context, req: Json) -> Block:
        transformation = req["transformationConfiguration"].get("textToSqlConfiguration", {})
        if "knowledgeBaseConfiguration" not in transformation:
            raise ValidationException(
                "The transformationConfiguration names no knowledge base. Add "
                "'textToSqlConfiguration.knowledgeBaseConfiguration.knowledgeBaseArn'."
            )
        base = await self._bases.find(ctx, transformation["knowledgeBaseConfiguration"]["knowledgeBaseArn"])
        if base.configuration["type"] != "SQL":
            raise ValidationException(
                f"The knowledge base {base.id} has documents and no database. Name one of type 'SQL', or search this "
                "one with Retrieve."
            )
        with modelled():
            sql = await self._structured.query(ctx, base, req["queryGenerationInput"]["text"])
        # The one type that the service model knows; the dialect is that of the database that the operator named.
        return {"queries": [{"type": "REDSHIFT_SQL", "sql": sql}]}

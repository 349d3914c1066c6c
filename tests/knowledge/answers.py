"""A scripted model that answers from knowledge bases, and what these hold."""

from pathlib import Path
from typing import Any

from tests import scripted
from tests.knowledge.house import House

MODEL = "craton.answers-v1:0"
MODEL_ARN = f"arn:aws:bedrock:us-east-1::foundation-model/{MODEL}"
# Before the tables of the server's configuration.
CONFIGURATION = f'default_model = "{MODEL}"\n'

LIGHTHOUSE = "The lighthouse of Skarholm was built in 1874 by Anna Lindqvist. It is 41 metres high."
FERRY = "The island is reached by ferry from Torsvik. The crossing takes 50 minutes."
MUSEUM = "Das Museum im Speicher ist von Mai bis September geöffnet. Der Eintritt kostet 8 Euro."

RULES: list[dict[str, Any]] = [
    # What to search for.
    {"regex": "^Question: And how high is it", "text": '{"queries": ["height of the lighthouse of Skarholm"]}'},
    {
        "regex": "^Question: Compare",
        "text": '{"queries": ["lighthouse Skarholm built", "ferry from Torsvik crossing"]}',
    },
    {"regex": "^Question: prose please", "text": "Let me think about it."},
    # What to search for next.
    {"regex": "You plan .* Question: prose please", "text": "I would search for things."},
    {
        "regex": 'You plan .* Question: expand .* "expand"',
        "text": '{"sufficient": false, "searches": [], "expand": [1]}',
    },
    {
        "regex": r'You plan .* Question: When was .* Searched for so far: \["[^"]*"\]',
        "text": '{"sufficient": false, "searches": [{"query": "ferry crossing Torsvik", "source": "anywhere"}]}',
    },
    {"match": "You plan the searches", "text": '{"sufficient": true, "searches": []}'},
    # Answers.
    {"match": "who built", "text": "It was built in 1874 by Anna Lindqvist. It was painted red in 1950."},
    {"match": "And how high", "text": "The lighthouse is 41 metres high."},
    {"match": "Compare", "text": "The lighthouse was built in 1874. The crossing takes 50 minutes."},
    {"match": "Was kostet", "text": "Der Eintritt kostet 8 Euro. Kinder zahlen nichts."},
    {"match": "with marks", "text": "Something of my own words %[1]%. Nothing of %[7]% it."},
    {
        "match": "in parts",
        "text": "<answer>\n<answer_part>\n<text>\nOne thing. Another.\n</text>\n<sources>\n<source>1</source>\n"
        "</sources>\n</answer_part>\n<answer_part>\n<text>\nNo source.\n</text>\n</answer_part>\n</answer>",
    },
    {"match": "needle", "text": "The needle is in chamber 77."},
    {"match": "break off", "text": "It was built in 1874. Then", "fault": {"kind": "ModelErrorException", "after": 4}},
    {"match": "fail at once", "fault": {"kind": "ModelErrorException", "message": "The script fails."}},
    {"match": "talk forever", **scripted.ENDLESS},
    {"text": "The lighthouse was built in 1874. The crossing takes 50 minutes."},
]


def install(home: Path) -> None:
    scripted.install(home, MODEL, script={"rules": RULES})


def island(house: House, *texts: str) -> str:
    """The id of a knowledge base with these documents."""
    base: str = house.base()["knowledgeBaseId"]
    source = house.source(base)["dataSourceId"]
    for number, text in enumerate(texts or (LIGHTHOUSE, FERRY, MUSEUM)):
        house.ingested(base, source, f"document-{number}", text)
    return base


def asking(base: str, question: str, **config: Any) -> dict[str, Any]:
    """A request of RetrieveAndGenerate."""
    return {
        "input": {"text": question},
        "retrieveAndGenerateConfiguration": {
            "type": "KNOWLEDGE_BASE",
            "knowledgeBaseConfiguration": {"knowledgeBaseId": base, "modelArn": MODEL_ARN, **config},
        },
    }

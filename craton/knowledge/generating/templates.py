"""Prompt templates of a knowledge base's answers: their placeholders, the ones that are used where none is given.

Placeholders: https://docs.aws.amazon.com/bedrock/latest/userguide/kb-test-config.html. Knows no model and no evidence.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime

from craton.errors import ValidationException

RESULTS = "$search_results$"
QUERY = "$query$"
FORMAT = "$output_format_instructions$"
HISTORY = "$conversation_history$"
NOW = "$current_time$"

GENERATION = f"""\
You answer questions from search results. You get the search results here, and the question from the user. Answer with \
what the search results say and with nothing else, in the language of the question. A claim in the question may be \
wrong: check it against the search results. If they do not hold the answer, say that you could not find it.

Search results in numbered order:
{RESULTS}

{FORMAT}"""

# Small models that are asked for citation marks make them up: sentences are compared with the results instead.
ANSWERING = (
    "Write short complete sentences, each with one fact. Do not write the numbers of search results, and no list of "
    "sources."
)

ORCHESTRATION = f"""\
You make search queries for a question that may refer to what was said before in a conversation. A query stands for \
itself: it names what the question calls "it" or "there". Queries are in the language of the question.

The conversation so far:
{HISTORY}

{FORMAT}"""
SEARCHING = 'Answer with JSON, {{"queries": ["..."]}}, with {many}, and nothing else.'
MANY = "as many queries as the question has parts, at most {most}"
ONE = "one query"

_PLACEHOLDER = re.compile("|".join(map(re.escape, (RESULTS, QUERY, FORMAT, HISTORY, NOW))))


def check_generation(template: str) -> None:
    """Raises ValidationException for one that tells the model nothing of what was found."""
    if RESULTS not in template:
        raise ValidationException(f"Generation prompts must include the {RESULTS} variable. Add it to the template.")


def check_orchestration(template: str) -> None:
    """Raises ValidationException likewise."""
    if missing := [name for name in (HISTORY, FORMAT) if name not in template]:
        raise ValidationException(
            f"Orchestration prompts must include the {HISTORY} and {FORMAT} variables. Add {' and '.join(missing)} to "
            "the template."
        )


def pieces(template: str, values: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The template's text in order, each piece under the placeholder that it stands for, or under ''. What a value
    holds is not looked through for placeholders again; one without a value goes.
    """
    at = 0
    for found in _PLACEHOLDER.finditer(template):
        if found.start() > at:
            yield "", template[at : found.start()]
        if value := values.get(found[0], ""):
            yield found[0], value
        at = found.end()
    if at < len(template):
        yield "", template[at:]


def filled(template: str, values: Mapping[str, str]) -> str:
    return "".join(text for _, text in pieces(template, values))


def now() -> str:
    """What `$current_time$` becomes."""
    return datetime.now().astimezone().strftime("%A, %d %B %Y, %H:%M %Z")

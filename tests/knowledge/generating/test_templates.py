"""Prompt templates and their placeholders."""

import pytest

from craton.errors import ValidationException
from craton.knowledge.generating import templates


def test_placeholders_are_filled_once_and_others_are_left_alone() -> None:
    values = {templates.RESULTS: "costs $5, says $query$", templates.QUERY: "what?"}
    filled = templates.filled("$search_results$ | $query$ | $other$ | $conversation_history$.", values)
    assert filled == "costs $5, says $query$ | what? | $other$ | ."


def test_what_was_found_must_be_told() -> None:
    with pytest.raises(ValidationException, match=r"must include the \$search_results\$ variable"):
        templates.check_generation("Answer $query$")


def test_queries_need_the_conversation_and_a_form() -> None:
    with pytest.raises(ValidationException, match=r"Add \$output_format_instructions\$ to"):
        templates.check_orchestration("$conversation_history$ $query$")


def test_our_own_templates_are_sound() -> None:
    templates.check_generation(templates.GENERATION)
    templates.check_orchestration(templates.ORCHESTRATION)

"""What is written down of a command's words."""

import pytest

from craton.cli.commanded import _told


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["keys", "create", "--user", "ada"], ["keys", "create", "--user", "ada"]),
        (["x", "--secret", "hunter2", "y"], ["x", "--secret", "***", "y"]),
        (["x", "--client-secret=hunter2"], ["x", "--client-secret=***"]),
        (["x", "--api-token", "hunter2"], ["x", "--api-token", "***"]),
        (["x", "--secret-env", "NAME"], ["x", "--secret-env", "NAME"]),
        (["x", "--secret-file=path"], ["x", "--secret-file=path"]),
    ],
)
def test_secrets_are_hidden(words: list[str], told: list[str]) -> None:
    hidden = [word.replace("HIDDEN_DUE_TO_SECURITY_REASONS", "***") for word in _told(words)]
    assert hidden == told

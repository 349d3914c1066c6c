"""Craton's own operations, described by a service model of the same format as AWS's (`data/craton`).

Each module turns the members of a request into calls of the part that does the work, and what that gives into the
members of an answer. Knows no HTTP, and not how anything is kept.
"""

from typing import Any

SERVICE = "craton"

Members = dict[str, Any]  # of a request or an answer, by the names of the service model

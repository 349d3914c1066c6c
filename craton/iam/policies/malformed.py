"""What a policy document that cannot be accepted raises. Knows no HTTP."""


class MalformedPolicy(ValueError):
    """A policy document is refused. The message is a sentence that names the place and how to mend it."""

"""Which tags a resource may have: the limits of the AWS tagging reference. Knows no table."""

from collections.abc import Mapping

from craton.errors import TooManyTagsException, ValidationException

MOST_TAGS = 50


def check_tags(arn: str, present: Mapping[str, str], added: Mapping[str, str]) -> None:
    """Raises ValidationException and TooManyTagsException where the tags may not be added to those of the resource."""
    for key in added:
        if key.lower().startswith("aws:"):
            raise ValidationException(f"The tag key {key!r} begins with 'aws:', which is reserved; choose another key.")
    together = {**present, **added}
    spellings: dict[str, str] = {}
    for key in together:
        if (other := spellings.setdefault(key.lower(), key)) != key:
            # Conditions of policies do not tell them apart, so one could hide the other.
            raise ValidationException(f"The tag keys {other!r} and {key!r} differ in case only; use one of them.")
    if len(together) > MOST_TAGS:
        raise TooManyTagsException(
            f"The resource would have more than {MOST_TAGS} tags; remove some first, or add fewer.", resourceName=arn
        )

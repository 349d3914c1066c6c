"""The accounts that these tests act in."""

from tests.iam.people import other_root, root

__all__ = ["other_root", "root"]

"""The models that somebody would write for the payloads: every property with its type, and nothing else.

Annotated classes read the same for pydantic and msgspec: the base class decides.
"""

from typing import Any

from . import github, sentry, tree


def models(base: Any, **options: bool) -> dict[str, Any]:
    """The type of each payload's root, by the name of the payload; options are those of each class."""
    return {name: kind for part in (tree, github, sentry) for name, kind in part.models(base, **options).items()}

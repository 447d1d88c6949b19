"""The models that somebody would write for the payloads: every property with its type, and nothing else.

Annotated classes read the same for pydantic and msgspec: the base class decides. Where the schemas leave objects open, pydantic's models
keep further properties, as its users ask of it (`extra="allow"`); msgspec's structs cannot.
"""

from typing import Any

from . import github, sentry, tree


def models(base: Any, keeping: bool = True, **options: Any) -> dict[str, Any]:
    """The type of each payload's root, by the name of the payload; options are those of each class."""
    kept = {"extra": "allow"} if keeping and hasattr(base, "model_validate") else {}
    return {**tree.models(base, **options, **kept), **github.models(base, **options), **sentry.models(base, **options, **kept)}

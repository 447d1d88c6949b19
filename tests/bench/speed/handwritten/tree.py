"""Events of this tree."""

from typing import Any, Literal


def models(base: Any, **options: Any) -> dict[str, Any]:
    class MixinRequest(base, **options):
        code_content: str
        node_type: Literal["effect", "compute", "reducer", "orchestrator"]
        existing_mixins: list[str] | None = None

    class EntityReference(base, **options):
        entity_type: str
        entity_id: str

    class Money(base, **options):
        amount: str
        currency: str

    class RecommendedAction(base, **options):
        action: str
        description: str
        target: EntityReference | None = None
        parameters: dict[str, float | str | bool] | None = None

    class Recommendation(base, **options):
        recommendation_id: str
        type: Literal[
            "inventory_reorder", "pricing", "production_plan", "staffing", "cost_reduction", "risk_mitigation", "process_improvement"
        ]
        priority: Literal["low", "medium", "high", "urgent"]
        actions: list[RecommendedAction]
        rationale: str | None = None
        confidence: float | None = None
        expected_benefit: Money | None = None
        based_on: list[str] | None = None
        expires_at: str | None = None

    return {
        "omninode.codegen.request.mixin": MixinRequest,
        "cauldron.synapse.recommendation.created": Recommendation,
    }

"""Messages of Sentry: lists whose items differ by position."""

from typing import Any, Literal


def models(base: Any, **options: Any) -> dict[str, Any]:
    class TransactionInfo(base, **options):
        source: str | None = None

    class TransactionSdk(base, **options):
        integrations: list[str | None] | None = None
        name: str | None
        version: str | None

    class Span(base, **options):
        timestamp: float
        start_timestamp: float
        exclusive_time: float | None = None
        description: str | None = None
        op: str | None = None
        span_id: str
        parent_span_id: str | None = None
        trace_id: str
        same_process_as_parent: bool | None = None
        tags: dict[str, Any] | None
        data: dict[str, Any] | None
        hash: str | None = None

    class NumOfSpans(base, **options):
        value: float
        unit: str | None = None

    class MeasurementsValue(base, **options):
        num_of_spans: NumOfSpans | None = None

    class BreakdownsValue(base, **options):
        span_ops: dict[str, NumOfSpans]

    class Data(base, **options):
        type: str
        transaction: str | None = None
        transaction_info: TransactionInfo | None = None
        timestamp: float
        start_timestamp: float
        received: float
        release: str | None = None
        environment: str | None = None
        contexts: dict[str, dict[str, Any] | None]
        tags: list[list[str | None] | None] | None = None
        extra: dict[str, Any] | None = None
        sdk: TransactionSdk | None = None
        project: int | None = None
        spans: list[Span]
        measurements: MeasurementsValue | None = None
        breakdowns: BreakdownsValue | None = None
        culprit: str | None = None
        title: str | None = None
        location: str | None = None

    class TransactionEvent(base, **options):
        group_id: None = None
        group_ids: list[int] | None = None
        event_id: str | None = None
        organization_id: int | None = None
        project_id: int | None = None
        message: str | None = None
        platform: str | None = None
        datetime: str | None = None
        data: Data
        primary_hash: str | None = None
        retention_days: int | None = None
        occurrence_id: None = None
        occurrence_data: dict[str, Any] | None = None
        is_new: bool | None = None
        is_regression: bool | None = None
        is_new_group_environment: bool | None = None
        queue: str | None = None
        skip_consume: bool | None = None
        group_states: None = None

    class ReplayContext(base, **options):
        replay_id: str | None = None

    class TraceContext(base, **options):
        sampled: bool | None = None
        span_id: str | None = None
        trace_id: str | None = None

    class Contexts(base, **options):
        replay: ReplayContext | None = None
        trace: TraceContext | None = None

    class ExceptionMechanism(base, **options):
        handled: Any = None
        type: Any = None

    class StackFrame(base, **options):
        abs_path: Any = None
        colno: int | None = None
        filename: Any = None
        function: Any = None
        in_app: bool | None = None
        lineno: int | None = None
        module: Any = None
        package: Any = None

    class StackTrace(base, **options):
        frames: list[StackFrame | None] | None = None

    class ExceptionValue(base, **options):
        mechanism: ExceptionMechanism | None = None
        stacktrace: StackTrace | None = None
        thread_id: int | str | None = None
        type: Any = None
        value: Any = None

    class SentryExceptionChain(base, **options):
        values: list[ExceptionValue | None] | None = None

    class SentryRequest(base, **options):
        headers: list[list[Any] | None] | None = None
        method: Any = None

    class ErrorSdk(base, **options):
        integrations: list[Any] | None = None
        name: Any = None
        version: Any = None

    class ThreadValue(base, **options):
        id: int | str | None = None
        main: bool | None = None

    class SentryThreadChain(base, **options):
        values: list[ThreadValue | None] | None = None

    class SentryUser(base, **options):
        email: Any = None
        geo: dict[str, Any] | None = None
        id: Any = None
        ip_address: str | None = None
        username: Any = None

    class ErrorData(base, **options):
        contexts: Contexts | None = None
        culprit: Any = None
        errors: list[Any] | None = None
        exception: SentryExceptionChain | None = None
        location: str | None = None
        modules: dict[str, str | None] | None = None
        received: float
        request: SentryRequest | None = None
        sdk: ErrorSdk | None = None
        tags: list[list[Any] | None] | None = None
        threads: SentryThreadChain | None = None
        title: Any = None
        type: Any = None
        user: SentryUser | None = None
        version: str | None = None
        symbolicated_in_app: bool | None = None
        sample_rate: float | None = None

    class InsertEvent(base, **options):
        data: ErrorData
        datetime: str | None = None
        event_id: str
        group_id: int
        message: str
        platform: str | None = None
        primary_hash: str
        project_id: int
        retention_days: int | None = None


    return {
        "Sentry transactions": tuple[Literal[2], Literal["insert"], TransactionEvent, Any],
        "Sentry events": tuple[Literal[2], Literal["insert"], InsertEvent, Any],
    }

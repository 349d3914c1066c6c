"""What serves operations, one object a slice."""

from collections.abc import Iterator

from craton.admin.audit import AuditApi
from craton.admin.budgets import BudgetsApi
from craton.admin.identity.accounts import AccountsApi
from craton.admin.identity.keys import KeysApi
from craton.admin.identity.policies import PoliciesApi
from craton.admin.identity.roles import RolesApi
from craton.admin.identity.sessions import SessionsApi
from craton.admin.identity.users import UsersApi
from craton.admin.operations import OperationsApi
from craton.admin.prices import PricesApi
from craton.admin.providers import ProvidersApi
from craton.admin.quotas import QuotasApi
from craton.admin.requests.api import RequestsApi
from craton.admin.requests.contents import Contents
from craton.admin.targets import TargetsApi
from craton.admin.usage import UsageApi
from craton.app import hosting, judging, knowing
from craton.app.accounting import Accounting
from craton.app.ground import Ground
from craton.app.judging import Judging
from craton.app.knowing import Knowing
from craton.app.services import services
from craton.config import Config
from craton.core.operation import Graded, graded
from craton.iam.resource_policies.api import ResourcePoliciesApi
from craton.models.api import ModelsApi
from craton.models.profiles import Profiles
from craton.models.resolve import Models
from craton.prompts.api import PromptsApi
from craton.prompts.prompts import Prompts
from craton.runtime.api import Runtime
from craton.runtime.async_invoke import AsyncInvoke
from craton.runtime.inference import Inference
from craton.runtime.reranking import Reranking
from craton.tags.api import Tags
from craton.usage.invocation_logs.api import InvocationLogging
from craton.usage.invocation_logs.finding import Finding

# What serves operations, in the order that `made` makes them.
SLICES: tuple[type, ...] = (
    Tags,
    ResourcePoliciesApi,
    ModelsApi,
    PromptsApi,
    *judging.SLICES,
    Runtime,
    AsyncInvoke,
    Reranking,
    *knowing.SLICES,
    *hosting.SLICES,
    AccountsApi,
    UsersApi,
    RolesApi,
    PoliciesApi,
    KeysApi,
    SessionsApi,
    ProvidersApi,
    TargetsApi,
    PricesApi,
    QuotasApi,
    BudgetsApi,
    InvocationLogging,
    UsageApi,
    RequestsApi,
    OperationsApi,
    AuditApi,
)


def operations() -> Iterator[Graded]:
    """Every operation that this server knows, and how it is served."""
    return graded({service.name: service.operations for service in services()}, SLICES)


def made(
    config: Config,
    ground: Ground,
    accounting: Accounting,
    models: Models,
    inference: Inference,
    judges: Judging,
    knowledge: Knowing,
    hosted: tuple[object, ...],
) -> tuple[object, ...]:
    documents, engines, identity, tokens = ground.documents, ground.engines, ground.identity, ground.documents.tokens
    prompts = Prompts(documents)
    runtime = Runtime(inference, prompts)
    contents = Contents(Finding(accounting.logs, ground.blobs))
    return (
        Tags(documents),
        ResourcePoliciesApi(ground.resource_policies),
        ModelsApi(models, documents),
        PromptsApi(prompts),
        *judges.slices,
        runtime,
        AsyncInvoke(runtime, inference, documents, ground.blobs, ground.jobs, accounting.logs),
        Reranking(inference, tokens),
        *knowledge.slices,
        *hosted,
        AccountsApi(identity),
        UsersApi(identity),
        RolesApi(identity),
        PoliciesApi(identity),
        KeysApi(identity, ground.authorization, accounting.quotas, accounting.budgets),
        SessionsApi(identity),
        ProvidersApi(models, engines),
        TargetsApi(Profiles(models, documents)),
        PricesApi(accounting.meter.prices, config.account),
        QuotasApi(accounting.quotas, tokens, config.account),
        BudgetsApi(accounting.budgets, tokens, config.account),
        InvocationLogging(accounting.logs),
        UsageApi(accounting.ledger, accounting.meter.prices, ground.blobs, tokens, config.account),
        RequestsApi(ground.telemetry.recent, accounting.ledger, tokens, contents),
        OperationsApi(operations),
        AuditApi(ground.trail, tokens),
    )

"""What is used, what it costs, and what may be used."""

from contextlib import AsyncExitStack
from dataclasses import dataclass

from craton.app.ground import Ground
from craton.config import Config
from craton.engines.hardware.processor import processor
from craton.usage.budgets.budgets import Budgets
from craton.usage.invocation_logs.logs import InvocationLogs
from craton.usage.journal import Journal
from craton.usage.ledger import Ledger
from craton.usage.machine import Machine
from craton.usage.meter import Meter, recover
from craton.usage.prices import Prices
from craton.usage.quotas.quotas import Quotas
from craton.usage.speeds import Speeds


@dataclass(frozen=True, slots=True)
class Accounting:
    """The parts that count."""

    ledger: Ledger
    meter: Meter
    quotas: Quotas
    budgets: Budgets
    logs: InvocationLogs
    speeds: Speeds


async def reckon(config: Config, ground: Ground, closing: AsyncExitStack) -> Accounting:
    documents = ground.documents
    logs = InvocationLogs(documents, ground.blobs, config.home)
    closing.push_async_callback(logs.close)
    ledger = Ledger.open(config.home)
    closing.push_async_callback(ledger.close)
    prices, machine = Prices(documents, config.prices), Machine(config.machine)
    await recover(config.home, ledger, prices, machine)
    meter = Meter(ledger, prices, journal=Journal.open(config.home), machine=machine)
    closing.push_async_callback(meter.close)
    budgets = Budgets(documents, ledger, prices, machine)
    closing.push_async_callback(budgets.close)
    quotas = Quotas(documents, ledger)
    closing.push_async_callback(quotas.close)
    meter.checks += (budgets, quotas)  # what a budget refuses is no request of a quota's minute
    speeds = Speeds(documents, lambda: processor().name)
    closing.push_async_callback(speeds.close)
    meter.watchers += (ground.telemetry.tally.used, ground.telemetry.recent.used, logs.used, speeds.used)
    return Accounting(ledger, meter, quotas, budgets, logs, speeds)

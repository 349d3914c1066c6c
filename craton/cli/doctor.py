"""`craton doctor`: what stands between a program and its answer, check by check, each explained in one sentence.

It looks through boto3's eyes: the endpoint, credentials and region are those that a program started here would use.
"""

import email.utils
import json
import ssl
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Any

import boto3
import httpx
import typer
from botocore.config import Config as ClientConfig
from botocore.exceptions import BotoCoreError, ClientError

from craton.cli.options import Endpoint, Home, Json, load
from craton.cli.session import authorities_of, endpoint_of, session_for
from craton.models.catalogue import shipped
from craton.models.files.library import Library

app = typer.Typer()

MOST_SKEW_SECONDS = 300

# What an error code means for the one who reads it, where the server's own words are for a program.
SIGNATURE = {
    "InvalidSignatureException": (
        "The secret access key is not that of access key {key}, or a proxy changes the request on its way: "
        "set AWS_SECRET_ACCESS_KEY to what `craton keys create` printed."
    ),
    "UnrecognizedClientException": (
        "The server does not know access key {key}: it was revoked or belongs to another server; "
        "`craton keys create` makes one for this server."
    ),
    "ExpiredTokenException": "Access key {key} has expired; `craton keys create` makes a new one.",
    "MissingAuthenticationTokenException": (
        "The request arrived without a signature: a proxy removes the Authorization header."
    ),
}


@dataclass(frozen=True, slots=True)
class Finding:
    check: str
    ok: bool
    says: str


class Unwell(Exception):
    """A check failed; the sentence says how to mend it. The checks after it depend on it."""


@dataclass(frozen=True, slots=True)
class Patient:
    """What a program started here would use."""

    session: boto3.Session
    endpoint: str
    model: str
    home: Path
    authorities: str | None = None

    def health(self) -> httpx.Response:
        trust = ssl.create_default_context(cafile=self.authorities)
        return httpx.get(f"{self.endpoint}/healthz", verify=trust, timeout=5)

    @property
    def key(self) -> str:
        credentials = self.session.get_credentials()
        return credentials.access_key if credentials else ""

    def call(self, service: str, operation: str, **arguments: object) -> Any:
        """Raises Unwell with what the server answered."""
        quick = ClientConfig(retries={"total_max_attempts": 1}, connect_timeout=5, read_timeout=300)
        client = self.session.client(service, endpoint_url=self.endpoint, config=quick)  # type: ignore[call-overload]
        try:
            return getattr(client, operation)(**arguments)
        except ClientError as error:
            code = error.response["Error"]["Code"]
            says = SIGNATURE.get(code, "{code}: {message}")
            raise Unwell(says.format(key=self.key, code=code, message=error.response["Error"]["Message"])) from None
        except BotoCoreError as error:
            raise Unwell(f"{error}.") from None


def endpoint(patient: Patient) -> str:
    try:
        answer = patient.health()
    except (OSError, httpx.HTTPError, httpx.InvalidURL) as error:
        if "CERTIFICATE_VERIFY_FAILED" in str(error):
            raise Unwell(
                f"The certificate of {patient.endpoint} is not trusted ({error}): set AWS_CA_BUNDLE to its file; one "
                "that Craton made for itself is tls/certificate.pem in the server's home."
            ) from None
        if isinstance(error, httpx.RemoteProtocolError) or "[SSL" in str(error):
            scheme = httpx.URL(patient.endpoint).scheme
            raise Unwell(
                f"What answers at {patient.endpoint} does not speak {scheme} ({error}): set AWS_ENDPOINT_URL to the "
                "address that `craton serve` printed, https where it has TLS."
            ) from None
        raise Unwell(
            f"Nothing answers at {patient.endpoint} ({error}): start it with `craton serve`, or set AWS_ENDPOINT_URL."
        ) from None
    if answer.status_code != 200 or "craton" not in answer.text:
        raise Unwell(f"{patient.endpoint} answers, but it is not Craton: set AWS_ENDPOINT_URL to Craton's address.")
    return f"Craton {answer.json()['craton']} answers at {patient.endpoint}."


def clock(patient: Patient) -> str:
    answer = patient.health()
    there = answer.json()["time"]
    skew = abs(time.time() - email.utils.parsedate_to_datetime(there).timestamp())
    if skew > MOST_SKEW_SECONDS:
        raise Unwell(
            f"This machine's clock and the server's are {skew:.0f} seconds apart, and a signature allows "
            f"{MOST_SKEW_SECONDS}: set the wrong one right."
        )
    return f"The clocks are {skew:.0f} seconds apart."


def credentials(patient: Patient) -> str:
    found = patient.session.get_credentials()
    if found is None:
        raise Unwell("boto3 finds no credentials: run `craton keys create` and set the two variables that it prints.")
    return f"boto3 uses access key {found.access_key} (from: {found.method}) in {patient.session.region_name}."


def signature(patient: Patient) -> str:
    patient.call("bedrock", "list_foundation_models")
    return "A signed request is accepted."


def model(patient: Patient) -> str:
    started = time.perf_counter()
    patient.call(
        "bedrock-runtime",
        "converse",
        modelId=patient.model,
        messages=[{"role": "user", "content": [{"text": "Say hello."}]}],
        inferenceConfig={"maxTokens": 1},
    )
    return f"{patient.model} answers, after {time.perf_counter() - started:.1f} seconds."


def guardrails(patient: Patient) -> str:
    """Nobody needs them who has no guardrail, so none that is missing is a fault."""
    library = Library(patient.home)
    missing = [model.short for model in shipped().means().values() if library.get(model.id) is None]
    if not missing:
        return f"The models that guardrails compute with are installed in {patient.home}."
    return (
        f"Guardrails lack {', '.join(missing)} in {patient.home}: what these judge is undecided until you run "
        "`craton pull guardrails` where the server runs."
    )


CHECKS: tuple[Callable[[Patient], str], ...] = (endpoint, clock, credentials, signature, model, guardrails)


def examine(patient: Patient) -> list[Finding]:
    """The findings up to and with the first that is not well."""
    findings: list[Finding] = []
    for check in CHECKS:
        try:
            findings.append(Finding(check.__name__, True, check(patient)))
        except Unwell as unwell:
            return [*findings, Finding(check.__name__, False, str(unwell))]
    return findings


@app.command()
def doctor(
    model: Annotated[str | None, typer.Option(help="The model id or ARN to try (default: the default model).")] = None,
    endpoint: Endpoint = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Check endpoint, clock, credentials, signature, model and what guardrails need, and say in a sentence what is
    wrong.
    """
    config = load(home)
    patient = Patient(
        session_for(config),
        endpoint_of(config, endpoint),
        model or config.default_model,
        config.home,
        authorities_of(config),
    )
    findings = examine(patient)
    if as_json:
        typer.echo(json.dumps([asdict(finding) for finding in findings], indent=2))
    else:
        for finding in findings:
            typer.echo(f"{'ok  ' if finding.ok else 'FAIL'}  {finding.check:<12} {finding.says}")
    raise typer.Exit(0 if all(finding.ok for finding in findings) else 1)

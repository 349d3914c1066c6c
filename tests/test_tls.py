"""TLS as clients meet it: https for boto3 and others, a certificate that is trusted, renewed and replaced."""

import contextlib
import os
import signal
import socket
import ssl
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
import httpx
import pytest
from botocore.config import Config as ClientConfig

from craton import tls
from craton.config import Config, TlsSettings
from craton.tls import TlsError
from tests import scripted
from tests.doors.calls import ADMIN_MODELS
from tests.serving import CLIENT, REGION, Server

HELLO: dict[str, Any] = {"modelId": scripted.MODEL, "messages": [{"role": "user", "content": [{"text": "Hello."}]}]}


class SecureServer(Server):
    """The same over https, with a certificate of its own unless the arguments name another."""

    def __init__(self, home: Path, *arguments: str, authority: Path | None = None) -> None:
        super().__init__(home, *(arguments or ("--tls-self-signed",)))
        self.endpoint = f"https://localhost:{self.port}"
        self.authority = authority or home / "tls" / "certificate.pem"

    def get(self, path: str, **options: Any) -> httpx.Response:
        return httpx.get(f"{self.endpoint}{path}", verify=self.trust(), timeout=5, **options)

    def trust(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self.authority)

    def client(self, service: str, region: str = REGION, **credentials: str) -> Any:
        session = boto3.Session(region_name=region, **(credentials or self.own))
        return session.client(service, endpoint_url=self.endpoint, config=CLIENT, verify=str(self.authority))

    @property
    def own(self) -> dict[str, str]:
        names = {"aws_access_key_id": "AWS_ACCESS_KEY_ID", "aws_secret_access_key": "AWS_SECRET_ACCESS_KEY"}
        return {name: self.variables[variable] for name, variable in names.items()}

    def fingerprint(self) -> str:
        """Of the certificate that it shows now."""
        anything = ssl.create_default_context()
        anything.check_hostname, anything.verify_mode = False, ssl.CERT_NONE
        with handshake(self, anything) as line:
            shown = line.getpeercert(binary_form=True)
        assert shown
        return tls.x509.load_der_x509_certificate(shown).fingerprint(tls.hashes.SHA256()).hex()

    def _wait(self) -> None:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            assert self.process.poll() is None, self.log.read_text()
            with contextlib.suppress(httpx.TransportError, FileNotFoundError):
                self.get("/healthz")
                return
            time.sleep(0.02)
        raise TimeoutError(self.log.read_text())


@contextlib.contextmanager
def handshake(server: Server, trust: ssl.SSLContext) -> Iterator[ssl.SSLSocket]:
    with (
        socket.create_connection(("127.0.0.1", server.port), timeout=10) as plain,
        trust.wrap_socket(plain, server_hostname="localhost") as line,
    ):
        yield line


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SecureServer]:
    home = tmp_path_factory.mktemp("tls") / "home"
    scripted.install(home)
    with SecureServer(home) as running:
        yield running


# --- clients ------------------------------------------------------------------------------------------------


def test_boto3_signs_over_https(server: SecureServer) -> None:
    answer = server.client("bedrock-runtime").converse(**HELLO)
    assert answer["output"]["message"]["content"] == [{"text": scripted.ANSWER}]


def test_boto3_streams_over_https(server: SecureServer) -> None:
    events = list(server.client("bedrock-runtime").converse_stream(**HELLO)["stream"])
    assert "messageStart" in events[0] and "metadata" in events[-1]


def test_boto3_sends_a_bedrock_api_key(server: SecureServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """botocore sends bearer tokens over https only."""
    monkeypatch.setenv("AWS_DATA_PATH", ADMIN_MODELS)
    token = server.client("craton").create_api_key()["apiKey"]
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_BEARER_TOKEN_BEDROCK", token)
    monkeypatch.setenv("AWS_CA_BUNDLE", str(server.authority))
    runtime = boto3.Session(region_name=REGION).client(
        "bedrock-runtime", endpoint_url=server.endpoint, config=ClientConfig(retries={"total_max_attempts": 1})
    )
    sent: list[str] = []
    runtime.meta.events.register("before-send", lambda request, **_: sent.append(request.headers["Authorization"]))
    assert runtime.converse(**HELLO)["stopReason"] == "end_turn"
    assert str(sent[0]).replace("b'", "").startswith("Bearer ABSK")


@pytest.mark.parametrize(("http2", "version"), [(True, "HTTP/2"), (False, "HTTP/1.1")])
def test_the_client_chooses_the_version_of_http(server: SecureServer, http2: bool, version: str) -> None:
    with httpx.Client(http2=http2, verify=server.trust()) as client:
        assert client.get(f"{server.endpoint}/healthz").http_version == version


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
@pytest.mark.parametrize("name", ["localhost", "127.0.0.1", "::1"])
def test_a_client_that_trusts_the_file_trusts_the_server(
    server: SecureServer, name: str, version: ssl.TLSVersion
) -> None:
    trust = server.trust()
    trust.verify_flags |= ssl.VERIFY_X509_STRICT  # the default of later Pythons
    trust.minimum_version = trust.maximum_version = version
    with (
        socket.create_connection(("127.0.0.1", server.port), timeout=10) as plain,
        trust.wrap_socket(plain, server_hostname=name) as line,
    ):
        assert line.version() == version.name.replace("v1_", "v1.")


def test_versions_before_1_2_are_refused(server: SecureServer) -> None:
    trust = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    trust.check_hostname, trust.verify_mode = False, ssl.CERT_NONE
    trust.set_ciphers("ALL:@SECLEVEL=0")
    with pytest.warns(DeprecationWarning):
        trust.minimum_version, trust.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
    with pytest.raises((ssl.SSLError, ConnectionError)), handshake(server, trust):
        pass


def test_nobody_else_trusts_it(server: SecureServer) -> None:
    with pytest.raises(ssl.SSLCertVerificationError), handshake(server, ssl.create_default_context()):
        pass


def test_plain_http_is_not_answered(server: SecureServer) -> None:
    with pytest.raises(httpx.TransportError):
        httpx.get(f"http://127.0.0.1:{server.port}/healthz", timeout=5)


def test_clients_that_never_finish_their_handshake_hold_nobody_up(server: SecureServer) -> None:
    with contextlib.ExitStack() as stack:
        for _ in range(200):
            stack.enter_context(socket.create_connection(("127.0.0.1", server.port)))
        started = time.monotonic()
        assert server.get("/healthz").status_code == 200
        assert time.monotonic() - started < 1


def test_the_first_lines_say_how_to_trust_it(server: SecureServer) -> None:
    text = server.log.read_text()
    assert f"export AWS_ENDPOINT_URL=https://127.0.0.1:{server.port}" in text
    assert f"export AWS_CA_BUNDLE={server.authority}" in text
    assert tls.Proof.read(server.authority, server.authority.with_name("key.pem")).fingerprint in text


def test_only_the_owner_reads_the_key(server: SecureServer) -> None:
    folder = server.home / "tls"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / "key.pem").stat().st_mode) == 0o600


def test_the_commands_of_the_same_home_trust_it(server: SecureServer) -> None:
    (server.home / "craton.toml").write_text(f"port = {server.port}\n[tls]\nself_signed = true\n")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "CRATON_"))}
    command = [sys.executable, "-m", "craton", "doctor", "--home", str(server.home), "--model", scripted.MODEL]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


# --- the certificate ----------------------------------------------------------------------------------------


def own(home: Path, **settings: Any) -> Config:
    return Config(home=home, tls=TlsSettings(self_signed=True, **settings))


def test_the_certificate_is_kept_from_one_start_to_the_next(tmp_path: Path) -> None:
    first = tls.proof(own(tmp_path))
    assert first.self_signed and timedelta(days=390) < first.until - datetime.now(UTC) < timedelta(days=398)
    assert tls.proof(own(tmp_path)) == first


def test_it_is_made_anew_near_its_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tls, "_VALID", timedelta(days=29))
    first = tls.proof(own(tmp_path))
    monkeypatch.undo()
    second = tls.proof(own(tmp_path))
    assert second.until - first.until > timedelta(days=300) and second.fingerprint != first.fingerprint


def test_it_is_made_anew_for_a_new_name(tmp_path: Path) -> None:
    first = tls.proof(own(tmp_path))
    second = tls.proof(own(tmp_path, names=("models.example", "10.1.2.3")))
    assert second != first
    names = tls.x509.load_pem_x509_certificate(second.cert.read_bytes()).extensions.get_extension_for_class(
        tls.x509.SubjectAlternativeName
    )
    assert "models.example" in names.value.get_values_for_type(tls.x509.DNSName)
    assert tls.proof(own(tmp_path)) == second, "it still holds all names that are needed"


def test_it_is_made_anew_where_a_half_of_it_is_lost(tmp_path: Path) -> None:
    first = tls.proof(own(tmp_path))
    first.key.write_text("no key")
    assert tls.proof(own(tmp_path)).fingerprint != first.fingerprint


def test_files_that_do_not_belong_together_are_refused(tmp_path: Path) -> None:
    one, two = tls.proof(own(tmp_path / "one")), tls.proof(own(tmp_path / "two"))
    with pytest.raises(TlsError, match="belong together"):
        tls.proof(Config(home=tmp_path, tls=TlsSettings(cert=one.cert, key=two.key)))
    with pytest.raises(TlsError, match="nowhere"):
        tls.proof(Config(home=tmp_path, tls=TlsSettings(cert=tmp_path / "nowhere.pem", key=two.key)))


def test_a_certificate_that_was_replaced_is_shown_after_sighup_and_cuts_no_stream_short(tmp_path: Path) -> None:
    home, files = tmp_path / "home", tmp_path / "files"
    scripted.install(home)
    first = tls.proof(own(files))
    with SecureServer(home, "--tls-cert", str(first.cert), "--tls-key", str(first.key), authority=first.cert) as server:
        shown = server.fingerprint()
        asked = HELLO | {"messages": [{"role": "user", "content": [{"text": "Please talk for a second."}]}]}
        events = iter(server.client("bedrock-runtime").converse_stream(**asked)["stream"])
        assert "messageStart" in next(events)
        tls.proof(own(files, names=("another.example",)))
        server.process.send_signal(signal.SIGHUP)
        deadline = time.monotonic() + 30
        renewed = 0
        while renewed < 10:  # for a moment both are shown, and who connects in just that moment is cut off
            assert time.monotonic() < deadline
            with contextlib.suppress(ssl.SSLEOFError, ConnectionResetError):
                renewed = renewed + 1 if server.fingerprint() != shown else 0
        assert "metadata" in list(events)[-1]
        first.key.write_text("no key")
        server.process.send_signal(signal.SIGHUP)
        while "was not renewed" not in server.log.read_text() and time.monotonic() < deadline:
            time.sleep(0.05)
        assert server.get("/healthz").status_code == 200, "the one before stays in use"

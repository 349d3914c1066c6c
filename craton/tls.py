"""What the server proves itself with to its clients: a certificate and its key, given as files or made here.

Importing the cryptography takes a while, so this is imported only by a server that speaks TLS. Knows no connection.
"""

import ipaddress
import os
import socket
import ssl
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID

from craton.config import Config

# As long as browsers and Apple's systems accept (https://support.apple.com/en-us/102028), and some time to notice.
_VALID = timedelta(days=397)
_RENEWED_BEFORE = timedelta(days=30)
_SKEW = timedelta(hours=1)  # of the clocks of clients
_LOCAL = ("localhost", "127.0.0.1", "::1")


class TlsError(Exception):
    """A certificate or key that cannot be used; the message says what to change."""


@dataclass(frozen=True, slots=True)
class Proof:
    """Files of a certificate and its key that belong together, as PEM, and what people want to know of them."""

    cert: Path
    key: Path
    fingerprint: str  # SHA-256 of the certificate, as `openssl x509 -fingerprint` writes it
    until: datetime
    self_signed: bool

    @classmethod
    def read(cls, cert: Path, key: Path, *, self_signed: bool = False) -> Self:
        """Raises TlsError."""
        try:
            ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(cert, key, lambda: "")
            first = x509.load_pem_x509_certificate(cert.read_bytes())
        except (OSError, ValueError) as error:
            raise TlsError(
                f"The certificate {str(cert)!r} and the key {str(key)!r} cannot be used for TLS: {error}. Give two PEM "
                "files that belong together, the key without a password."
            ) from None
        return cls(
            cert, key, first.fingerprint(hashes.SHA256()).hex(":").upper(), first.not_valid_after_utc, self_signed
        )

    @property
    def expired(self) -> bool:
        return self.until <= datetime.now(UTC)


def proof(config: Config) -> Proof:
    """What this server proves itself with, made or made anew where it is to sign for itself. Raises TlsError."""
    if config.tls.cert and config.tls.key:
        return Proof.read(config.tls.cert.expanduser(), config.tls.key.expanduser())
    cert = config.own_certificate
    assert cert, "without files the certificate is its own"
    folder, key = cert.parent, cert.with_name("key.pem")
    names = list(dict.fromkeys([*config.tls.names, *_own(config.host)]))
    try:
        if not _holds(cert, key, names):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            _make(cert, key, names)
    except OSError as error:
        raise TlsError(f"The server's own certificate cannot be written to {str(folder)!r}: {error}.") from None
    return Proof.read(cert, key, self_signed=True)


def _own(host: str) -> Iterable[str]:
    """The names that clients may use for a server at this address."""
    if host in ("0.0.0.0", "::"):
        return (*_LOCAL, socket.gethostname(), socket.getfqdn())
    return (*_LOCAL, host)


def _holds(cert: Path, key: Path, names: Iterable[str]) -> bool:
    """Whether what was made before is still good: for these names, and for some time."""
    if not (cert.exists() and key.exists()):
        return False
    try:
        present = x509.load_pem_x509_certificate(cert.read_bytes())
        Proof.read(cert, key)
        held = present.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (TlsError, ValueError, x509.ExtensionNotFound):
        return False
    return present.not_valid_after_utc - datetime.now(UTC) > _RENEWED_BEFORE and set(map(_general, names)) <= set(held)


def _make(cert: Path, key: Path, names: Iterable[str]) -> None:
    """A key on the curve P-256, and a certificate for these names that it signs itself (RFC 5280); of no authority, so
    that whoever trusts it trusts this server alone.
    """
    secret = ec.generate_private_key(ec.SECP256R1())
    public = secret.public_key()
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Craton")])
    now = datetime.now(UTC)
    usage = dict.fromkeys(_USAGES, False) | {"digital_signature": True}
    signed = (
        x509.CertificateBuilder(name, name, public, x509.random_serial_number(), now - _SKEW, now + _VALID)
        .add_extension(x509.SubjectAlternativeName(map(_general, names)), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(**usage), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(public), critical=False)
        .sign(secret, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    _write(key, secret.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    _write(cert, signed.public_bytes(pem))


_USAGES = (
    *("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement"),
    *("key_cert_sign", "crl_sign", "encipher_only", "decipher_only"),
)


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _write(path: Path, data: bytes) -> None:
    """Whole or not at all, for its owner only."""
    draft = path.with_suffix(".new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)

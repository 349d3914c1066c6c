"""TLS in front of a plain server, as a proxy ends it in production. Knows nothing of what passes through.

A program: it takes the server's port and a PEM file with key and certificate, and prints the port where it listens.
"""

import asyncio
import contextlib
import ssl
import subprocess
import sys
from asyncio import StreamReader, StreamWriter
from collections.abc import Iterator
from pathlib import Path


def certificate(folder: Path) -> Path:
    """A key for `localhost` and a certificate that vouches for itself, in one file, made by openssl."""
    file = folder / "localhost.pem"
    words: list[str | Path] = ["-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-keyout", file, "-out", file]
    names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    subprocess.run(["openssl", "req", *words, *names], check=True, capture_output=True)
    return file


@contextlib.contextmanager
def proxy(port: int, pem: Path) -> Iterator[str]:
    """The https URL under which the server at a local port can be reached meanwhile."""
    command = [sys.executable, __file__, str(port), str(pem)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield f"https://localhost:{int(process.stdout.readline())}"
        process.terminate()


async def serve(port: int, pem: Path) -> None:
    async def relay(reader: StreamReader, writer: StreamWriter) -> None:
        inner_reader, inner_writer = await asyncio.open_connection("127.0.0.1", port)
        await asyncio.gather(pass_on(reader, inner_writer), pass_on(inner_reader, writer))

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    listener = await asyncio.start_server(relay, "localhost", 0, ssl=context)
    print(listener.sockets[0].getsockname()[1], flush=True)
    await listener.serve_forever()


async def pass_on(reader: StreamReader, writer: StreamWriter) -> None:
    with contextlib.suppress(ConnectionError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    writer.close()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), Path(sys.argv[2])))

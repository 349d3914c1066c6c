"""The application is plain ASGI: uvicorn can serve it too, for those who cannot use granian."""

import asyncio
from pathlib import Path

import httpx
import uvicorn

from craton import config
from craton.app.app import build
from tests.serving import free_port


async def test_uvicorn_serves_it(tmp_path: Path) -> None:
    port = free_port()
    async with build(config.load(options={"home": tmp_path / "home", "port": port})) as built:
        server = uvicorn.Server(uvicorn.Config(built.asgi, port=port, lifespan="off", log_level="warning"))
        serving = asyncio.create_task(server.serve())
        while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
            await asyncio.sleep(0.01)
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
            assert (await client.get("/healthz")).status_code == 200
            refused = await client.get("/foundation-models")
        server.should_exit = True
        await serving
    assert refused.status_code == 403
    assert refused.headers["x-amzn-errortype"].startswith("MissingAuthenticationTokenException")

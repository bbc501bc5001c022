"""A client made with FastMCP. Arguments: the MCP URL, and the client's metadata document if it has one."""

import sys
import webbrowser
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import anyio
import httpx2
from conversation import ask_person, converse
from fastmcp import Client
from fastmcp.client.auth import OAuth


class Connection:
    def __init__(self, client: Client) -> None:
        self._client = client

    async def tools(self) -> list[str]:
        return [tool.name for tool in await self._client.list_tools()]

    async def call(self, name: str, arguments: dict[str, Any]) -> Any:
        return (await self._client.call_tool(name, arguments)).structured_content


@asynccontextmanager
async def connected(url: str, metadata_url: str | None = None) -> AsyncIterator[Connection]:
    async with anyio.create_task_group() as tasks:

        async def browse(address: str) -> None:
            comes_back_at = await ask_person(address)
            # FastMCP opens the browser first, and listens then.
            async with httpx2.AsyncClient(transport=httpx2.AsyncHTTPTransport(retries=5)) as browser:
                await browser.get(comes_back_at)

        class Browser(webbrowser.BaseBrowser):
            """Is opened by FastMCP, and goes where the person is sent: to the address at which FastMCP listens."""

            def open(self, url: str, new: int = 0, autoraise: bool = True) -> bool:
                tasks.start_soon(browse, url)
                return True

        webbrowser.register("person", None, Browser(), preferred=True)
        async with Client(url, auth=OAuth(client_metadata_url=metadata_url)) as client:
            yield Connection(client)


anyio.run(converse, connected(*sys.argv[1:]))

"""A client made with the official Python SDK. Arguments: the MCP URL, and the client's metadata document if it has one."""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import anyio
from conversation import ask_person, converse
from mcp import Client
from mcp.client.auth import AuthorizationCodeResult, OAuthClientProvider
from mcp.client.streamable_http import create_mcp_http_client, streamable_http_client
from mcp.shared.auth import OAuthClientInformationFull, OAuthClientMetadata, OAuthToken
from pydantic import AnyUrl


class Memory:
    """Keeps the tokens as long as the program runs."""

    tokens: OAuthToken | None = None
    client: OAuthClientInformationFull | None = None

    async def get_tokens(self) -> OAuthToken | None:
        return self.tokens

    async def set_tokens(self, tokens: OAuthToken) -> None:
        self.tokens = tokens

    async def get_client_info(self) -> OAuthClientInformationFull | None:
        return self.client

    async def set_client_info(self, client_info: OAuthClientInformationFull) -> None:
        self.client = client_info


class Person:
    """Is shown an address, and comes back at another one."""

    _came_back_at = ""

    async def see(self, url: str) -> None:
        self._came_back_at = await ask_person(url)

    async def come_back(self) -> AuthorizationCodeResult:
        return AuthorizationCodeResult.model_validate(dict(parse_qsl(urlsplit(self._came_back_at).query)))


class Connection:
    def __init__(self, client: Client) -> None:
        self._client = client

    async def tools(self) -> list[str]:
        return [tool.name for tool in (await self._client.list_tools()).tools]

    async def call(self, name: str, arguments: dict[str, Any]) -> Any:
        result = await self._client.call_tool(name, arguments)
        if result.is_error:
            raise RuntimeError(result.content)
        return result.structured_content


@asynccontextmanager
async def connected(url: str, metadata_url: str | None = None) -> AsyncIterator[Connection]:
    person = Person()
    provider = OAuthClientProvider(
        server_url=url,
        client_metadata=OAuthClientMetadata(
            client_name="Python SDK",
            redirect_uris=[AnyUrl("http://localhost:7777/callback")],
        ),
        storage=Memory(),
        redirect_handler=person.see,
        callback_handler=person.come_back,
        client_metadata_url=metadata_url,
    )
    async with (
        create_mcp_http_client(auth=provider) as http_client,
        Client(streamable_http_client(url, http_client=http_client)) as client,
    ):
        yield Connection(client)


anyio.run(converse, connected(*sys.argv[1:]))

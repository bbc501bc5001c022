"""What both programs share: they do what the test tells them, a line of JSON each way at a time."""

import json
import sys
import time
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol

import anyio
import anyio.to_thread

_real_time = time.time
_ahead = 0.0
# The clock that both SDKs ask whether a token has expired.
time.time = lambda: _real_time() + _ahead


class Connection(Protocol):
    async def tools(self) -> list[str]: ...

    async def call(self, name: str, arguments: dict[str, Any]) -> Any: ...


async def hear() -> dict[str, Any] | None:
    line = await anyio.to_thread.run_sync(sys.stdin.readline, abandon_on_cancel=True)
    return json.loads(line) if line else None


def say(message: dict[str, Any]) -> None:
    print(json.dumps(message), flush=True)


async def ask_person(url: str) -> str:
    """Has a person sign in at this address. Gives the address that their browser is sent to then."""
    say({"authorize": url})
    answer = await hear()
    if answer is None:
        raise EOFError("Nobody signs in any more")
    return answer["redirect"]


async def converse(connecting: AbstractAsyncContextManager[Connection]) -> None:
    """Connects, and does what the test says until it says no more."""
    try:
        async with connecting as connection:
            say({"result": None})
            while (request := await hear()) is not None:
                await _answer(connection, request)
    except Exception as error:
        say({"error": _text(error)})


async def _answer(connection: Connection, request: dict[str, Any]) -> None:
    global _ahead
    try:
        match request:
            case {"do": "wait", "seconds": seconds}:
                _ahead += seconds
                say({"result": None})
            case {"do": "list"}:
                say({"result": await connection.tools()})
            case {"do": "call", "tool": tool, "arguments": arguments}:
                say({"result": await connection.call(tool, arguments)})
    except Exception as error:
        say({"error": _text(error)})


def _text(error: BaseException) -> str:
    """What went wrong, with each error of a group."""
    if isinstance(error, BaseExceptionGroup):
        return "; ".join(_text(one) for one in error.exceptions)
    return repr(error)

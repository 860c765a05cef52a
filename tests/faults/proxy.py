"""A TCP proxy that spoils connections: between the desk and a server that knows of no faults itself.

with running_proxy(server_port) as proxy:
    proxy.spoil(Faults(cut_before_reply=1, only=b"POST "))
    … http://127.0.0.1:{proxy.port} …

Faults hold for connections that begin after `spoil`; up is client → server, down is server → client.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
import threading
from collections.abc import Coroutine, Iterator
from dataclasses import dataclass
from typing import Any

HOST = "127.0.0.1"
_CHUNK = 65_536


@dataclass(frozen=True, slots=True)
class Faults:
    """What to spoil; nothing, unless it is said. A reset is a RST, not a friendly end."""

    #: Seconds that every piece waits, in both directions.
    latency: float = 0.0
    #: Bytes that are let through before the client is reset.
    reset_after_up: int | None = None
    reset_after_down: int | None = None
    #: So many connections are reset when the answer begins: the server did it, the client never learns.
    cut_before_reply: int = 0
    #: Accept and hold; what is held goes through once the fault is taken away.
    blackhole: bool = False
    #: Nobody listens.
    refuse: bool = False
    #: Pass on so many bytes at a time.
    slicer: int = 0
    #: Of the requests that `only` meets so large a share loses its answer, evenly spread.
    lose: float = 0.0
    #: `cut_before_reply` and `lose` meet only requests that begin so, e.g. b"POST /api/v1/statuses".
    only: bytes = b""


class _Cut(Exception):
    """Reset both ends now."""


class FaultProxy:
    """Lives in a loop of its own; `spoil` may be called from any thread.

    `connections`: accepted so far; `lost`: answers that the share cost.
    """

    def __init__(self, server_port: int) -> None:
        self.server_port = server_port
        self.port = 0
        self.connections = self.lost = self._met = 0
        self._faults = Faults()
        self._cuts = 0
        self._loop = asyncio.new_event_loop()
        self._server: asyncio.Server | None = None
        self._open = asyncio.Event()
        self._running: set[asyncio.Task[None]] = set()

    def spoil(self, faults: Faults | None = None) -> None:
        """From now on; without an argument, everything goes through again."""
        self._do(self._spoil(faults or Faults()))

    def _do(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    async def _spoil(self, faults: Faults) -> None:
        self._faults, self._cuts = faults, faults.cut_before_reply
        (self._open.clear if faults.blackhole else self._open.set)()
        if faults.refuse:
            await self._unlisten()
        elif self._server is None:
            self._server = await asyncio.start_server(self._connection, HOST, self.port)
            self.port = int(self._server.sockets[0].getsockname()[1])

    async def _unlisten(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None

    async def _connection(self, client_in: asyncio.StreamReader, client_out: asyncio.StreamWriter) -> None:
        """Kept in `_running`: the loop itself holds its tasks only weakly."""
        self.connections += 1
        task = asyncio.current_task()
        assert task is not None
        self._running.add(task)
        try:
            await self._between(client_in, client_out, self._faults)
        finally:
            self._running.discard(task)
            await _closed(client_out)

    async def _between(self, client_in: asyncio.StreamReader, client_out: asyncio.StreamWriter, faults: Faults) -> None:
        await self._open.wait()
        try:
            server_in, server_out = await asyncio.open_connection(HOST, self.server_port)
        except OSError:
            _reset(client_out)
            return
        line = _Line(self, faults)
        try:
            async with asyncio.TaskGroup() as both:
                both.create_task(line.up(client_in, server_out))
                both.create_task(line.down(server_in, client_out))
        except* _Cut:
            _reset(client_out)
            _reset(server_out)
        except* OSError:
            pass
        finally:
            await _closed(server_out)

    def take_cut(self, request: bytes, faults: Faults) -> bool:
        """Is this connection one of those to be cut? Counts it."""
        if not request.startswith(faults.only):
            return False
        self._met += 1
        if int(self._met * faults.lose) > int((self._met - 1) * faults.lose):
            self.lost += 1
            return True
        if self._cuts < 1:
            return False
        self._cuts -= 1
        return True

    def run(self) -> None:
        self._loop.run_forever()

    def stop(self) -> None:
        self._do(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)

    async def _end(self) -> None:
        await self._unlisten()
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    def close(self) -> None:
        self._loop.close()


class _Line:
    """One connection in both directions."""

    def __init__(self, proxy: FaultProxy, faults: Faults) -> None:
        self.proxy, self.faults = proxy, faults
        self.request = b""

    async def up(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        passed = 0
        while data := await source.read(_CHUNK):
            self.request = self.request or data
            passed = await self._pass(data, sink, passed, self.faults.reset_after_up)
        sink.write_eof()

    async def down(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        passed = 0
        while data := await source.read(_CHUNK):
            if not passed and self.proxy.take_cut(self.request, self.faults):
                raise _Cut
            passed = await self._pass(data, sink, passed, self.faults.reset_after_down)
        sink.write_eof()

    async def _pass(self, data: bytes, sink: asyncio.StreamWriter, passed: int, limit: int | None) -> int:
        """Write what may pass; how much has passed by now."""
        allowed = data if limit is None else data[: limit - passed]
        size = self.faults.slicer or _CHUNK
        for start in range(0, len(allowed), size):
            await asyncio.sleep(self.faults.latency)
            sink.write(allowed[start : start + size])
            await sink.drain()
        if len(allowed) < len(data):
            raise _Cut
        return passed + len(allowed)


def _reset(end: asyncio.StreamWriter) -> None:
    raw: socket.socket = end.get_extra_info("socket")
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    end.transport.abort()


async def _closed(end: asyncio.StreamWriter) -> None:
    end.close()
    with contextlib.suppress(OSError):
        await end.wait_closed()


@contextlib.contextmanager
def running_proxy(server_port: int) -> Iterator[FaultProxy]:
    """A proxy in front of a port of this machine; it listens at `.port` until the block ends."""
    proxy = FaultProxy(server_port)
    thread = threading.Thread(target=proxy.run, daemon=True)
    thread.start()
    try:
        proxy.spoil()
        yield proxy
    finally:
        proxy.stop()
        thread.join(10)
        proxy.close()

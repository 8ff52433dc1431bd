"""One sandbox: a learner's process, the limits of what it may use, and its end."""

import json
import os
import select
import signal
import socket
import struct
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import NoReturn

from autograder.inside import memory, wire
from autograder.inside.exchange import Exchange
from autograder.sandbox.bubblewrap import ForkServer
from autograder.sandbox.heard import Heard
from autograder.sandbox.limits import MB, Limits
from autograder.sandbox.unconfined import Unconfined

GRACE = 1.0  # seconds that an interrupted cell has to end
TICK = 0.1  # seconds between two looks at the memory
BRIEF = 0.01  # seconds of a cell after which it cannot have filled much
PATIENCE = 30  # seconds for a sandbox to start


Reply = Callable[[dict, int], bytes]
"""Answers a call back: takes the message and the number of containers that had crossed before it,
and returns the bytes of the reply."""


def ignore(output: dict) -> None:
    """Ignore an output."""


class Stopped(Exception):
    """The sandbox is gone; the message says why, in words for the learner."""


class _Breach(Exception):
    """A limit was passed. fatal: whether an interrupt would come too late."""

    def __init__(self, reason: str, fatal: bool = False):
        super().__init__(reason)
        self.reason, self.fatal = reason, fatal


class Sandbox:
    """A started sandbox. Start it ahead of its use: the first request waits until it is ready.

    Use it in a `with` block, or `close` it. Then nothing of it is left.

    server: forks its process; None for a process without a wall, which has the limits of its own,
    but can read and write whatever the user can.
    stopped: why it is gone, "" while it is not. heard: what it has sent.
    """

    def __init__(self, limits: Limits, server: ForkServer | None):
        self.limits = limits
        self.stopped = ""
        self.heard = Heard()
        # of the request that is being answered:
        self._on_output: Callable[[dict], None] = ignore
        self._exchange: Exchange | None = None
        self._make_reply: Reply | None = None
        self._was_shared = False  # whether the last message was part of the exchange
        self._connection, inner = socket.socketpair()
        self._connection.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
        self._raw, end = os.pipe()  # what programs print without Python's streams
        os.set_blocking(self._raw, False)  # the learner could take back what select announced
        self._sources: list[socket.socket | int] = [self._connection, self._raw]
        start = server.fork if server else partial(Unconfined, limits)
        try:
            self._process = start(inner.fileno(), end)
        finally:
            inner.close()
            os.close(end)
        self._buffer = bytearray()
        self._pid = 0  # of the learner's process, as seen from here; 0 until it is ready
        self._shown = 0  # bytes of output since the cell began
        self._looked = 0.0  # when its memory was looked at

    def __enter__(self) -> "Sandbox":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def start_cell(self) -> None:
        """Start counting for a new cell."""
        self._shown = 0

    def request(
        self,
        request: dict,
        seconds: float,
        on_output: Callable[[dict], None] = ignore,
        exchange: Exchange | None = None,
        reply: Reply | None = None,
    ) -> dict:
        """Ask the learner's process, and wait for the answer at most `seconds`.

        request: the name of one of `Responder`'s methods under "do", and its arguments.
        on_output: called with each output of the learner's code as it arrives.
        exchange: packs the request and unpacks the answer, where they are not plain data alone.
        reply: answers the calls back, and may send requests of its own while it does.
        Returns the answer; if the code was interrupted, the answer's "stopped" is the reason.
        Raises Stopped if the process ended or had to be ended, CannotCross for arguments, and what
        `reply` raises.
        """
        data = wire.pack(request) if exchange is None else exchange.pack_call(request)
        before = self._on_output, self._exchange, self._make_reply
        self._on_output, self._exchange, self._make_reply = on_output, exchange, reply
        try:
            return self._request(request, data, seconds)
        finally:
            self._on_output, self._exchange, self._make_reply = before

    def _request(self, request: dict, data: bytes, seconds: float) -> dict:
        if self.stopped:
            raise Stopped(self.stopped)
        if not self._pid:
            self.wait_until_ready()
        begin = time.monotonic()
        try:
            self._send(data, seconds)
            answer = self._answer(begin + seconds)
            if request["do"] == "cell" and time.monotonic() - begin > BRIEF:
                self._look()  # what a cell leaves in memory is its own doing, not the next one's
            return answer
        except _Breach as breach:
            return self._interrupt(breach)
        except TimeoutError:
            self._end("your code stopped listening to the grader")
        except OSError:
            self._end(self._why_it_ended())
        except wire.Malformed as error:
            self._end(f"what your code sent to the grader is no message ({error})")

    def _send(self, data: bytes, seconds: float) -> None:
        self._connection.settimeout(max(seconds, GRACE))
        self._connection.sendall(data)

    def close(self) -> None:
        """End all of the sandbox's processes."""
        with suppress(Stopped):
            self._end("the sandbox was closed")

    def wait_until_ready(self) -> None:
        """Wait for the first message, sent before any code of the learner's ran.

        The kernel stamps it with the sender's process id, as numbered outside the sandbox.
        """
        ready, _, _ = select.select([self._connection], [], [], PATIENCE)
        space = socket.CMSG_SPACE(struct.calcsize("iII"))
        data, extra, *_ = self._connection.recvmsg(1 << 16, space) if ready else (b"", [])
        self._pid = struct.unpack("iII", extra[0][2])[0] if data else 0
        if not self._pid or not self._process.recognise(self._pid):
            refusal = self._process.refusal(self._printed())
            self.close()
            raise refusal
        self._connection.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 0)
        self._buffer += data
        self._answer(time.monotonic() + PATIENCE)

    def _answer(self, deadline: float) -> dict:
        """Pass outputs on until the answer arrives."""
        while True:
            since = 0 if self._exchange is None else len(self._exchange)
            message = self._next_message()
            if message is None:
                self._fill(deadline)
            elif "output" in message:
                self._show(message["output"])
            elif "call back" in message:
                self._reply(message, since, deadline)
            else:
                if self._exchange is not None and not self._was_shared:
                    self._exchange.abandon()
                message.pop("stopped", None)  # only this side says that
                return message

    def _reply(self, message: dict, since: int, deadline: float) -> None:
        """Answer a call back. Its time counts as time of the learner's code."""
        if self._make_reply is None or self._exchange is None:
            return  # from code that is being interrupted
        try:
            data = self._make_reply(message, since)
        except BaseException:  # the test ends, whatever the learner's code does about it
            if not self.stopped:
                with suppress(Stopped):
                    self._interrupt(_Breach(TOO_LONG))
            raise
        self._exchange.forget(since)
        if self.stopped:  # by a request of the function that was called
            raise Stopped(self.stopped)
        if time.monotonic() > deadline:
            raise _Breach(TOO_LONG)
        self._send(data, deadline - time.monotonic())

    def _next_message(self) -> dict | None:
        """Take a message out of the buffer, None where there is no whole one."""
        if len(self._buffer) < wire.HEADER:
            return None
        header = wire.header(self._buffer)
        if header.total > self.limits.message_mb * MB + MB:
            raise _Breach(f"your code sent more than {self.limits.message_mb} MB at once", True)
        end = wire.HEADER + header.total
        if len(self._buffer) < end:
            return None
        body = bytes(self._buffer[wire.HEADER : end])
        del self._buffer[:end]
        self._was_shared = bool(header.shared)
        shared = self._exchange if header.shared else None
        unpack = wire.unpack if shared is None else shared.unpack
        message = unpack(body, header.text_length)
        if not isinstance(message, dict):
            raise wire.Malformed("not a dict")
        self.heard.add(body, header.text_length)
        return message

    def _fill(self, deadline: float) -> None:
        """Wait a moment for more bytes; look at the limits."""
        now = time.monotonic()
        if now > deadline:
            raise _Breach(TOO_LONG)
        if now - self._looked > TICK:
            self._look()
        wait = min(TICK, deadline - now)
        ready, _, _ = select.select(self._sources, [], [], max(wait, 0))
        if self._raw in ready and (text := self._printed()):
            self._show({"output_type": "stream", "name": "stdout", "text": text})
        if self._connection in ready:
            self._receive()

    def _look(self) -> None:
        """Look at the memory."""
        self._looked = time.monotonic()
        if self._process.memory() > self.limits.memory_mb * MB:
            raise _Breach(self._too_much_memory(), True)

    def _too_much_memory(self) -> str:
        return f"your code used more than {self.limits.memory_mb} MB of memory"

    def _printed(self) -> str:
        """Read what programs printed; stop reading when no program is left to print."""
        try:
            text = os.read(self._raw, 1 << 16)
        except BlockingIOError:
            return ""
        if not text:
            self._sources = [self._connection]
        return text.decode(errors="replace")

    def _receive(self) -> None:
        """Read what there is. Raises OSError at the end."""
        self._connection.settimeout(0)
        with suppress(BlockingIOError):
            data = self._connection.recv(1 << 20)
            if not data:
                raise OSError("closed")
            self._buffer += data

    def _show(self, output: object) -> None:
        try:
            size = len(json.dumps(output))
        except (TypeError, ValueError):
            raise wire.Malformed("an output is no JSON") from None
        if not isinstance(output, dict):
            raise wire.Malformed("an output is no dict")
        self._shown += size
        if self._shown > self.limits.output_kb * 1024:
            raise _Breach(f"this cell showed more than {self.limits.output_kb} KB of output")
        self._on_output(output)

    def _interrupt(self, breach: _Breach) -> dict:
        """Interrupt the learner's code as Ctrl-C would; end the sandbox if it does not stop."""
        self._on_output, self._make_reply = ignore, None
        if not breach.fatal:
            with suppress(_Breach, OSError, wire.Malformed):
                os.kill(self._pid, signal.SIGINT)
                deadline = time.monotonic() + GRACE
                while True:
                    try:
                        return {**self._answer(deadline), "stopped": breach.reason}
                    except _Breach:
                        self._shown = 0
                        if time.monotonic() > deadline:
                            raise
        self._end(breach.reason)

    def _why_it_ended(self) -> str:
        code = self._process.exit_code(GRACE) or 0
        if code == memory.EXCEEDED:
            return self._too_much_memory()
        if code == -signal.SIGXCPU:
            return f"your code used more than {self.limits.cpu_seconds} s of CPU time"
        if code < 0:
            with suppress(ValueError):
                return f"your code's process was ended by the signal {signal.Signals(-code).name}"
        return f"your code ended its own process (exit code {code})"

    def _end(self, reason: str) -> NoReturn:
        """End every process and say why. Raises Stopped."""
        if not self.stopped:
            self.stopped = reason
            self._connection.close()
            self._process.end()
            os.close(self._raw)
        raise Stopped(self.stopped)


TOO_LONG = "this cell ran too long and was stopped. Does a loop never end?"

"""So many requests a second, each on its dot, whether or not the earlier ones are answered:
`python load.py RATE SECONDS < requests.json` prints how long each took, what was answered, and
what asking has cost the processor.

A process of its own, so that it waits for nothing of ours, and a light one, since it shares the
cores with what it asks: plain sockets over kept connections.
"""

import json
import selectors
import socket
import sys
import time
from collections import deque

END = b"\r\n\r\n"
PATIENCE = 30  # seconds for what is still unanswered at the end


class Connection:
    """One kept connection, and the request that it is answering."""

    def __init__(self, address):
        self.socket = socket.create_connection(address, timeout=PATIENCE)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.number, self.read, self.is_used = None, b"", False

    def ask(self, number, request):
        self.number, self.read = number, b""
        self.socket.sendall(request)

    def hear(self):
        """Return the status and whether the server closes, once all is there; else None.

        :raises OSError: if the server has closed before
        """
        part = self.socket.recv(65_536)
        if not part:
            raise ConnectionResetError("closed")
        self.read += part
        head, found, body = self.read.partition(END)
        if not found:
            return None
        lines = head.decode("latin-1").lower().split("\r\n")
        fields = dict(line.split(": ", 1) for line in lines[1:] if ": " in line)
        if len(body) < int(fields["content-length"]):
            return None
        return int(lines[0].split()[1]), fields.get("connection") == "close"


class Load:
    def __init__(self, told):
        self.address = told["host"], told["port"]
        self.requests = [request.encode() for request in told["requests"]]
        self.selector, self.free = selectors.DefaultSelector(), deque()
        self.dots, self.ms, self.status = [], {}, {}

    def run(self, rate, seconds):
        start, count = time.perf_counter() + 0.2, int(rate * seconds)
        self.dots = [start + number / rate for number in range(count)]
        for number, dot in enumerate(self.dots):
            while (wait := dot - time.perf_counter()) > 0:
                self._listen(wait)
            self._ask(number)
        while len(self.status) < count and time.perf_counter() < self.dots[-1] + PATIENCE:
            self._listen(1)
        numbers = range(count)
        return {
            "ms": [self.ms.get(number, PATIENCE * 1000) for number in numbers],
            "status": [self.status.get(number, "no answer") for number in numbers],
            "cpu": time.process_time(),
        }

    def _ask(self, number):
        """Ask over a free connection, or a new one.

        A kept connection that the server has closed meanwhile is no error: every client asks again.
        """
        request = self.requests[number % len(self.requests)]
        while self.free:
            kept = self.free.popleft()
            try:
                return kept.ask(number, request)
            except OSError:
                self._close(kept)
        try:
            new = Connection(self.address)
            self.selector.register(new.socket, selectors.EVENT_READ, new)
            new.ask(number, request)
        except OSError as error:
            self._note(number, str(error))

    def _listen(self, seconds):
        for key, _events in self.selector.select(seconds):
            self._hear(key.data)

    def _hear(self, connection):
        number, was_used = connection.number, connection.is_used
        try:
            answer = connection.hear()
        except OSError as error:
            idle = number is None
            if idle:
                self.free.remove(connection)
            self._close(connection)
            if not idle and was_used and not connection.read:
                self._ask(number)
            elif not idle:
                self._note(number, str(error))
            return
        if answer is None:
            return
        status, closes = answer
        self._note(number, status)
        connection.number, connection.is_used = None, True
        if closes:
            self._close(connection)
        else:
            self.free.append(connection)

    def _note(self, number, status):
        self.ms[number] = (time.perf_counter() - self.dots[number]) * 1000
        self.status[number] = status

    def _close(self, connection):
        self.selector.unregister(connection.socket)
        connection.socket.close()


if __name__ == "__main__":
    load = Load(json.load(sys.stdin))
    json.dump(load.run(float(sys.argv[1]), float(sys.argv[2])), sys.stdout)

"""A gate before a server: shut, it is as if the server were gone; open, as if it were back."""

import contextlib
import socket
import threading

from tests.services import free_port


class Gate:
    def __init__(self, host, port):
        self.port = free_port()
        self._server = (host, int(port))
        self._door, self._open = None, []
        self.open()

    def open(self):
        self._door = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self._let_in, args=[self._door], daemon=True).start()

    def shut(self):
        """Refuse who comes, and cut off who is inside."""
        self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()
        for end in self._open:
            hang_up(end)
        self._open = []

    def _let_in(self, door):
        while True:
            try:
                outside, _address = door.accept()
            except OSError:
                return
            self._open.append(outside)
            threading.Thread(target=self._connect, args=[outside], daemon=True).start()

    def _connect(self, outside):
        with outside, socket.create_connection(self._server) as inside:
            back = threading.Thread(target=pass_on, args=[inside, outside], daemon=True)
            back.start()
            pass_on(outside, inside)
            back.join()


def pass_on(one, other):
    with contextlib.suppress(OSError):
        while part := one.recv(65_536):
            other.sendall(part)
    hang_up(one)
    hang_up(other)


def hang_up(end):
    with contextlib.suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)

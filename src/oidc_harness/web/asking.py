"""TLS that asks the client for a certificate and takes any, also one that signed itself (RFC 8705 2, 6.1).

The `ssl` module of Python lets no server do that: there a certificate is asked for and verified, or not asked for.
OpenSSL can, so the handshake is done by pyOpenSSL. To an event loop it looks as one of `ssl` does: a context whose
`wrap_bio` gives what reads from one buffer and writes to another.
"""

import socket
import ssl
from collections.abc import Callable
from functools import cached_property, partial
from pathlib import Path
from typing import Any, Self, TypeVar

from OpenSSL import SSL, crypto

from oidc_harness.web.certificate import private_key

T = TypeVar("T")
_LARGEST_READ = 65_536
_OPTIONS = SSL.OP_CIPHER_SERVER_PREFERENCE | SSL.OP_NO_RENEGOTIATION | SSL.OP_NO_COMPRESSION | SSL.OP_NO_TICKET
_PROTOCOLS = (b"http/1.1",)


class AskingContext(ssl.SSLContext):
    """A context of a server; of `ssl` it uses nothing but the name, and how certificates of servers are checked."""

    def __new__(cls, suites: str) -> Self:
        return super().__new__(cls, ssl.PROTOCOL_TLS_SERVER)

    def __init__(self, suites: str) -> None:
        """`suites`: those of TLS 1.2, as OpenSSL writes them."""
        self._context = SSL.Context(SSL.TLS_SERVER_METHOD)
        self._context.set_min_proto_version(SSL.TLS1_2_VERSION)
        self._context.set_cipher_list(suites.encode())
        self._context.set_options(_OPTIONS)
        # Sessions are not resumed: each connection shows its certificate, with the chain.
        self._context.set_session_cache_mode(SSL.SESS_CACHE_OFF)
        self._context.set_alpn_select_callback(_http)
        self._context.set_verify(SSL.VERIFY_PEER, _taken)

    def load_cert_chain(self, certfile: Any, keyfile: Any = None, password: Any = None) -> None:
        """The certificate of the server, and its key. Raises what the same method of `ssl` raises."""
        super().load_cert_chain(certfile, keyfile, password)
        self._context.use_certificate_chain_file(certfile)
        text = password if isinstance(password, str) else None
        self._context.use_privatekey(private_key(Path(keyfile or certfile).read_bytes(), text))

    def wrap_bio(self, incoming: Any, outgoing: Any, *server_side: Any, **of_clients: Any) -> Any:
        """A new connection of a client, between these two buffers."""
        connection = SSL.Connection(self._context, None)
        connection.set_accept_state()
        return Asked(connection, incoming, outgoing)


def _taken(*certificate: object) -> bool:
    """Whatever comes: that the client has the key is proven elsewhere in the handshake, and no more is to be."""
    return True


def _http(connection: SSL.Connection, offered: list[bytes]) -> Any:
    return next((each for each in offered if each in _PROTOCOLS), SSL.NO_OVERLAPPING_PROTOCOLS)


class Asked:
    """One connection, with the methods of `ssl.SSLObject` that event loops call."""

    def __init__(self, connection: SSL.Connection, incoming: ssl.MemoryBIO, outgoing: ssl.MemoryBIO) -> None:
        """`incoming`: what came from the client; `outgoing`: what is to go there."""
        self._connection = connection
        self._incoming = incoming
        self._outgoing = outgoing

    @cached_property
    def client_chain(self) -> tuple[bytes, ...]:
        """What the client presented, as DER: its own certificate, then those it sent along; empty, where it did not."""
        own = self._connection.get_peer_certificate()
        if own is None:
            return ()
        found = (own, *(self._connection.get_peer_cert_chain() or ()))
        return tuple(crypto.dump_certificate(crypto.FILETYPE_ASN1, each) for each in found)

    def do_handshake(self) -> None:
        self._between_buffers(self._connection.do_handshake)

    def read(self, size: int = 1024, buffer: Any = None) -> Any:
        """What the client sent, or how much of it is in the buffer now; nothing, where it said goodbye."""
        try:
            if buffer is None:
                return self._between_buffers(partial(self._connection.recv, size))
            return self._between_buffers(partial(self._connection.recv_into, buffer, size))
        except SSL.ZeroReturnError:
            return b"" if buffer is None else 0

    def write(self, content: Any) -> int:
        return self._between_buffers(partial(self._connection.send, content))

    def pending(self) -> int:
        """How much there is to be read; 1, where it is nothing but a goodbye or a fault. Uvloop reads no further."""
        try:
            self._between_buffers(partial(self._connection.recv, 1, socket.MSG_PEEK))
        except ssl.SSLWantReadError:
            return 0
        except (ssl.SSLError, SSL.ZeroReturnError):
            return 1
        return self._connection.pending()

    def unwrap(self) -> None:
        """Say goodbye, and wait until the client does."""
        said = self._between_buffers(self._connection.shutdown)
        if not said:
            self._between_buffers(self._connection.shutdown)

    def getpeercert(self, binary_form: bool = False) -> None:
        """None: nothing was verified. See `client_chain`."""

    def cipher(self) -> tuple[str | None, str | None, int | None]:
        connection = self._connection
        return connection.get_cipher_name(), connection.get_cipher_version(), connection.get_cipher_bits()

    def compression(self) -> None:
        """None is used."""

    def version(self) -> str:
        return self._connection.get_protocol_version_name()

    def _between_buffers(self, act: Callable[[], T]) -> T:
        """Do it with all that came, and let out what that makes. Raises as `ssl` does, and `ZeroReturnError`."""
        came = self._incoming.read()
        if came:
            self._connection.bio_write(came)
        try:
            return act()
        except SSL.WantReadError:
            raise ssl.SSLWantReadError(ssl.SSL_ERROR_WANT_READ, "more has to come") from None
        except SSL.ZeroReturnError:
            raise
        except SSL.SysCallError as error:
            raise ssl.SSLEOFError(ssl.SSL_ERROR_EOF, str(error)) from None
        except SSL.Error as error:
            raise ssl.SSLError(ssl.SSL_ERROR_SSL, str(error)) from None
        finally:
            self._let_out()

    def _let_out(self) -> None:
        while True:
            try:
                self._outgoing.write(self._connection.bio_read(_LARGEST_READ))
            except SSL.WantReadError:
                return

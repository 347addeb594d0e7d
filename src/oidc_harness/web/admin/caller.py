"""Caller: the other end of the table of operations, asks for them over HTTP and reads what they answer."""

import json
from collections.abc import AsyncIterator, Mapping
from types import TracebackType
from typing import Any, Self, TypeVar, cast
from urllib.parse import quote, urlencode

import aiohttp
from yarl import URL

from oidc_harness.web.admin.api import BASE
from oidc_harness.web.admin.shapes import Shape
from oidc_harness.web.admin.table import OPERATIONS
from oidc_harness.web.outbound import trusted

T = TypeVar("T")
_OPERATIONS = {operation.name: operation for operation in OPERATIONS}
NONE: Mapping[str, Any] = {}
_TIMEOUT = aiohttp.ClientTimeout(total=60)


class ControlError(Exception):
    """The server refused, or could not be asked.

    `status`: of HTTP; 0 where no answer came. `code`: `not_found`, `invalid`, `conflict` and so on; `unreachable` and
    `not_a_harness` where no control API answered. `field`: path of the value at fault, empty for the request as a
    whole. `message`: what is wrong, what was expected and what to do.
    """

    def __init__(self, status: int, code: str, message: str, field: str = "") -> None:
        """See the class."""
        super().__init__(f"{field}: {message}" if field else message)
        self.status, self.code, self.message, self.field = status, code, message, field


class Caller:
    """Connections to one server; an async context manager."""

    def __init__(self, base_url: str, token: str | None = None, ca_file: str | None = None) -> None:
        """`base_url`: where the server is, without a path of its own; `token`: its admin token, where it has one.

        `ca_file`: PEM file of authorities to trust beside the system's. Raises `ValueError` where it has none.
        """
        self._trusted = trusted(ca_file)
        self._base = base_url.rstrip("/") + BASE
        self._headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        """Open the connections."""
        connector = aiohttp.TCPConnector(ssl=self._trusted)
        self._session = aiohttp.ClientSession(headers=self._headers, timeout=_TIMEOUT, connector=connector)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close them."""
        if self._session is not None:
            await self._session.close()

    async def do(self, name: str, body: Any = None, **path: str) -> Any:
        """Any operation by its `operationId`; `path` has the placeholders. Raises `ControlError`."""
        return await self.call(name, body, {}, path)

    async def get(self, kind: type[T], name: str, body: Any = None, **path: str) -> T:
        """The same, where the answer is known to be of this kind."""
        return cast(T, await self.do(name, body, **path))

    async def pages(
        self, name: str, after: str = "", filters: Mapping[str, str] = NONE, **path: str
    ) -> AsyncIterator[Any]:
        """Everything an operation lists page by page, beginning behind `after`. Raises `ControlError`."""
        following: str | None = after
        while following is not None:
            page = await self.call(name, None, {"after": following, **filters}, path)
            following = page["next"]
            for item in page["items"]:
                yield item

    async def call(self, name: str, body: Any, query: Mapping[str, str], path: Mapping[str, str]) -> Any:
        """The same with a query: what all the others come down to."""
        operation = _OPERATIONS[name]
        filled = {key: quote(value, safe="").replace(".", "%2E") for key, value in path.items()}
        url = f"{self._base}{operation.path.format(**filled)}?{urlencode(query)}".removesuffix("?")
        sent = None if operation.takes is None else operation.takes.write(body)
        text = await self._ask(operation.method, url, sent)
        return None if operation.answers is None else _parsed(operation.answers, text, url)

    async def _ask(self, method: str, url: str, body: bytes | None) -> bytes:
        if self._session is None:
            raise RuntimeError("not open: use it as `async with ControlClient(...) as control:`")
        headers = {} if body is None else {"Content-Type": "application/json"}
        target = _address(url)
        try:
            # A redirect would take the token along to wherever it leads.
            asked = self._session.request(method, target, data=body, headers=headers, allow_redirects=False)
            async with asked as response:
                text = await response.read()
        except (aiohttp.ClientError, TimeoutError) as error:
            raise _unreachable(url, error) from None
        _check(response.status, text, url)
        return text


def _address(url: str) -> URL:
    try:
        address = URL(url, encoded=True)
        # Looked at no earlier than when it is asked for.
        _ = address.port
    except ValueError as error:
        raise _unreachable(url, error) from None
    return address


def _unreachable(url: str, error: Exception) -> ControlError:
    why = str(error) or type(error).__name__
    return ControlError(0, "unreachable", f"{url} cannot be asked: {why}; is a server running there?")


def _check(status: int, text: bytes, url: str) -> None:
    """Raise what the server refused with."""
    if status in (200, 201, 204):
        return
    try:
        error = json.loads(text)["error"]
        refusal = ControlError(status, error["code"], error["message"], error["field"])
    except (ValueError, TypeError, KeyError):
        refusal = _not_a_harness(status, url)
    raise refusal


def _parsed(shape: Shape[Any], text: bytes, url: str) -> Any:
    try:
        return shape.parse(json.loads(text))
    except (ValueError, TypeError, KeyError):
        raise _not_a_harness(200, url) from None


def _not_a_harness(status: int, url: str) -> ControlError:
    told = f"{url} answered {status}, and not as a control API does; is it an oidc-harness of this version?"
    return ControlError(status, "not_a_harness", told)

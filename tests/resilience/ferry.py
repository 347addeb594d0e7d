"""An application that has nothing of its provider but the address, and remembers what was answered."""

from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import aiohttp

from tests.resilience.served import REDIRECT_URI, SECRET
from tests.support.http import Answer, Http, Sent


@dataclass
class Flow:
    """What one flow was given. Whatever is in here was answered; of `asked` nobody knows what came of it."""

    code: str = ""
    redeemed: bool = False
    access_tokens: list[str] = field(default_factory=list)
    refresh_tokens: list[str] = field(default_factory=list)
    """The newest one last."""
    revoked: str = ""
    asked: str = ""
    """The request that has not been answered."""


@dataclass
class Ferry:
    """The application at work, until its provider is gone."""

    http: Http
    issuer: str
    flows: list[Flow] = field(default_factory=list)
    answered: Counter[str] = field(default_factory=Counter)
    on_answer: Callable[[Counter[str]], None] = lambda answered: None

    async def work(self, course: "Course") -> None:
        """One flow after the other on the same course."""
        while True:
            flow = Flow()
            self.flows.append(flow)
            try:
                for step in course:
                    await step(self, flow)
            except aiohttp.ClientError:
                return

    async def authorize(self, flow: Flow) -> None:
        flow.code = (await self._ask(flow, "authorize", self.request_code())).redirect.parameters["code"]

    async def redeem(self, flow: Flow) -> None:
        _take(flow, await self._ask(flow, "redeem", self.present_code(flow.code)))
        flow.redeemed = True

    async def refresh(self, flow: Flow) -> None:
        _take(flow, await self._ask(flow, "refresh", self.present_refresh_token(flow.refresh_tokens[-1])))

    async def revoke_access(self, flow: Flow) -> None:
        await self._revoke(flow, flow.access_tokens[-1])

    async def revoke_all(self, flow: Flow) -> None:
        await self._revoke(flow, flow.refresh_tokens[-1])

    async def _revoke(self, flow: Flow, token: str) -> None:
        answer = await self._ask(flow, "revoke", self.post("/revoke", token=token))
        assert answer.status == 200, answer.text
        flow.revoked = token

    async def _ask(self, flow: Flow, what: str, request: Awaitable[Answer]) -> Answer:
        flow.asked = what
        answer = await request
        flow.asked = ""
        self.answered[what] += 1
        self.on_answer(self.answered)
        return answer

    async def request_code(self) -> Answer:
        query = {"client_id": "ferry", "response_type": "code", "scope": "openid", "redirect_uri": REDIRECT_URI}
        return await self.http.send(Sent("GET", f"{self.issuer}/authorize", query=[*query.items()]))

    async def present_code(self, code: str) -> Answer:
        return await self.post("/token", grant_type="authorization_code", code=code, redirect_uri=REDIRECT_URI)

    async def present_refresh_token(self, token: str) -> Answer:
        return await self.post("/token", grant_type="refresh_token", refresh_token=token)

    async def userinfo(self, token: str) -> Answer:
        headers = {"Authorization": f"Bearer {token}"}
        return await self.http.send(Sent("GET", f"{self.issuer}/userinfo", headers=headers))

    async def jwks(self) -> Answer:
        return await self.http.send(Sent("GET", f"{self.issuer}/jwks"))

    async def post(self, path: str, **form: str) -> Answer:
        pairs = [*form.items(), ("client_id", "ferry"), ("client_secret", SECRET)]
        return await self.http.send(Sent("POST", self.issuer + path, form=pairs))


Step = Callable[[Ferry, Flow], Awaitable[None]]
Course = tuple[Step, ...]


def _take(flow: Flow, answer: Answer) -> None:
    assert answer.status == 200, answer.text
    flow.access_tokens.append(answer.json["access_token"])
    flow.refresh_tokens.append(answer.json["refresh_token"])

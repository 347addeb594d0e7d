"""A session that is to end, and what there is to be seen of its end."""

from tests.conformance.checks import NOT_SIGNED_IN, check_told_client
from tests.conformance.client import Client, Outcome
from tests.conformance.person import Person
from tests.support.http import Answer

AFTERWARDS = "https://suite.example/post_logout_redirect"


class Session:
    """Somebody who has signed in at a client and wants to leave it."""

    def __init__(self, client: Client, person: Person, outcome: Outcome) -> None:
        self.client, self.person, self.outcome = client, person, outcome
        self.state = client.suite.random()

    async def leave(self, **changes: str | None) -> Answer:
        """Go to the end_session_endpoint with the usual parameters, changed so; None: without."""
        hint = {"id_token_hint": self.outcome.id_token}
        parameters = {**hint, "post_logout_redirect_uri": AFTERWARDS, "state": self.state, **changes}
        query = [(name, value) for name, value in parameters.items() if value is not None]
        return await self.person.open(self.client.suite.metadata["end_session_endpoint"], query)

    async def is_over(self) -> None:
        """Check that the browser is signed in no more."""
        asked = await self.client.ask(self.person, prompt="none")
        parameters = asked.answer.redirect.parameters
        error = check_told_client(parameters, asked.request["state"], self.client.suite.issuer)
        assert error in NOT_SIGNED_IN

    async def nobody_is_sent(self, **changes: str | None) -> None:
        """Check that the person gets a page, and is not sent on by whatever they answer there."""
        answer = await self.leave(**changes)
        assert answer.page.has("error-page") or answer.page.has("logout-page"), answer.text
        self._leads_nowhere(answer)
        if answer.page.has("logout-page"):
            self._leads_nowhere(await self.person.press(answer, "logout-confirm"))

    def _leads_nowhere(self, answer: Answer) -> None:
        assert answer.status in (200, 400)
        assert "http-equiv" not in answer.text
        assert f'href="{AFTERWARDS}' not in answer.text

    async def is_told_to_be_over(self, **changes: str | None) -> None:
        """Check that the person is signed out, after a question or without one, and told so."""
        answer = await self.leave(**changes)
        if answer.page.has("logout-page"):
            answer = await self.person.press(answer, "logout-confirm")
        assert (answer.status, answer.page.has("logged-out-page")) == (200, True)
        self._leads_nowhere(answer)
        await self.is_over()

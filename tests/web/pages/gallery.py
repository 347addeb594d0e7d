"""Every page there is, each reached the way people reach it."""

from collections.abc import Awaitable, Callable, Mapping

from oidc_harness.model.user import User
from oidc_harness.relying_party.page import Page
from tests.support import records
from tests.support.http import Sent
from tests.web.pages.visitor import Visitor

Walk = Callable[[Visitor], Awaitable[Page]]
INVITED = "hare@people.example"


async def _home(visitor: Visitor) -> Page:
    return (await visitor.agent.get(visitor.world.issuer)).page


async def _login(visitor: Visitor) -> Page:
    return await visitor.start()


async def _login_refused(visitor: Visitor) -> Page:
    return (await visitor.log_in(await visitor.start(), password="wrong")).page


async def _register(visitor: Visitor) -> Page:
    return (await visitor.agent.follow(await visitor.start(), "login-register")).page


async def _register_refused(visitor: Visitor) -> Page:
    return (await visitor.press(await _register(visitor), "register-submit")).page


async def _register_invited(visitor: Visitor) -> Page:
    return (await visitor.agent.follow(await _invited(visitor), "invitation-register")).page


async def _consent(visitor: Visitor) -> Page:
    return await visitor.log_in_anew(scope="openid profile email")


async def _invited(visitor: Visitor) -> Page:
    await visitor.world.add(records.invitation(INVITED, id="tea-party"))
    return (await visitor.agent.get(f"{visitor.world.issuer}/invitation?id=tea-party")).page


async def _invited_another(visitor: Visitor) -> Page:
    await visitor.log_in_anew()
    return await _invited(visitor)


async def _invited_unverified(visitor: Visitor) -> Page:
    await visitor.world.change(User, "user-alice", email_verified=False)
    return await _invited_alice(visitor)


async def _invited_alice(visitor: Visitor) -> Page:
    await visitor.log_in_anew()
    await visitor.world.add(records.invitation(id="tea-party"))
    return (await visitor.agent.get(f"{visitor.world.issuer}/invitation?id=tea-party")).page


async def _accepted(visitor: Visitor) -> Page:
    return (await visitor.press(await _invited_alice(visitor), "invitation-accept")).page


async def _over(visitor: Visitor) -> Page:
    return (await visitor.agent.get(f"{visitor.world.issuer}/invitation?id=none")).page


async def _used(visitor: Visitor) -> Page:
    await visitor.world.add(records.invitation(INVITED, id="tea-party", status="accepted"))
    return (await visitor.agent.get(f"{visitor.world.issuer}/invitation?id=tea-party")).page


async def _logout(visitor: Visitor) -> Page:
    await visitor.log_in_anew()
    url = f"{visitor.world.issuer}/end_session?client_id={visitor.application.id}&state=x"
    return (await visitor.agent.get(url)).page


async def _logged_out(visitor: Visitor) -> Page:
    return (await visitor.press(await _logout(visitor), "logout-confirm")).page


async def _still_signed_in(visitor: Visitor) -> Page:
    return (await visitor.press(await _logout(visitor), "logout-cancel")).page


async def _error(visitor: Visitor) -> Page:
    return await visitor.start(redirect_uri="https://elsewhere.example/")


async def _refused(visitor: Visitor) -> Page:
    await visitor.world.add(records.member(status="blocked"))
    return await visitor.log_in_anew()


async def _form_post(visitor: Visitor) -> Page:
    """Not followed: this form sends itself."""
    answer = await visitor.world.http.send(
        Sent("GET", visitor.request_url(response_mode="form_post", prompt="none", state="s'\"<&>\n"))
    )
    return answer.page


GALLERY: Mapping[str, Walk] = {
    "home": _home,
    "login": _login,
    "login refused": _login_refused,
    "register": _register,
    "register refused": _register_refused,
    "register invited": _register_invited,
    "consent": _consent,
    "invited": _invited,
    "invited another": _invited_another,
    "invited unverified": _invited_unverified,
    "invited alice": _invited_alice,
    "accepted": _accepted,
    "invitation over": _over,
    "invitation used": _used,
    "logout": _logout,
    "logged out": _logged_out,
    "still signed in": _still_signed_in,
    "error": _error,
    "refused": _refused,
    "form_post": _form_post,
}

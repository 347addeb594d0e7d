"""What is changed over HTTP is changed: the next request of a real flow meets it."""

import json
from base64 import urlsafe_b64decode
from dataclasses import dataclass, replace
from typing import Any

import pytest

from oidc_harness.model.application import Application
from oidc_harness.web.server import Server
from tests.support.client import Client, Tokens
from tests.support.http import Answer, Http, Sent
from tests.support.world import World
from tests.web.admin.api import Api

OFFLINE = "openid profile offline_access"


@dataclass(frozen=True)
class Scene:
    """Alice is signed in at the application."""

    api: Api
    client: Client
    tokens: Tokens

    async def change(self, method: str, path: str, body: Any = None) -> Any:
        """Use the control API below this realm."""
        return await self.api.done(method, f"/realms/{self.client.realm.name}{path}", body)

    async def is_in(self) -> bool:
        """Whether what was issued still lives: the access token, and the refresh token by which it is renewed."""
        lives = await self.client.lives(self.tokens.access)
        refreshed = (await self.client.refresh(self.tokens.refresh)).status == 200
        assert refreshed == lives
        return lives

    async def can_come_in(self) -> bool:
        """Whether a new sign-in succeeds."""
        answer = await self.client.authorize()
        return answer.status == 303 and "code" in answer.redirect.parameters


@pytest.fixture
async def scene(api: Api, world: World) -> Scene:
    client = await world.people()
    return Scene(api, client, await client.sign_in(OFFLINE))


def header(id_token: str) -> dict[str, Any]:
    return dict(json.loads(urlsafe_b64decode(id_token.partition(".")[0] + "==")))


def claims(answer: Answer) -> dict[str, Any]:
    """Of an ID token, right or wrong."""
    return dict(json.loads(urlsafe_b64decode(answer.json["id_token"].split(".")[1] + "==")))


MEMBER = "/applications/web/members/user-alice"
SHUTTING_OUT: list[tuple[str, str, Any, bool]] = [
    ("POST", "/users/user-alice/block", None, False),
    ("DELETE", "/users/user-alice", None, False),
    ("POST", f"{MEMBER}/block", None, False),
    ("POST", f"{MEMBER}/end-sessions", None, True),
    ("DELETE", MEMBER, None, True),
    ("POST", "/applications/web/deactivate", None, False),
]


@pytest.mark.parametrize(("method", "path", "body", "may_return"), SHUTTING_OUT)
async def test_what_was_issued_dies(scene: Scene, method: str, path: str, body: Any, may_return: bool) -> None:
    assert await scene.client.lives(scene.tokens.access)
    await scene.change(method, path, body)
    assert (await scene.client.userinfo(scene.tokens.access)).status == 401
    if path != "/applications/web/deactivate":
        assert (await scene.client.refresh(scene.tokens.refresh)).json["error"] == "invalid_grant"
    assert await scene.can_come_in() == may_return


LETTING_IN = [
    ("/users/user-alice/block", "/users/user-alice/unblock"),
    (f"{MEMBER}/block", f"{MEMBER}/unblock"),
    ("/applications/web/deactivate", "/applications/web/reactivate"),
]


@pytest.mark.parametrize(("out", "back"), LETTING_IN)
async def test_who_is_let_in_again_has_to_come_anew(scene: Scene, out: str, back: str) -> None:
    await scene.change("POST", out)
    assert not await scene.can_come_in()
    await scene.change("POST", back)
    assert not await scene.is_in()
    assert await scene.can_come_in()


async def test_what_was_granted_is_shown(scene: Scene) -> None:
    granted = (await scene.change("GET", MEMBER))["granted"]
    now = (await scene.change("GET", "/clock"))["now"]
    assert (granted["scopes"], granted["claims"], granted["given_at"] <= now) == (OFFLINE.split(), [], True)
    assert (await scene.change("GET", "/applications/web/members"))["items"][0]["granted"] == granted
    await scene.client.code(scope="openid", claims=json.dumps({"userinfo": {"email": None}}))
    assert (await scene.change("GET", MEMBER))["granted"]["claims"] == ["email"]


async def test_a_deleted_application_is_unknown(scene: Scene) -> None:
    await scene.change("DELETE", "/applications/web")
    assert (await scene.client.refresh(scene.tokens.refresh)).json["error"] == "invalid_client"
    assert (await scene.client.userinfo(scene.tokens.access)).status == 401
    assert (await scene.client.authorize()).status == 400


async def test_a_new_secret_works_and_the_one_before_does_not(scene: Scene) -> None:
    new = (await scene.change("POST", "/applications/web/secret"))["secret"]
    assert (await scene.client.refresh(scene.tokens.refresh)).json["error"] == "invalid_client"
    assert (await replace(scene.client, secret=new).refresh(scene.tokens.refresh)).status == 200


async def test_a_closed_application_lets_members_in_alone(scene: Scene) -> None:
    await scene.change("PATCH", "/applications/web", {"closed": True})
    assert await scene.can_come_in()
    await scene.change("DELETE", MEMBER)
    assert not await scene.can_come_in()
    await scene.change("POST", "/applications/web/members", {"user_id": "user-alice"})
    assert await scene.can_come_in()


async def test_a_changed_profile_is_told(scene: Scene) -> None:
    await scene.change("PATCH", "/users/user-alice", {"profile": {"name": "Alice P. Hargreaves"}})
    assert (await scene.client.person(scene.tokens))["name"] == "Alice P. Hargreaves"


async def test_time_passes(scene: Scene) -> None:
    await scene.change("POST", "/clock/freeze", {})
    await scene.change("POST", "/clock/advance", {"seconds": 3590})
    assert await scene.client.lives(scene.tokens.access)
    await scene.change("POST", "/clock/advance", {"seconds": 11})
    assert not await scene.client.lives(scene.tokens.access)
    renewed = await scene.client.renew(scene.tokens)
    assert renewed.claims["iat"] == (await scene.change("GET", "/clock"))["now"]


async def test_the_policy_holds_at_once(scene: Scene) -> None:
    await scene.change("PATCH", "/policy", {"access_token_ttl": 7})
    assert (await scene.client.renew(scene.tokens)).members["expires_in"] == 7
    await scene.change("PATCH", "/policy", {"sign_in": "form"})
    assert "/login?" in (await scene.client.authorize()).location


async def test_an_armed_switch_acts_as_often_as_it_is_told_to(scene: Scene) -> None:
    await scene.change("POST", "/armed", {"switch": "iss-wrong", "when": {"skip": 1, "times": 1}})
    honest = scene.client.realm.issuer
    issuers = [claims(await scene.client.redeem(await scene.client.code()))["iss"] for _ in range(3)]
    assert issuers == [honest, "https://issuer.example", honest]


@pytest.mark.parametrize("one", [True, False])
async def test_a_disarmed_switch_acts_no_more(scene: Scene, one: bool) -> None:
    armed = await scene.change("POST", "/armed", {"switch": "aud-wrong", "parameters": {"value": "other"}})
    assert claims(await scene.client.redeem(await scene.client.code()))["aud"] == "other"
    (fired,) = [each["fired"] for each in (await scene.change("GET", "/journal"))["items"] if each["fired"]]
    assert [(each["armed"], each["honest"]["aud"], each["given"]["aud"]) for each in fired] == [
        (armed["id"], "web", "other")
    ]
    await scene.change("DELETE", f"/armed/{armed['id']}" if one else "/armed")
    assert (await scene.client.sign_in()).claims["aud"] == "web"


@pytest.mark.parametrize(("signed_in", "outcome"), [(True, "failed"), (False, "passed")])
async def test_what_is_observed_decides_the_verdict(scene: Scene, signed_in: bool, outcome: str) -> None:
    await scene.change("POST", "/armed", {"switch": "iss-wrong"})
    await scene.client.redeem(await scene.client.code())
    await scene.change("POST", "/observations", {"signed_in": signed_in, "note": "seen on its page"})
    verdicts = {each["subject"]: each for each in await scene.change("GET", "/verdicts")}
    assert verdicts["iss-wrong"]["outcome"] == outcome


async def test_a_rotated_key_signs_and_the_one_before_still_verifies(scene: Scene) -> None:
    keys = await scene.change("POST", "/keys/rotate", {"alg": "RS256"})
    after = await scene.client.sign_in()
    assert header(after.id_token)["kid"] == keys[-1]["kid"] != header(scene.tokens.id_token)["kid"]
    published = (await scene.client.http.send(Sent("GET", scene.client.realm.issuer + "/jwks"))).json["keys"]
    assert header(scene.tokens.id_token)["kid"] in {key["kid"] for key in published}


async def test_a_cancelled_invitation_leads_nowhere(scene: Scene, http: Http) -> None:
    invited = await scene.change("POST", "/applications/web/invitations", {"addresses": "bob@people.example"})
    (sent,) = invited["sent"]
    assert (await http.send(Sent("GET", sent["link"]))).page.has("invitation-page")
    await scene.change("POST", f"/invitations/{sent['id']}/cancel")
    page = (await http.send(Sent("GET", sent["link"]))).page
    assert (page.status, page.has("invitation-accept")) == (410, False)
    assert "new one" in page.text


async def test_a_dropped_realm_is_gone(scene: Scene, http: Http) -> None:
    await scene.change("DELETE", "")
    assert (await scene.client.userinfo(scene.tokens.access)).status == 404
    await scene.api.done("POST", "/realms", {"name": scene.client.realm.name, "policy": {"sign_in": "auto"}})
    for kind in ("applications", "users"):
        assert (await scene.change("GET", f"/{kind}"))["items"] == []
    assert (await scene.client.userinfo(scene.tokens.access)).status == 401


async def test_a_realm_from_a_fixture_is_furnished(api: Api, http: Http, server: Server) -> None:
    made = {"name": "shop", "fixture": "default", "policy": {"sign_in": "auto"}}
    await api.done("POST", "/realms", made)
    realm = server.realms.find("shop")
    assert realm is not None
    client = Client(http, realm, await World(realm, http).get(Application, "web"), "web-secret")
    tokens = await client.sign_in("openid email", login_hint="bob@example.com")
    assert (await client.person(tokens))["email"] == "bob@example.com"
    await client.redeem(await client.code(login_hint="no-sub@example.com"))
    (spoilt,) = [each for each in realm.journal.exchanges() if each.fired]
    assert spoilt.fired[0].switch == "sub-missing"

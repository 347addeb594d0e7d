"""Authorization requests that wait for a person, as a browser holds them."""

from typing import Any
from urllib.parse import parse_qsl, urlsplit

from oidc_harness.model.interaction import Interaction
from tests.support.client import Client
from tests.support.http import Answer
from tests.support.world import World


async def interaction_of(answer: Answer, page: str, world: World) -> Interaction:
    """The interaction a page is opened for."""
    url = urlsplit(answer.location)
    assert answer.location.startswith(f"{world.issuer}{page}?")
    return await world.get(Interaction, dict(parse_qsl(url.query))["interaction"])


async def begin(world: World, client: Client, **changes: Any) -> tuple[Interaction, dict[str, str]]:
    """Start a request that needs a page; gives its interaction and the browser's cookies."""
    cookies = changes.pop("cookies", {})
    answer = await client.authorize(cookies=cookies, **changes)
    path = urlsplit(answer.location).path.removeprefix(f"/{world.realm.name}")
    interaction = await interaction_of(answer, path, world)
    browser = answer.cookie("oidc_browser_") or cookies[f"oidc_browser_{world.realm.name}"]
    return interaction, {**cookies, f"oidc_browser_{world.realm.name}": browser}


async def go_on(world: World, interaction: Interaction, cookies: dict[str, str]) -> Answer:
    return await world.get_page("/authorize", [("interaction", interaction.id)], cookies)

"""`oidc-harness keys`: a key's whole life on a running server."""

from oidc_harness.web.server import Server
from tests.cli.called import called


def statuses(text: str, alg: str) -> dict[str, str]:
    """Of the keys of an algorithm, by key id."""
    rows = [line.split() for line in text.splitlines()]
    return {kid: status for kid, own, status in rows if own == alg}


async def test_a_life(server: Server) -> None:
    realm = await server.realms.make("default")
    options = ("--server", server.base_url)
    [old] = statuses((await called("keys", "list", *options))[1], "ES256")
    status, told = await called("keys", "publish", "ES256", *options)
    [new] = found = {kid: each for kid, each in statuses(told, "ES256").items() if kid != old}
    assert (status, found) == (0, {new: "next"})
    assert statuses((await called("keys", "use", new, *options))[1], "ES256") == {old: "retired", new: "current"}
    assert statuses((await called("keys", "remove", old, *options))[1], "ES256") == {new: "current"}
    assert statuses((await called("keys", "retire", new, *options))[1], "ES256") == {new: "retired"}
    assert {key.kid: key.status for key in realm.keys.keys if key.alg == "ES256"} == {new: "retired"}


async def test_what_the_server_refuses(server: Server) -> None:
    await server.realms.make("default")
    status, told = await called("keys", "remove", "nowhere", "--server", server.base_url)
    assert (status, told) == (2, f"oidc-harness keys: {server.base_url}: there is no key 'nowhere' in this realm\n")

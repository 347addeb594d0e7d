"""The harness as it is served, with the benchmark's world; beside the base URL it takes orders on standard input."""

import asyncio
import json
import sys
from pathlib import Path

WORLD = Path(__file__).with_name("world.yaml")


async def main() -> None:
    """Serve until standard input ends. A line with a number moves the realm's clock by so many seconds."""
    from oidc_harness.harness.worlds import load_world, make_realm
    from oidc_harness.web.server import serving
    from oidc_harness.web.settings import ServerSettings

    async with serving(ServerSettings(port=0)) as server:
        world = await load_world(WORLD, None)
        realm = await make_realm(server.realms, "default", world.realms["default"])
        print(json.dumps({"issuer": realm.issuer}), flush=True)
        while line := await asyncio.to_thread(sys.stdin.readline):
            realm.clock.advance(int(line))


if __name__ == "__main__":
    asyncio.run(main())

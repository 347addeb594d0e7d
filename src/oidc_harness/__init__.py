"""oidc-harness: an OpenID Provider that can be told to misbehave, and a verdict on the client that met it.

The layers, top to bottom. Each imports only from the rows below it, and never from a neighbour in its own row::

    cli/   client.py                        people and test suites
    relying_party/                          the other side: clients that know a provider only by its URL
    web/                                    aiohttp in, aiohttp out; pages; control API
    harness/                                realms, clock, switchboard, runner, recorder, verdicts
    switches/   checks/                     the lies we can tell; what we look at in a client
    provider/   services/                   what clients do to us; what people do with us
    storage/                                one port, several stores
    protocol/                               OAuth 2.0 and OpenID Connect in pure functions
    model/                                  the nouns, pure
"""

__version__ = "0.1.0"

"""How a good client uses the provider's keys."""

from collections.abc import Sequence

from oidc_harness.checks.base import Breach, Check, Looked, looked
from oidc_harness.protocol.spec import spec
from oidc_harness.provider.exchange import Exchange

MOST_FETCHES = 2
"""Requests for the key set between two ID tokens: one for keys that were not known, one more to be sure."""


class AsksForKeysSparingly(Check):
    """Asks for the key set when it meets a key it does not know, and not again and again.

    Clients of several processes ask once each, so the bound is per process; the evidence lists every request.
    """

    name = "asks-for-keys-sparingly"
    clause = spec("OIDCC-10.1.1")
    level = "SHOULD"

    def look(self, exchanges: Sequence[Exchange]) -> Looked:
        relevant = [exchange for exchange in exchanges if _asks_for_keys(exchange)]
        breaches, run = [], list[int]()
        for exchange in exchanges:
            if _asks_for_keys(exchange):
                run.append(exchange.number)
            elif _issues_id_token(exchange):
                breaches += _breach(run)
                run = []
        return looked(relevant, [*breaches, *_breach(run)])


def _asks_for_keys(exchange: Exchange) -> bool:
    """Whether it got them: a request by a method other than GET did not."""
    return exchange.endpoint == "jwks" and exchange.error is None


def _issues_id_token(exchange: Exchange) -> bool:
    members = exchange.reply.members if exchange.reply is not None else None
    return exchange.endpoint == "token" and bool(members) and "id_token" in (members or {})


def _breach(run: Sequence[int]) -> list[Breach]:
    if len(run) <= MOST_FETCHES:
        return []
    return [Breach(f"the key set was asked for {len(run)} times without a new ID token between", tuple(run))]

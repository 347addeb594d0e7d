"""A decision that wants a document gets it, whatever stands there, and no transaction is open meanwhile."""

from dataclasses import replace

import pytest

from oidc_harness.harness.answer import carry_out
from oidc_harness.harness.fetching import FetchFailed, NotAsked
from oidc_harness.harness.realm import Realm, Surroundings
from oidc_harness.harness.realms import Realms
from oidc_harness.harness.sealing import Sealing
from oidc_harness.harness.shipped_keys import keys_for
from oidc_harness.model.fetched_document import FetchedDocument
from oidc_harness.model.write import Swap
from oidc_harness.protocol.metadata import Addresses
from oidc_harness.provider.decision import Decision, Json
from oidc_harness.provider.outside import document_of_now, load_document
from oidc_harness.provider.provider import Provider
from oidc_harness.storage.memory import MemoryStore
from oidc_harness.storage.port import Records

URL = "https://client.example/jwks"
ADDRESSES = Addresses("http://idp.example", "http://idp.example")


class Library:
    """Somebody else's server: one text after the other, and how often it was asked."""

    def __init__(self, *texts: str | FetchFailed | None) -> None:
        self.texts = list(texts)
        self.asked = 0

    async def fetch(self, url: str) -> str:
        self.asked += 1
        text = self.texts.pop(0)
        if text is None:
            raise FetchFailed(f"{url} took too long")
        if isinstance(text, FetchFailed):
            raise text
        return text


async def make_realm(library: Library) -> Realm:
    """A realm whose time stands still."""
    realms = Realms(Surroundings(MemoryStore(), Sealing(), library.fetch), ADDRESSES, None, keys_for)
    realm = await realms.make("reader")
    realm.clock.freeze(1_800_000_000)
    return realm


async def read(library: Library, patience: int, *, times: int = 1, later: int = 0) -> list[FetchedDocument]:
    """Let a decision read the document a few times, each some seconds after the last."""
    realm = await make_realm(library)
    found: list[FetchedDocument] = []

    async def attempt(records: Records, provider: Provider) -> Decision:
        found.append(await load_document(URL, records, provider.outside, max_age=patience))
        return Decision(Json({}))

    for _ in range(times):
        await carry_out(realm, "token", attempt)
        realm.clock.advance(later)
    return found


@pytest.mark.parametrize(("text", "failure"), [("{}", ""), ("", ""), (None, f"{URL} took too long")])
async def test_what_stands_there_is_handed_over_or_why_nothing_is(text: str | None, failure: str) -> None:
    library = Library(text)
    [found] = await read(library, 60)
    assert (found.url, found.content, found.failure) == (URL, text, failure)
    assert library.asked == 1


@pytest.mark.parametrize(("later", "asked"), [(0, 1), (30, 1), (60, 2), (61, 3)])
async def test_it_is_asked_for_again_when_it_is_too_old(later: int, asked: int) -> None:
    library = Library("one", "two", "three")
    found = await read(library, 60, times=3, later=later)
    assert library.asked == asked
    assert [each.content for each in found] == {1: ["one"] * 3, 2: ["one", "one", "two"], 3: ["one", "two", "three"]}[
        asked
    ]


async def test_two_failures_in_a_row_are_remembered_as_one_success_is() -> None:
    library = Library(None, None, "back")
    found = await read(library, 10, times=3, later=11)
    assert [each.content for each in found] == [None, None, "back"]


@pytest.mark.parametrize(("passed", "asked"), [(59, 1), (61, 2), (-5, 2)])
async def test_it_ages_where_the_realms_time_stands_still(passed: int, asked: int) -> None:
    """Elsewhere time goes on; what was found later than now was found before the system's clock was set back."""
    library = Library("one", "two")
    realm = await make_realm(library)

    async def attempt(records: Records, provider: Provider) -> Decision:
        await load_document(URL, records, provider.outside, max_age=60)
        return Decision(Json({}))

    await carry_out(realm, "token", attempt)
    async with realm.records() as records:
        [known] = await records.find(FetchedDocument)
        records.write(Swap(replace(known, system_time=known.system_time - passed)))
    await carry_out(realm, "token", attempt)
    assert library.asked == asked


async def test_the_document_of_now_is_fetched_for_each_request_and_once_for_each() -> None:
    library = Library("one", "two")
    realm = await make_realm(library)
    found: list[str | None] = []

    async def attempt(records: Records, provider: Provider) -> Decision:
        found.append(document_of_now(URL, provider.outside).content)
        found.append((await load_document(URL, records, provider.outside, max_age=0)).content)
        return Decision(Json({}))

    for _ in range(2):
        await carry_out(realm, "registration", attempt)
    assert (found, library.asked) == (["one", "one", "two", "two"], 2)


async def test_where_nobody_was_asked_what_is_known_stays() -> None:
    """A stranger could otherwise displace a client's keys by sending many requests in its name."""
    library = Library("one", NotAsked(f"{URL} is asked for too often"))
    realm = await make_realm(library)
    found: list[FetchedDocument] = []

    async def attempt(records: Records, provider: Provider) -> Decision:
        found.append(await load_document(URL, records, provider.outside, max_age=60))
        return Decision(Json({}))

    for _ in range(2):
        await carry_out(realm, "token", attempt)
        realm.clock.advance(61)
    assert [(each.content, each.failure) for each in found] == [("one", ""), (None, f"{URL} is asked for too often")]
    async with realm.records() as records:
        [known] = await records.find(FetchedDocument)
    assert known.content == "one"

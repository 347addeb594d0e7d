"""Nobody can make this server ask for one document again and again."""

import pytest

from oidc_harness.web.courtesy import MOST_LOOKS, WHILE_SECONDS, Courtesy
from oidc_harness.web.outbound import AskedTooOften, Outbound
from oidc_harness.web.settings import OutboundPolicy
from tests.support.library import open_library

URL = "https://client.example/sector"


class Watch:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def read(self) -> float:
        return self.seconds


def permitted(courtesy: Courtesy, *urls: str) -> int:
    return sum(courtesy.permits(url) for url in urls)


@pytest.mark.parametrize(
    ("urls", "expected"),
    [
        ([URL] * (MOST_LOOKS + 5), MOST_LOOKS),
        ([f"{URL}?{number}" for number in range(MOST_LOOKS + 5)], MOST_LOOKS),
        ([f"{URL}#{number}?a" for number in range(MOST_LOOKS + 5)], MOST_LOOKS),
        ([f"{URL}/{number}" for number in range(MOST_LOOKS + 5)], MOST_LOOKS + 5),
    ],
)
def test_one_document_is_asked_for_so_often(urls: list[str], expected: int) -> None:
    assert permitted(Courtesy(Watch().read), *urls) == expected


def test_a_while_later_it_is_asked_for_again() -> None:
    watch = Watch()
    courtesy = Courtesy(watch.read)
    permitted(courtesy, *[URL] * MOST_LOOKS)
    watch.seconds += WHILE_SECONDS - 1
    assert not courtesy.permits(URL)
    watch.seconds += 1
    assert permitted(courtesy, *[URL] * (MOST_LOOKS + 1)) == MOST_LOOKS


async def test_what_is_asked_for_too_often_is_not_sent() -> None:
    outbound = Outbound(OutboundPolicy(allow_private=True))
    async with open_library() as library:
        url = library.put("/sector", [])
        for _ in range(MOST_LOOKS):
            await outbound.get(url)
        with pytest.raises(AskedTooOften, match="asked for too often"):
            await outbound.get(f"{url}?again")
        assert len(library.asked) == MOST_LOOKS
    await outbound.close()

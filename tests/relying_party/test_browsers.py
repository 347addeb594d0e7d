"""What is remembered of browsers, and what is forgotten."""

from oidc_harness.relying_party.browsers import MAX_BROWSERS, MAX_PENDING, Browser, Browsers
from oidc_harness.relying_party.client import PendingLogin


def login(number: int) -> PendingLogin:
    return PendingLogin(f"state-{number}", "nonce", "verifier", started_at=0.0)


def test_a_browser_is_found_by_its_id_alone() -> None:
    browsers, browser = Browsers(), Browser()
    assert browsers.find(browser.id) is None
    browsers.keep(browser)
    assert browsers.find(browser.id) is browser
    assert browsers.find(None) is None
    assert browsers.find("planted") is None


def test_a_renamed_browser_has_a_new_id_and_no_old_one() -> None:
    browsers, browser = Browsers(), Browser()
    browsers.keep(browser)
    old_id = browser.id
    browsers.rename(browser)
    assert (browsers.find(old_id), browsers.find(browser.id)) == (None, browser)


def test_the_browser_not_seen_for_longest_is_forgotten() -> None:
    browsers = Browsers()
    first, second = Browser(), Browser()
    browsers.keep(first)
    browsers.keep(second)
    browsers.find(first.id)
    for _ in range(MAX_BROWSERS - 1):
        browsers.keep(Browser())
    assert (browsers.find(first.id), browsers.find(second.id)) == (first, None)


def test_the_oldest_open_login_is_forgotten() -> None:
    browser = Browser()
    for number in range(MAX_PENDING + 1):
        browser.expect(login(number))
    assert list(browser.pending) == [f"state-{number}" for number in range(1, MAX_PENDING + 1)]

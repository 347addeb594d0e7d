"""The page of the limits: the numbers are those of the code, the words are here."""

from typing import NamedTuple

from docs.derived.markdown import page, table
from oidc_harness.harness import people, plain_file, postman, realm, yaml_files
from oidc_harness.model import application, outbox, session
from oidc_harness.protocol import (
    client_authentication,
    client_metadata,
    jose_compact,
    jose_key,
    jwks,
    language,
    logout_notice,
    parameters,
    x509,
)
from oidc_harness.provider import client_keys, request_object
from oidc_harness.services import addresses, claim_source_rules, invitations, keys, users
from oidc_harness.web import adapter, arrival, connection
from oidc_harness.web.admin import operation
from oidc_harness.web.pages import register

_INTRODUCTION = """\
Everything has an end here, so that no input costs what it likes. What is beyond a limit is refused in words, never cut
off. Limits of single fields stand with the fields: [realm policy](realm-policy.md), [application](application.md),
[world files](world-file.md), [switches](switches.md)."""


class Limit(NamedTuple):
    """One number and what it counts."""

    what: str
    number: int
    unit: str


_TOPICS = {
    "Requests": (
        Limit("Body of a request; a larger one gets 413", adapter.LARGEST_BODY, "bytes"),
        Limit("Request line, and each header", connection.LONGEST_LINE, "bytes"),
        Limit("Parameters that are parsed at all", adapter.MOST_FIELDS, ""),
        Limit("Parameters of a request to an endpoint", parameters.MOST_PARAMETERS, ""),
        Limit("Value of one parameter", parameters.LONGEST_VALUE, "characters"),
        Limit("Age at which a request object at a URL is fetched anew", request_object.FRESH_SECONDS, "seconds"),
        Limit("Lost races in a row before a request is given up with 500", realm.MOST_ATTEMPTS, ""),
        Limit("Items on a page of the control API", operation.MOST_PER_PAGE, ""),
    ),
    "Tokens and keys": (
        Limit("JWT that is looked at", jose_compact.MAXIMUM_CHARACTERS, "characters"),
        Limit("Nesting inside a JWT", jose_compact.MAXIMUM_DEPTH, "levels"),
        Limit("Keys a client can register", jwks.MAXIMUM_KEYS, ""),
        Limit("Key set of a client, as JSON without spaces", jwks.MAXIMUM_CHARACTERS, "characters"),
        Limit("Certificates that a proxy may send on behind that of the client", arrival.MOST_CERTIFICATES, ""),
        Limit("Smallest RSA key of a certificate", x509.SMALLEST_RSA, "bits"),
        Limit("Smallest curve of a certificate", x509.SMALLEST_CURVE, "bits"),
        Limit("Smallest RSA key", jose_key.MINIMUM_RSA_BITS, "bits"),
        Limit("Largest RSA key", jose_key.MAXIMUM_RSA_BITS, "bits"),
        Limit("Text in the metadata of a client", client_metadata.LONGEST_TEXT, "characters"),
        Limit("Texts in one list of the metadata, and texts in other languages", client_metadata.MOST_TEXTS, ""),
        Limit("Time a key set at `jwks_uri` is used before it is fetched anew", client_keys.KEPT_SECONDS, "seconds"),
        Limit("Time it is not fetched again for an unknown `kid`", client_keys.COOL_DOWN_SECONDS, "seconds"),
        Limit("Keys of a realm, after rotations", keys.MOST_KEYS, ""),
        Limit("Difference between your client's clock and the realm's", client_authentication.CLOCK_SKEW, "seconds"),
        Limit("Life of a client assertion", client_authentication.LONGEST_ASSERTION, "seconds"),
    ),
    "People": (
        Limit("E-mail address", addresses.LONGEST_EMAIL, "characters"),
        Limit("Password", users.LONGEST_PASSWORD, "characters"),
        Limit("Given or family name on the register page", register.LONGEST_NAME, "characters"),
        Limit("Groups that one user can be in", application.MOST_GROUPS, ""),
        Limit("Sources of claims of one user", claim_source_rules.MOST_SOURCES, ""),
        Limit("Claims of one source", claim_source_rules.MOST_CLAIMS, ""),
        Limit("Nesting in the value of one", claim_source_rules.DEEPEST, "levels"),
        Limit("Languages that one request can ask for", language.MOST_TAGS, ""),
        Limit("Addresses invited at once", invitations.MOST_ADDRESSES, ""),
        Limit("Users made up by one `users make`", people.MOST_PEOPLE, ""),
    ),
    "Files": (
        Limit("File", plain_file.LARGEST_FILE, "bytes"),
        Limit("Values in a file, aliases counted where they stand", yaml_files.MOST_VALUES, ""),
        Limit("Nesting in a file", yaml_files.DEEPEST, "levels"),
        Limit("Number in a file", yaml_files.LONGEST_NUMBER, "digits"),
    ),
    "Logout": (
        Limit("Applications that a session remembers", session.MOST_APPLICATIONS, ""),
        Limit("Life of a logout token", logout_notice.LIFETIME_SECONDS, "seconds"),
        Limit("Tries to send one notice", len(outbox.RETRY_AFTER_SECONDS) + 1, ""),
        Limit("Notices sent by one look through the outbox", postman.AT_ONCE, ""),
        Limit("A notice is kept to be looked at", outbox.KEPT_SECONDS, "seconds"),
    ),
    "Housekeeping": (
        Limit("An expired record is kept, so that its late use can be explained", realm.RETENTION, "seconds"),
        Limit("Expired records are swept once in so many exchanges", realm.SWEEP_EVERY, ""),
        Limit("Expired records removed by one sweep, at most", realm.SWEEP_STEP, ""),
    ),
}


def limits_page() -> str:
    """Every stated limit."""
    parts = [part for topic, limits in _TOPICS.items() for part in (f"## {topic}", _rows(limits))]
    return page("Limits", "the constants of the modules it is about", _INTRODUCTION, *parts)


def _rows(limits: tuple[Limit, ...]) -> str:
    return table(("what", "limit"), ((each.what, f"{each.number:,} {each.unit}".strip()) for each in limits))

"""Records to start from: an application, a person, and what the two have to do with each other."""

from typing import Any

from oidc_harness.model.application import Application
from oidc_harness.model.consent import Consent
from oidc_harness.model.invitation import Invitation
from oidc_harness.model.member import Member, member_id
from oidc_harness.model.session import Session
from oidc_harness.model.user import Address, Profile, User
from oidc_harness.protocol.fingerprint import fingerprint

CLIENT_ID = "web"
SECRET = "a-client-secret-of-more-than-sixty-four-octets-for-every-hmac-algorithm"
REDIRECT_URI = "https://rp.example/callback"
ALICE = "alice"
PASSWORD = "wonderland"

FULL_PROFILE = Profile(
    name="Alice Liddell",
    given_name="Alice",
    family_name="Liddell",
    middle_name="Pleasance",
    nickname="Al",
    preferred_username="alice.l",
    profile="https://alice.example/",
    picture="https://alice.example/alice.png",
    website="https://wonderland.example/",
    gender="female",
    birthdate="1852-05-04",
    zoneinfo="Europe/London",
    locale="en-GB",
    phone_number="+44 20 7946 0000",
    phone_number_verified=True,
    address=Address(street_address="Deanery", locality="Oxford", country="GB"),
)


def application(**changes: Any) -> Application:
    """A web application with a secret, which may ask for everything by code."""
    fields: dict[str, Any] = {
        "id": CLIENT_ID,
        "name": "Wonderland Web",
        "redirect_uris": (REDIRECT_URI,),
        "secret_hash": fingerprint(SECRET),
        "generation": "application-1",
    }
    return Application(**{**fields, **changes})


def user(name: str = ALICE, **changes: Any) -> User:
    """A person whose id, username and address are made of one name."""
    email = f"{name}@people.example"
    fields: dict[str, Any] = {
        "id": f"user-{name}",
        "username": name,
        "email": email,
        "email_key": email,
        "test_password": PASSWORD,
        "generation": f"{name}-1",
        "profile": FULL_PROFILE,
        "updated_at": 1_700_000_000,
    }
    return User(**{**fields, **changes})


def member(application_id: str = CLIENT_ID, user_id: str = "user-alice", **changes: Any) -> Member:
    """A user who has joined an application."""
    fields: dict[str, Any] = {
        "id": member_id(application_id, user_id),
        "application_id": application_id,
        "user_id": user_id,
        "joined_at": 1_700_000_000,
        "generation": "member-1",
    }
    return Member(**{**fields, **changes})


def consent(*scopes: str, **changes: Any) -> Consent:
    """Alice's consent to these scopes."""
    fields: dict[str, Any] = {
        "id": member_id(CLIENT_ID, "user-alice"),
        "application_id": CLIENT_ID,
        "user_id": "user-alice",
        "scopes": scopes,
        "given_at": 1_700_000_000,
    }
    return Consent(**{**fields, **changes})


def invitation(email: str = "alice@people.example", **changes: Any) -> Invitation:
    """An invitation to the application."""
    fields: dict[str, Any] = {
        "id": f"invitation-for-{email}",
        "application_id": CLIENT_ID,
        "email": email,
        "email_key": email.casefold(),
        "sent_at": 1_700_000_000,
    }
    return Invitation(**{**fields, **changes})


def session(cookie: str, auth_time: int, person: User | None = None, **changes: Any) -> Session:
    """The session of a browser that has this cookie."""
    signed_in = person or user()
    fields: dict[str, Any] = {
        "id": fingerprint(cookie),
        "sid": f"sid-of-{cookie}",
        "user_id": signed_in.id,
        "user_generation": signed_in.generation,
        "auth_time": auth_time,
        "expires_at": auth_time + 43_200,
    }
    return Session(**{**fields, **changes})

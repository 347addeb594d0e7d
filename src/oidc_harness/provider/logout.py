"""Who has to hear that a session ended, and the logout token that tells it (OIDC Back-Channel Logout 2)."""

from oidc_harness.model.application import Application
from oidc_harness.model.key import MAC_ALGORITHMS
from oidc_harness.model.outbox import LogoutNotice, logout_notice
from oidc_harness.model.session import Session
from oidc_harness.model.user import User
from oidc_harness.model.write import Add
from oidc_harness.protocol.about import About
from oidc_harness.protocol.frontchannel_logout import frame_url
from oidc_harness.protocol.logout_notice import LogoutNoticeQuestion
from oidc_harness.protocol.signature import UNSIGNED, SignatureQuestion
from oidc_harness.protocol.subject import subject_for
from oidc_harness.provider.client import clear_secret
from oidc_harness.provider.provider import Provider
from oidc_harness.storage.port import Records

Frames = tuple[str, ...]
"""Addresses that the page after a logout opens."""


async def load_reached(session: Session | None, records: Records) -> tuple[Application, ...]:
    """The applications the person went to in this session, as far as they are there still."""
    ids = session.application_ids if session is not None else ()
    found = [await records.get(Application, id) for id in ids]
    return tuple(application for application in found if application is not None)


def notices(session: Session, reached: tuple[Application, ...], provider: Provider) -> tuple[Add, ...]:
    """What goes into the outbox when this session ends: one notice for each that registered for one."""
    return tuple(
        Add(logout_notice(application, session.user_id, session.sid, provider.now, provider.entropy.token(9)))
        for application in reached
        if application.backchannel_logout_uri is not None
    )


def frames(session: Session | None, reached: tuple[Application, ...], user: User | None, provider: Provider) -> Frames:
    """What the page after a logout opens: the URI of each application that registered one (Front-Channel Logout 3)."""
    if session is None:
        return ()
    return tuple(_frame(each, user, session, provider) for each in reached if each.frontchannel_logout_uri)


def _frame(application: Application, user: User | None, session: Session, provider: Provider) -> str:
    question = LogoutNoticeQuestion(
        about=About("end_session", application, user),
        channel="front",
        issuer=provider.issuer,
        subject=subject_for(session.user_id, application, provider.subject_salt),
        application=application,
        sid=session.sid,
        token_id="",
        now=provider.now,
    )
    return frame_url(application.frontchannel_logout_uri or "", provider.conduct.logout_notice(question))


def logout_token(notice: LogoutNotice, about: About, application: Application, provider: Provider) -> str:
    """The token of a notice, signed as the client's ID tokens are (2.4)."""
    question = LogoutNoticeQuestion(
        about=about,
        channel="back",
        issuer=provider.issuer,
        subject=subject_for(notice.user_id, application, provider.subject_salt),
        application=application,
        sid=notice.sid,
        token_id=provider.entropy.token(16),
        now=provider.now,
    )
    claims, alg = provider.conduct.logout_notice(question), _algorithm(application, provider)
    secret = clear_secret(application, provider) if alg in MAC_ALGORITHMS else None
    return provider.conduct.signature(SignatureQuestion(about, "logout_token", claims, alg, provider.keys, secret))


def _algorithm(application: Application, provider: Provider) -> str:
    """Never `none`, whatever the client registered for ID tokens (2.6): then as the realm signs first."""
    own = application.id_token_signed_response_alg
    return provider.keys.algorithms()[0] if own == UNSIGNED else own

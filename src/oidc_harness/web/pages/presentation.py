"""What a client shows of itself on a page, in the language of who reads it (OIDC Registration 2.1, RFC 4647 3.4)."""

from dataclasses import dataclass

from markupsafe import Markup, escape

from oidc_harness.model.application import Application
from oidc_harness.protocol.accept import wishes
from oidc_harness.protocol.language import look_up, read_tags
from oidc_harness.protocol.request import Request


@dataclass(frozen=True, slots=True)
class LocalText:
    """A text of the client's, and the language it says that it is in."""

    text: str
    language: str | None = None
    """BCP 47 tag. None: the client did not say."""

    def __str__(self) -> str:
        """The text alone, for where no markup may be."""
        return self.text

    def __html__(self) -> Markup:
        """The text, marked with its language where that is known."""
        if self.language is None:
            return escape(self.text)
        return Markup('<span lang="{}">{}</span>').format(self.language, self.text)


@dataclass(frozen=True, slots=True)
class Presentation:
    """An application as login and consent page present it."""

    name: LocalText
    home: LocalText | None
    logo: LocalText | None
    policy: LocalText | None
    tos: LocalText | None


def accepted_languages(request: Request) -> tuple[str, ...]:
    """What the browser says that the person reads, most wanted first (RFC 9110 12.5.4)."""
    by_quality = sorted(wishes(request, "Accept-Language"), key=lambda wish: -wish[1])
    return read_tags(" ".join(tag for tag, quality in by_quality if quality > 0))


def present(application: Application | None, languages: tuple[str, ...]) -> Presentation | None:
    """The application in the first of these languages that each of its texts is there in, else as it is."""
    if application is None:
        return None
    return Presentation(
        name=_localized(application, "client_name", languages) or LocalText(application.name),
        home=_address(application, "client_uri", languages),
        logo=_address(application, "logo_uri", languages),
        policy=_address(application, "policy_uri", languages),
        tos=_address(application, "tos_uri", languages),
    )


def _address(application: Application, member: str, languages: tuple[str, ...]) -> LocalText | None:
    usual = getattr(application, member)
    return _localized(application, member, languages) or (None if usual is None else LocalText(usual))


def _localized(application: Application, member: str, languages: tuple[str, ...]) -> LocalText | None:
    tags = [tag for name, _, tag in (known.partition("#") for known in application.localized) if name == member]
    for wanted in languages:
        found = look_up(wanted, tags)
        if found is not None:
            return LocalText(application.localized[f"{member}#{found}"], found)
    return None

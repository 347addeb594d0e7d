"""Lifetimes of tokens: which of two ends first (A16). Pure."""


def dies_first(refresh: int | None, access: int | None) -> str | None:
    """Why a refresh token of this lifetime dies before an access token of that, for a person; None if it does not.

    In seconds; None lives forever.
    """
    if refresh is None or (access is not None and refresh >= access):
        return None
    return (
        f"refresh tokens would live {_told(refresh)}, access tokens {_told(access)}; refresh tokens must not die first"
        " (policy refresh_must_outlive_access)"
    )


def _told(seconds: int | None) -> str:
    return "forever" if seconds is None else f"{seconds} s"

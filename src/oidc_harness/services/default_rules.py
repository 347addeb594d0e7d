"""What an application asks of every sign-in unless a request says otherwise (OIDC Registration 2)."""

import re

from oidc_harness.model.application import Application
from oidc_harness.services.addresses import shown
from oidc_harness.services.errors import Invalid

_CONTEXT = re.compile(r"[\x21-\x7e]{1,255}")


def check_default_contexts(application: Application, realm: object) -> None:
    """Each could stand in `acr_values`, which separates them by spaces (OIDC Core 3.1.2.1)."""
    for index, value in enumerate(application.default_acr_values):
        if not _CONTEXT.fullmatch(value):
            fault = f"{shown(value)}: expected 1 to 255 visible ASCII characters without space"
            raise Invalid(fault, field=f"default_acr_values[{index}]")

"""Every operation of the control API in one list."""

from oidc_harness.web.admin import (
    applications,
    clock,
    invitations,
    journal,
    keys,
    members,
    outbox,
    realms,
    switches,
    users,
)

OPERATIONS = (
    *realms.OPERATIONS,
    *clock.OPERATIONS,
    *applications.OPERATIONS,
    *users.OPERATIONS,
    *members.OPERATIONS,
    *invitations.OPERATIONS,
    *switches.OPERATIONS,
    *journal.OPERATIONS,
    *keys.OPERATIONS,
    *outbox.OPERATIONS,
)

"""Applications: list, create, look at, edit, delete, deactivate, give a new secret (rows A and B)."""

from dataclasses import dataclass
from typing import Annotated

from annotated_types import MaxLen

from oidc_harness.harness.world import WrittenApplication
from oidc_harness.model.application import Application
from oidc_harness.services import applications
from oidc_harness.services.client_secrets import ApplicationWithSecret
from oidc_harness.web.admin.operation import Call, Operation
from oidc_harness.web.admin.shapes import Document, PageOf, Partial, Shape, View


@dataclass(frozen=True, slots=True, kw_only=True)
class NewApplication(WrittenApplication):
    """An application to create: every field of `Application`, and its secret."""

    id: Annotated[str, MaxLen(255)] = ""
    """The client_id. Left out: generated."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretView:
    """A client secret in the clear."""

    secret: str


async def list_applications(call: Call) -> list[Application]:
    """A page of applications, by client_id."""
    return await call.realm.transact(lambda given: applications.list_page(given, call.after, call.limit))


async def create_application(call: Call) -> ApplicationWithSecret:
    """Create; the answer alone shows the secret."""
    new: NewApplication = call.body
    return await call.realm.transact(
        lambda given: applications.create(given, new.record(Application), secret=new.secret)
    )


async def view_application(call: Call) -> Application:
    """One application."""
    return await call.realm.transact(lambda given: applications.view(given, call.path["application"]))


async def edit_application(call: Call) -> ApplicationWithSecret:
    """Change the members that are given; the others stay."""
    changes = dict(call.body)
    secret = changes.pop("secret", None)
    return await call.realm.transact(
        lambda given: applications.edit(given, call.path["application"], changes, secret=secret)
    )


async def delete_application(call: Call) -> None:
    """Delete for good (B2)."""
    await call.realm.transact(lambda given: applications.delete(given, call.path["application"]))


async def deactivate(call: Call) -> Application:
    """Shut; every live token dies (B3)."""
    return await call.realm.transact(lambda given: applications.deactivate(given, call.path["application"]))


async def reactivate(call: Call) -> Application:
    """Open again; users authorize anew (B3)."""
    return await call.realm.transact(lambda given: applications.reactivate(given, call.path["application"]))


async def regenerate_secret(call: Call) -> ApplicationWithSecret:
    """A new secret; the old one stops working at once (A19)."""
    return await call.realm.transact(lambda given: applications.regenerate_secret(given, call.path["application"]))


async def read_secret(call: Call) -> SecretView:
    """The secret, where the realm's policy keeps it viewable (A18)."""
    secret = await call.realm.transact(lambda given: applications.read_secret(given, call.path["application"]))
    return SecretView(secret=secret)


VIEW = View(Application, applications.KEPT)
WITH_SECRET = Document(ApplicationWithSecret, application=VIEW, secret=Shape(str | None))
CHANGES = Partial(
    Application,
    applications.KEPT | applications.FIXED,
    {
        "id": "a client_id is for life; create another application",
        "status": "deactivateApplication (POST …/deactivate) and reactivateApplication (POST …/reactivate) do that",
    },
    secret=(Annotated[str, MaxLen(512)], "A new client secret in the clear."),
)
ALL = "/realms/{realm}/applications"
ONE = ALL + "/{application}"

OPERATIONS = (
    Operation("listApplications", "GET", ALL, "List applications", list_applications, PageOf(VIEW), paged=True),
    Operation(
        "createApplication",
        "POST",
        ALL,
        "Create an application",
        create_application,
        WITH_SECRET,
        Shape(NewApplication),
        201,
        refuses=(409,),
        gives={"application": "/application/id"},
    ),
    Operation("viewApplication", "GET", ONE, "Look at an application", view_application, VIEW),
    Operation("editApplication", "PATCH", ONE, "Edit an application", edit_application, WITH_SECRET, CHANGES),
    Operation("deleteApplication", "DELETE", ONE, "Delete an application", delete_application, refuses=(409,)),
    Operation("deactivateApplication", "POST", ONE + "/deactivate", "Shut an application", deactivate, VIEW),
    Operation("reactivateApplication", "POST", ONE + "/reactivate", "Open an application again", reactivate, VIEW),
    Operation(
        "regenerateSecret",
        "POST",
        ONE + "/secret",
        "Give an application a new secret",
        regenerate_secret,
        WITH_SECRET,
        refuses=(400,),
    ),
    Operation(
        "readSecret",
        "GET",
        ONE + "/secret",
        "Read the secret where policy keeps it viewable",
        read_secret,
        Shape(SecretView),
        refuses=(403,),
    ),
)

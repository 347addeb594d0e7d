"""A connection to the control API of the test's server."""

import pytest

pytest.register_assert_rewrite("tests.web.admin.api", "tests.web.admin.cases")

from oidc_harness.web.server import Server  # noqa: E402
from tests.support.http import Http  # noqa: E402
from tests.web.admin.api import Api  # noqa: E402


@pytest.fixture
def api(server: Server, http: Http) -> Api:
    return Api(http, server.base_url)

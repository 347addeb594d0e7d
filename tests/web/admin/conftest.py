"""A connection to the control API of the test's server."""

import pytest

from oidc_harness.web.server import Server
from tests.support.http import Http
from tests.web.admin.api import Api


@pytest.fixture
def api(server: Server, http: Http) -> Api:
    return Api(http, server.base_url)

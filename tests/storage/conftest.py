"""The conformance suite is no test file by name; its asserts shall explain themselves like those of one."""

import pytest

pytest.register_assert_rewrite("oidc_harness.storage.conformance")

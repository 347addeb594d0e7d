"""`oidc-harness schema`: JSON Schema of each kind of file."""

import json

import pytest

from oidc_harness.cli.main import main
from oidc_harness.cli.schema import KINDS


@pytest.mark.parametrize("kind", KINDS)
def test_a_schema_is_printed(kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema", kind]) == 0
    schema = json.loads(capsys.readouterr().out)
    assert schema["type"] == "object"
    assert schema["additionalProperties"] is False
    assert all(
        "description" in member or "$ref" in member for member in schema["properties"].values() if kind != "report"
    )

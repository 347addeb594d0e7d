"""What starting a client costs before it signs anybody in."""

import subprocess
import sys

SCRIPT = """
import sys
from oidc_harness.relying_party import application, careful, careless, resource, user_agent
from oidc_harness.relying_party.registration import Registration
registration = Registration("http://op", "c", None, "http://rp/cb", "http://rp/", auth_method="none")
for make in (careful.CarefulClient, careless.CarelessClient):
    application.Application(make(registration)).web_application()
print(sorted(name for name in ("oic", "jwkest", "requests", "pydantic") if name in sys.modules))
"""


def test_pyoidc_is_not_imported_before_it_is_needed() -> None:
    run = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True)
    assert run.stdout == "[]\n"

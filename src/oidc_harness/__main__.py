"""Run the command line as ``python -m oidc_harness``."""

import sys

from oidc_harness.cli.main import main

if __name__ == "__main__":
    sys.exit(main())

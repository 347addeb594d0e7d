"""Where the files that are shipped beside the code lie: scenarios and fixtures.

In a checkout they are the folders of that name at its top; in an installed package they are copies inside
the package. This module stands beside the layers: it needs the standard library alone, and every layer but
`relying_party` may import it.
"""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_CHECKOUT = _PACKAGE.parents[1]


def scenarios_directory() -> Path:
    """Return the folder of the scenarios that come with the project.

    Raises:
        FileNotFoundError: the installation carries none.
    """
    return _shipped("scenarios")


def fixtures_directory() -> Path:
    """Return the folder of the worlds and keys that come with the project.

    Raises:
        FileNotFoundError: the installation carries none.
    """
    return _shipped("fixtures")


def _shipped(name: str) -> Path:
    places = (_PACKAGE / name, _CHECKOUT / name)
    for place in places:
        if place.is_dir():
            return place
    looked_in = " and ".join(str(place) for place in places)
    raise FileNotFoundError(
        f"The folder {name!r} that comes with oidc-harness is missing; looked in {looked_in}. "
        "Install the package again."
    )

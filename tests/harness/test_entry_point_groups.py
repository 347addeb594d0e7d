"""Whether other people's switches are installed is told from files, and never wrongly with no."""

from pathlib import Path
from zipfile import ZipFile

import pytest

from oidc_harness.harness.entry_point_groups import others_announce_switches
from tests.harness.installed import install

OTHERS = "[oidc_harness.switches]\nacme = acme_switches:IatAhead\n"


def test_this_program_alone_is_nobody_else() -> None:
    assert not others_announce_switches()


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        (OTHERS, True),
        ("[console_scripts]\nacme = acme:main\n\n" + OTHERS, True),
        ("[oidc_harness.switches]\n# ours again\niss = oidc_harness.switches.id_token:IssWrong\n", False),
        ("[oidc_harness.switches]\niss = oidc_harness.switches.id_token:IssWrong\nacme = acme_switches:A\n", True),
        ("[oidc_harness.switches]\n\n[console_scripts]\nacme = acme:main\n", False),
        ("[oidc_harness.checks]\nacme = acme:Check\n", False),
        ("", False),
    ],
)
def test_an_installed_distribution(
    entries: str, expected: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(tmp_path, "acme_switches", "", entries)
    monkeypatch.syspath_prepend(tmp_path)
    assert others_announce_switches() is expected


@pytest.mark.parametrize("name", ["acme.zip", "acme.whl"])
def test_one_in_an_archive(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with ZipFile(tmp_path / name, "w") as archive:
        archive.writestr("acme_switches-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: acme\nVersion: 1.0\n")
        archive.writestr("acme_switches-1.0.dist-info/entry_points.txt", OTHERS)
    monkeypatch.syspath_prepend(tmp_path / name)
    assert others_announce_switches()


def test_what_is_no_text_stops_no_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(tmp_path, "acme_switches", "", "")
    (tmp_path / "acme_switches-1.0.dist-info" / "entry_points.txt").write_bytes(b"[a\xff]\nb = c:d\n")
    monkeypatch.syspath_prepend(tmp_path)
    assert not others_announce_switches()


def test_a_place_that_is_not_there_hides_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(tmp_path / "nowhere")
    assert not others_announce_switches()

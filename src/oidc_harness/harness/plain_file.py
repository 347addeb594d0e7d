"""Plain files: what is read of the files people name. Devices and pipes, which may have no end, are not."""

from pathlib import Path
from stat import S_ISREG

LARGEST_FILE = 2_000_000
"""Bytes."""


def read_plain_file(path: Path) -> bytes:
    """What is in the file; of one larger than `LARGEST_FILE` one byte more than that.

    Raises `OSError`, also for what is no regular file.
    """
    # Before it is opened: to open a pipe is to wait for who writes to it.
    if not S_ISREG(path.stat().st_mode):
        raise OSError("it is no regular file")
    with path.open("rb") as file:
        return file.read(LARGEST_FILE + 1)

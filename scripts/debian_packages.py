"""Installs packages of Debian and its derivatives with apt-get."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence


def install_packages(packages: Sequence[str], purpose: str) -> bool:
    """Install `packages`, as root or through sudo; print in one line what is installed and why.

    Returns
    -------
    bool
        False if there is no apt-get, no right to use it, or it fails; it has then shown its last
        lines of output.
    """
    if shutil.which("apt-get") is None:
        return False
    sudo = [] if os.geteuid() == 0 else ["sudo"]
    if sudo and shutil.which("sudo") is None:
        return False
    print(f"Installing {' '.join(packages)} with apt-get: {purpose}", flush=True)
    apt_get = [*sudo, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "--quiet=2"]
    # Lists may be old or missing. If they cannot be updated, the old ones may be enough.
    _run([*apt_get, "update"])
    installation = _run([*apt_get, "install", "--yes", "--no-install-recommends", *packages])
    if installation.returncode != 0:
        print("\n".join(installation.stdout.splitlines()[-5:]), file=sys.stderr)
    return installation.returncode == 0


def _run(command: Sequence[str]) -> subprocess.CompletedProcess[str]:
    # sudo asks for the password at the terminal itself, so its question is not captured.
    return subprocess.run(
        command, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )

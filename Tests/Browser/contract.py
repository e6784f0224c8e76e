"""Schemathesis reads /openapi.json and tries what it promises: signed out, and as each role.

    python contract.py SECONDS
"""

import os
import subprocess
import sys
from pathlib import Path

from yard import Yard

TOKENS = (None, "officer", "approver", "team", "auditor")


def tried(yard: Yard, name: str | None, seconds: int) -> bool:
    command = [
        Path(sys.executable).parent / "st",
        "--config-file", Path(__file__).resolve().parent / "schemathesis.toml", "run", f"{yard.address}/openapi.json",
        "--max-time", str(seconds), "--continue-on-failure",
        "--workers", "1", "--no-color", "--generation-database", "none",
        "--seed", os.environ.get("SEED", "1")]
    if name:
        # It would end the very token that everything else is asked with; signed out it is tried.
        command += ["--exclude-operation-id", "revokeToken"]
        token = yard.command("user", "token", "make", name, "--label", "contract")
        command += ["--header", f"Authorization: Bearer {token}"]
    print(f"-- as {name or 'a passer-by'}, {seconds} s", flush=True)
    return subprocess.run(command, cwd=yard.folder).returncode == 0


def main(seconds: int) -> int:
    with Yard() as yard:
        fine = [tried(yard, name, max(5, seconds // len(TOKENS))) for name in TOKENS]
    return 0 if all(fine) else 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))

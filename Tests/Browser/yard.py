"""A server of our own: a fresh folder, a free port, and an end."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BINARY = os.environ.get("BINARY", str(ROOT / ".build/debug/madang"))
PASSWORD = "open-the-yard"
SECONDS_MAX = 120


class Yard:
    def __init__(self, *options: str, profile: str = ""):
        """The sample, replayed; with a profile of cryptography a programme of its own, loaded."""
        self.folder = Path(tempfile.mkdtemp(prefix="madang-browser-"))
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{port}"
        self.data = self.folder / "yard"
        self.log = self.folder / "log"
        command = "serve" if profile else "demo"
        if profile:
            self.command("programme", "load", "Programmes/saltmarsh", "--profile", profile,
                         "--at", "2026-09-01T09:00")
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [BINARY, command, "--data", self.data, "--listen", f"127.0.0.1:{port}", *options],
                cwd=ROOT, stdout=log, stderr=log)
        try:
            self._wait()
        except BaseException:
            self.close()
            raise

    def _wait(self):
        end = time.monotonic() + SECONDS_MAX
        while time.monotonic() < end:
            if self.process.poll() is not None:
                raise RuntimeError("the server ended: " + self.log.read_text()[-2000:])
            try:
                with urllib.request.urlopen(self.address + "/healthz", timeout=2):
                    return
            except OSError:
                time.sleep(0.1)
        raise RuntimeError("the server did not answer: " + self.log.read_text()[-2000:])

    def command(self, *words: str, typed: str = "") -> str:
        """What the command line says on the same folder."""
        run = subprocess.run(
            [BINARY, *words, "--data", self.data], cwd=ROOT, input=typed, capture_output=True,
            text=True)
        assert run.returncode == 0, f"{words}: {run.stderr}"
        return run.stdout.strip()

    def close(self):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

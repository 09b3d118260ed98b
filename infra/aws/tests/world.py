"""What the tests share: where tools are, the emulator, and the environment that our own deployment command made in it."""

import contextlib
import functools
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

from templates import ROOT, STACKS

PREFIX = "tsunagaru"
# The environment whose archive could fill this one; it does not exist.
BEFORE = "before"
DOMAIN = "renraku.example.jp"
CITY = "小牧市"
DEPLOYER = "arn:aws:iam::123456789012:user/deployer"


def venv(name):
    """An executable of the environment in which these tests run."""
    return str(pathlib.Path(sys.executable).parent / name)


def needed(name):
    """A path that `cargo xtask test` names."""
    value = os.environ.get(name)
    if not value:
        raise RuntimeError(f"{name} is not set: run these tests by `cargo xtask test`")
    return value


@functools.cache
def emulator():
    """The one emulator of this run."""
    from emulator import Emulator

    return Emulator()


@contextlib.contextmanager
def templates_with(name, change):
    """A copy of the templates in which one differs; the name of its folder."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(STACKS, folder, dirs_exist_ok=True)
        file = pathlib.Path(folder) / name
        before = file.read_text()
        file.write_text(change(before))
        if file.read_text() == before:
            raise RuntimeError(f"{name} is not changed")
        yield folder


def xtask(*arguments, url=None, stacks=None):
    """Our own command line, as a person types it; against the emulator if it has an address."""
    environment = dict(os.environ, AWS_ACCESS_KEY_ID="emulator", AWS_SECRET_ACCESS_KEY="not-a-secret")
    environment.pop("AWS_PROFILE", None)
    if stacks:
        environment["TSUNAGARU_STACKS"] = stacks
    command = [needed("TSUNAGARU_XTASK"), *arguments]
    if url:
        command += ["--endpoint-url", url]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env=environment)
    return done.returncode, done.stdout + done.stderr


def deploy(*arguments, stacks=None):
    """`cargo xtask deploy` of the environment of these tests."""
    return xtask("deploy", "--prefix", PREFIX, "--deployer", DEPLOYER, *arguments, url=emulator().url, stacks=stacks)


ALL = ["--city", CITY, "--domain", DOMAIN, "--alarm-mail", "alarm@example.jp", "--auditor", "arn:aws:iam::123456789012:user/auditor",
       "--set", "MailFrom=renraku@example.jp", "--set", f"RestoreFrom={BEFORE}"]


@functools.cache
def packed():
    """The zips of the very binaries that `cargo xtask test` built; what it printed."""
    code, said = xtask("package", "--binaries", needed("TSUNAGARU_FUNCTIONS"))
    if code:
        raise RuntimeError(said)
    return said


@functools.cache
def deployed():
    """The whole environment in the emulator; what the command printed."""
    packed()
    code, said = deploy(*ALL)
    if code:
        raise RuntimeError(said)
    return said


def bucket(kind):
    if kind == "firewall":
        return f"aws-waf-logs-{PREFIX}-123456789012"
    if kind == "drill":
        return f"{PREFIX}-attachments-12345678-drill-01kb0000000000000000000000"
    if kind.startswith(f"{BEFORE}-"):
        return f"{kind}-123456789012"
    return f"{PREFIX}-{kind}-123456789012"

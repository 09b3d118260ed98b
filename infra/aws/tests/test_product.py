"""The product's own binaries on what was deployed: settings as the templates set them, nothing else."""

import json
import os
import shutil
import subprocess
import unittest
import zipfile

import world
from emulator.server import KEYS, REGION
from templates import ROOT


def beside(functions):
    """A folder for each function with what was packed beside its program: Lambda unpacks it into `/var/task`."""
    folder = ROOT / "target" / "beside"
    shutil.rmtree(folder, ignore_errors=True)
    for name in functions:
        with zipfile.ZipFile(ROOT / f"target/package/{name}.zip") as zipped:
            zipped.extractall(folder / name, [one for one in zipped.namelist() if one != "bootstrap"])
    return folder


class Product(unittest.TestCase):
    def test_sign_in_a_note_and_the_daily_backup(self):
        world.deployed()
        client = world.emulator().client("lambda")
        functions = {}
        for one in client.list_functions()["Functions"]:
            name = one["FunctionName"]
            if name.startswith(f"{world.PREFIX}-"):
                functions[name.removeprefix(f"{world.PREFIX}-")] = {
                    # Lambda gives a function text, whatever the template said.
                    key: str(value) for key, value in one["Environment"]["Variables"].items()}
        url = world.emulator().url
        deployed = {
            "endpoints": {"dynamodb": url, "s3": url, "region": REGION, "access_key_id": KEYS["aws_access_key_id"],
                          "secret_access_key": KEYS["aws_secret_access_key"]},
            "binaries": world.needed("TSUNAGARU_FUNCTIONS"), "beside": str(beside(functions)), "functions": functions}
        file = ROOT / "target" / "deployed.json"
        file.write_text(json.dumps(deployed, ensure_ascii=False))
        environment = {key: value for key, value in os.environ.items() if not key.startswith("AWS_")}
        # The whole workspace, as the other tests were compiled: another set would compile the SDKs again.
        command = [os.environ.get("CARGO", "cargo"), "test", "--workspace", "--quiet", "--test", "environment", "aws::"]
        done = subprocess.run(command, cwd=ROOT, env=environment | {"TSUNAGARU_DEPLOYED": str(file)}, capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertNotIn("skipped", done.stderr)
        # And the row that a template could have taken away: every note is where the code reads it.
        table = world.emulator().client("dynamodb").describe_table(TableName=world.PREFIX)["Table"]
        self.assertGreater(table["ItemCount"], 200)

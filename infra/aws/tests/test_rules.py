"""Linter and our own rules, without anything running."""

import unittest

import rules
import templates
from world import venv

import subprocess


class Lint(unittest.TestCase):
    def test_the_linter_finds_nothing(self):
        regions = {"55": "us-east-1", "45": "ap-northeast-3"}
        by_region: dict = {}
        for file in sorted(templates.STACKS.glob("*.yaml")):
            by_region.setdefault(regions.get(file.name[:2], "ap-northeast-1"), []).append(str(file))
        for region, files in by_region.items():
            done = subprocess.run([venv("cfn-lint"), "-r", region, "-t", *files], capture_output=True, text=True)
            self.assertEqual((done.returncode, done.stdout), (0, ""), done.stderr)


class Rules(unittest.TestCase):
    def test_every_template_keeps_every_rule(self):
        stacks = templates.load()
        for check, _ in rules.RULES:
            with self.subTest(check.__name__):
                self.assertEqual(list(check(stacks)), [])

    def test_every_rule_notices_what_it_is_for(self):
        stacks = templates.load()
        for check, mutations in rules.RULES:
            self.assertGreater(len(mutations), 0, check.__name__)
            for mutate in mutations:
                with self.subTest(f"{check.__name__}: {mutate.__name__}"):
                    self.assertNotEqual(list(check(mutate(stacks))), [])

    def test_the_templates_are_plain_yaml(self):
        texts = {file.name: file.read_text() for file in templates.STACKS.glob("*.yaml")}
        self.assertEqual(list(rules.plain_yaml(texts)), [])
        for bad in ("  A: &all {B: 1}", "  C: *all", "  <<: *all"):
            self.assertNotEqual(list(rules.plain_yaml({"bad": bad})), [])

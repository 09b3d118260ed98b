"""The templates as data: parsed, with CloudFormation's short forms written out."""

import pathlib

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[3]
STACKS = ROOT / "infra/aws/stacks"


class _Loader(yaml.SafeLoader):
    pass


def _long(loader, suffix, node):
    name = suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}"
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
        return {name: value.split(".", 1) if suffix == "GetAtt" else value}
    if isinstance(node, yaml.SequenceNode):
        return {name: loader.construct_sequence(node, deep=True)}
    return {name: loader.construct_mapping(node, deep=True)}


_Loader.add_multi_constructor("!", _long)


def parse(text: str) -> dict:
    """One template."""
    return yaml.load(text, Loader=_Loader)  # noqa: S506: a subclass of the safe loader


def load() -> dict:
    """All of them, by file name without ending, in the order of deployment."""
    return {file.stem: parse(file.read_text()) for file in sorted(STACKS.glob("*.yaml"))}


def resources(templates: dict, kind: str | None = None):
    """(stack, logical id, resource) of each resource, of one type if asked for."""
    for stack, template in templates.items():
        for name, resource in template["Resources"].items():
            if kind is None or resource["Type"] == kind:
                yield stack, name, resource

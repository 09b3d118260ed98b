"""How a resource type becomes known to moto's CloudFormation: one function that puts it there, however often."""

import json
from dataclasses import dataclass, field
from typing import Any, Callable

from moto.core.common_models import CloudFormationModel

_emulator = None


def use(emulator):
    """The emulator whose services are asked."""
    global _emulator
    _emulator = emulator


@dataclass
class Asked:
    """What a template wants, resolved."""

    name: str
    properties: dict
    account: str
    region: str
    # The physical id and attributes of last time; None at creation.
    before: "Made | None" = None

    def client(self, service):
        return _emulator.client(service, self.region)


@dataclass
class Made:
    """What was put there."""

    id: str
    attributes: dict = field(default_factory=dict)


def text(document: Any) -> str:
    """A policy document as the services want it."""
    return document if isinstance(document, str) else json.dumps(document)


def lists(value: Any) -> Any:
    """CloudFront's wire format of a list."""
    return {"Quantity": len(value), "Items": value}


def coerced(client, operation: str, wanted: dict) -> dict:
    """CloudFormation's strings as the types that the operation wants; an unknown name is botocore's to refuse."""
    shape = client.meta.service_model.operation_model(operation).input_shape
    return _coerce(shape, wanted)


def _coerce(shape, value):
    kind = shape.type_name
    if kind == "structure" and isinstance(value, dict):
        return {name: _coerce(shape.members[name], part) if name in shape.members else part for name, part in value.items()}
    if kind == "list" and isinstance(value, list):
        return [_coerce(shape.member, part) for part in value]
    if kind == "map" and isinstance(value, dict):
        return {name: _coerce(shape.value, part) for name, part in value.items()}
    if kind in ("integer", "long"):
        return int(value)
    if kind in ("float", "double"):
        return float(value)
    if kind == "boolean" and isinstance(value, str):
        return value == "true"
    if kind == "string" and isinstance(value, (dict, list)):
        return json.dumps(value)
    return str(value) if kind == "string" else value


def add(type_name: str, put: Callable[[Asked], Made], name_property: str = "", attributes: tuple = ()):
    """Makes a type known."""

    def asked(name, document, account, region, before=None):
        return Asked(name, document.get("Properties", {}), account, region, before)

    def wrap(cls, made):
        it = cls()
        it.made = made
        return it

    def create(cls, resource_name, cloudformation_json, account_id, region_name, **_):
        return wrap(cls, put(asked(resource_name, cloudformation_json, account_id, region_name)))

    def update(cls, original_resource, new_resource_name, cloudformation_json, account_id, region_name):
        before = original_resource.made
        return wrap(cls, put(asked(new_resource_name, cloudformation_json, account_id, region_name, before)))

    def get(self, attribute):
        return self.made.attributes[attribute]

    service = type_name.split("::")[1].lower()
    members = {
        "__module__": f"moto.{service}.models",
        "cloudformation_type": staticmethod(lambda: type_name),
        "cloudformation_name_type": staticmethod(lambda: name_property),
        "has_cfn_attr": classmethod(lambda cls, attribute: attribute in attributes),
        "create_from_cloudformation_json": classmethod(create),
        "update_from_cloudformation_json": classmethod(update),
        "delete_from_cloudformation_json": classmethod(lambda cls, *_: None),
        "physical_resource_id": property(lambda self: self.made.id),
        "get_cfn_attribute": get,
    }
    # moto finds direct subclasses; the class must be kept, so it is.
    _kept.append(type(type_name.replace("::", ""), (CloudFormationModel,), members))


_kept: list = []

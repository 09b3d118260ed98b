"""Changes of moto's CloudFormation: what is unknown is an error, an update touches what it changes and nothing else."""

import contextlib
import copy
import os
import traceback

from moto.cloudformation import parsing
from moto.cloudformation.exceptions import ValidationError
from moto.cloudformation.models import CloudFormationBackend, Stack
from moto.cloudformation.responses import CloudFormationResponse


@contextlib.contextmanager
def said(logical_id):
    """What goes wrong with a resource is said in its name, as CloudFormation does, and not as an internal error."""
    try:
        yield
    except ValidationError:
        raise
    except Exception as error:
        if os.environ.get("EMULATOR_TRACE"):
            traceback.print_exc()
        raise ValidationError(message=f"{logical_id}: {type(error).__name__}: {error}") from error


def install():
    """Puts the changes in place."""
    known = parsing.resource_class_from_type

    def strictly_known(resource_type):
        found = known(resource_type)
        if found is None:
            raise ValidationError(message=f"the emulator does not know {resource_type}: add it to tests/emulator/types.py")
        return found

    parsing.resource_class_from_type = strictly_known

    resolve = parsing.parse_resource_and_generate_name
    last: dict = {}

    def remembered(resources_map, logical_id):
        return last.setdefault(resources_map.stack_id, {}).get(logical_id)

    create = parsing.parse_and_create_resource

    def create_and_remember(logical_id, resource_json, resources_map, account_id, region_name):
        with said(logical_id):
            made = create(logical_id, resource_json, resources_map, account_id, region_name)
        if made is not None:
            resolved = resolve(logical_id, copy.deepcopy(resource_json), resources_map)[1]
            last.setdefault(resources_map.stack_id, {})[logical_id] = copy.deepcopy(resolved)
        return made

    parsing.parse_and_create_resource = create_and_remember

    def update_what_changed(logical_id, resource_json, resources_map, account_id, region_name):
        condition = resource_json.get("Condition")
        if condition and not resources_map.lazy_condition_map[condition]:
            return None
        original = resources_map[logical_id]
        kind, resolved, name = resolve(logical_id, copy.deepcopy(resource_json), resources_map)
        if resolved == remembered(resources_map, logical_id):
            return original
        if hasattr(kind.update_from_cloudformation_json, "__isabstractmethod__"):
            raise ValidationError(message=f"the emulator cannot change {resource_json['Type']} ({logical_id})")
        with said(logical_id):
            changed = kind.update_from_cloudformation_json(
                original_resource=original, new_resource_name=name, cloudformation_json=copy.deepcopy(resolved),
                account_id=account_id, region_name=region_name)
        changed.cf_resource_type, changed.logical_resource_id = resource_json["Type"], logical_id
        last[resources_map.stack_id][logical_id] = resolved
        return changed

    parsing.parse_and_update_resource = update_what_changed

    # moto looks for `Ref` only; a parameter may change a resource by a condition or within a text.
    def everything(self, other_template, parameters=None):
        old, new = self._resource_json_map, other_template["Resources"]
        return {
            "Add": [name for name in new if name not in old],
            "Modify": [name for name in new if name in old],
            "Remove": [name for name in old if name not in new],
        }

    parsing.ResourceMap.build_resource_diff = everything

    # What a change set shows stays what differs between two templates.
    def shown(self, template):
        old, new = self._resource_json_map, template["Resources"]
        added = [name for name in new if name not in old]
        changed = [name for name in new if name in old and new[name] != old[name]]
        removed = [name for name in old if name not in new]

        def described(names, source):
            return {name: {"LogicalResourceId": name, "ResourceType": source[name]["Type"]} for name in names}

        return {"Add": described(added, new), "Modify": described(changed, new), "Remove": described(removed, old)}

    parsing.ResourceMap.build_change_set_actions = shown

    # moto holds a number of a template against the text that is sent, and never finds them equal.
    def differs(self, incoming_params, stack_body, old_stack):
        new = self._get_param_values(incoming_params, old_stack.stack_parameters)
        same = {name: str(value) for name, value in new.items()} == {
            name: str(value) for name, value in old_stack.stack_parameters.items()}
        if old_stack.template == stack_body and same:
            raise ValidationError(old_stack.name, message="No updates are to be performed.")

    CloudFormationResponse._validate_different_update = differs

    # A creation that is refused leaves no stack that would seem to be under way for ever.
    make = CloudFormationBackend.create_stack

    def made_or_gone(self, *arguments, **named):
        before, exported = set(self.stacks), set(self.exports)
        try:
            return make(self, *arguments, **named)
        except Exception:
            for one in set(self.stacks) - before:
                del self.stacks[one]
            for one in set(self.exports) - exported:
                del self.exports[one]
            raise

    CloudFormationBackend.create_stack = made_or_gone

    # What a condition left out is no resource of the stack.
    Stack.stack_resources = property(lambda self: [one for one in self.resource_map.values() if one is not None])

# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Decisions that no source settles, and behaviours that later tests want to turn on."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable
from typing import Any

PRIVILEGES = frozenset(
    (
        "viewElements",
        "createElements",
        "editElements",
        "deleteElements",
        "createElementInstances",
        "viewFormulas",
        "createFormulas",
        "editFormulas",
        "deleteFormulas",
        "createFormulaInstances",
        "viewCommonObjects",
        "createCommonObjects",
        "editCommonObjects",
        "deleteCommonObjects",
    )
)


def _about(source: str, help_text: str, choices: Iterable[Any] = ()) -> dict[str, Any]:
    """Return what a field tells of a switch: the label of its source, its meaning, and its values if they are few."""
    return {"source": source, "help": help_text, "choices": tuple(choices)}


@dataclasses.dataclass
class Switches:
    """All switches. Attributes may be set at any time; `set` checks and converts, as the command line needs it.

    Each field carries its source label and meaning in its metadata; README.md lists them.
    """

    # Answers
    latency: float = dataclasses.field(default=0.0, metadata=_about("ASSUMED", "seconds added to every answer"))
    mask: str = dataclasses.field(
        default="facts", metadata=_about("TEST", "what comes back as ********", ("facts", "none", "all"))
    )
    tags_form: str = dataclasses.field(
        default="strings", metadata=_about("TEST", "tags in answers; an old page shows objects", ("strings", "objects"))
    )
    tags_order: str = dataclasses.field(
        default="shuffled", metadata=_about("DOC", "order of tags in answers", ("shuffled", "kept"))
    )
    id_form: str = dataclasses.field(default="number", metadata=_about("TEST", "ids in answers", ("number", "string")))
    field_naming: str = dataclasses.field(
        default="element", metadata=_about("TEST", "names of an element's configuration fields", ("element", "swagger"))
    )
    echo_secrets: bool = dataclasses.field(
        default=False, metadata=_about("ASSUMED", "error messages, injected faults and headers repeat every secret")
    )
    provider_data_echoed: bool = dataclasses.field(
        default=False, metadata=_about("DOC", "the answer to a create repeats providerData (old pages do)")
    )
    # Access
    catalogue_auth: str = dataclasses.field(
        default="required",
        metadata=_about("DOC", "secrets for elements and hubs; old pages say none", ("required", "open", "forbidden")),
    )
    privileges: frozenset[str] = dataclasses.field(
        default=PRIVILEGES, metadata=_about("TEST", "what the user may do; '-name' takes one away")
    )
    stale_token: str = dataclasses.field(
        default="element_calls",
        metadata=_about("TEST", "where a deleted instance's token is refused", ("element_calls", "everywhere")),
    )
    colon_after_scheme: str = dataclasses.field(
        default="accepted", metadata=_about("CODE", "'Element: TOKEN'", ("accepted", "refused"))
    )
    token_on_delete: str = dataclasses.field(
        default="accepted",
        metadata=_about(
            "CODE",
            "DELETE by id with the token of a database element: misrouted is refused as in a public issue",
            ("accepted", "misrouted"),
        ),
    )
    # Create and update
    create_seconds: float = dataclasses.field(
        default=0.0, metadata=_about("CODE", "how long a create takes (9 to 26 were seen)")
    )
    name_missing: str = dataclasses.field(
        default="refused", metadata=_about("ASSUMED", "a create without a name", ("refused", "element_key"))
    )
    name_mangled: bool = dataclasses.field(
        default=False, metadata=_about("ASSUMED", "names are kept with ' (1)' added")
    )
    empty_tags_on_create: str = dataclasses.field(
        default="name", metadata=_about("ASSUMED", "tags: [] at creation becomes", ("name", "empty"))
    )
    unknown_element: int = dataclasses.field(
        default=404, metadata=_about("ASSUMED", "a create for an element that does not exist", (404, 400))
    )
    unknown_configuration: str = dataclasses.field(
        default="keep",
        metadata=_about("ASSUMED", "configuration keys that the element does not define", ("keep", "drop", "refuse")),
    )
    stripe: str = dataclasses.field(
        default="alias",
        metadata=_about(
            "DOC",
            "alias: api.key stands for username and password and never returns; keys: it does not; api_key: it is one",
            ("alias", "keys", "api_key"),
        ),
    )
    mask_written: str = dataclasses.field(
        default="literal", metadata=_about("ASSUMED", "******** in a PATCH or PUT", ("literal", "ignored"))
    )
    put: str = dataclasses.field(
        default="merge", metadata=_about("DOC", "configuration keys that a PUT leaves out", ("merge", "replace"))
    )
    reauthenticate_default: bool = dataclasses.field(
        default=False, metadata=_about("ASSUMED", "a PUT without the reAuthenticate query re-authenticates")
    )
    token_on_reauthentication: str = dataclasses.field(
        default="kept", metadata=_about("ASSUMED", "the element token after it", ("kept", "new"))
    )
    reused_code: str = dataclasses.field(
        default="refused", metadata=_about("DOC", "an OAuth code sent twice", ("refused", "accepted"))
    )
    rotate_tokens: bool = dataclasses.field(
        default=True, metadata=_about("DOC", "a given oauth.user.refresh_token is soon replaced by another")
    )
    disabled_in_patch: str = dataclasses.field(
        default="ignored", metadata=_about("ASSUMED", "disabled in a PATCH or PUT body", ("ignored", "applied"))
    )
    disable_twice: int = dataclasses.field(
        default=200, metadata=_about("ASSUMED", "the answer to disabling or enabling what already is", (200, 409))
    )
    # Lists
    hydrate_default: bool = dataclasses.field(
        default=True, metadata=_about("ASSUMED", "list rows carry the configuration unless asked otherwise")
    )
    search_case: str = dataclasses.field(
        default="insensitive", metadata=_about("ASSUMED", "searchText", ("insensitive", "sensitive"))
    )
    tags_match: str = dataclasses.field(default="all", metadata=_about("ASSUMED", "several tags[]", ("all", "any")))
    trailing_page: str = dataclasses.field(
        default="none",
        metadata=_about(
            "DOC", "after the last page: no token, or a token to a page that is 404", ("none", "empty_404")
        ),
    )
    listing_lag: float = dataclasses.field(
        default=0.0, metadata=_about("ASSUMED", "seconds until a new instance shows in listings")
    )
    # Accounts
    accounts_listed: str = dataclasses.field(
        default="all",
        metadata=_about(
            "ASSUMED",
            "GET /accounts: all, the own one as default; own: it alone; another or no default; refused: 401",
            ("all", "own", "other_default", "no_default", "refused"),
        ),
    )
    role: str = dataclasses.field(
        default="org-admin",
        metadata=_about(
            "TEST",
            "which levels of common resources the user may write: all; account and instance; instance",
            ("org-admin", "admin", "user"),
        ),
    )
    # Common resources
    vdr_version: str = dataclasses.field(default="v2", metadata=_about("TEST", "the engine", ("v1", "v2")))
    vdr_endpoints: str = dataclasses.field(
        default="available",
        metadata=_about("ASSUMED", "/vdrs and /common-resources; SAP does not list them", ("available", "missing")),
    )
    refused_on_v2: str = dataclasses.field(
        default="both",
        metadata=_about(
            "CODE",
            "v1 lists that are 400 on v2: where an object is mapped; what an element has; both; none",
            ("both", "where_mapped", "element_map", "none"),
        ),
    )
    level_refused: str = dataclasses.field(
        default="ignored",
        metadata=_about(
            "TEST", "a level that the role may not write, on v2: 200 with Elements-Error, or 403", ("ignored", "403")
        ),
    )
    object_names: str = dataclasses.field(
        default="any",
        metadata=_about("CODE", "strict: other names than letters, digits, _, & and - are 400", ("any", "strict")),
    )
    definition_put: str = dataclasses.field(
        default="replace", metadata=_about("ASSUMED", "fields that a PUT at one level leaves out", ("replace", "merge"))
    )
    inherited_fields: str = dataclasses.field(
        default="configured",
        metadata=_about(
            "TEST", "upper levels in a transformation: with its entry inherit only, or always", ("configured", "always")
        ),
    )
    transformation_without_definition: int = dataclasses.field(
        default=404, metadata=_about("ASSUMED", "a POST of one (200: it is kept)", (404, 400, 200))
    )
    transformation_twice: int = dataclasses.field(
        default=409, metadata=_about("ASSUMED", "a POST of one that is there (200: it replaces it)", (409, 200))
    )
    unmapped_path: str = dataclasses.field(
        default="refused",
        metadata=_about("ASSUMED", "a path that the definition does not have", ("refused", "dropped", "kept")),
    )
    vdr_import: str = dataclasses.field(
        default="replace",
        metadata=_about("ASSUMED", "fields that an imported document leaves out", ("replace", "merge")),
    )
    import_script: str = dataclasses.field(
        default="scripts",
        metadata=_about("ASSUMED", "which of the two copies an import honors", ("scripts", "script")),
    )
    vdr_pages: bool = dataclasses.field(default=False, metadata=_about("ASSUMED", "GET /vdrs has pages of 200"))
    empty_vdrs: int = dataclasses.field(
        default=404, metadata=_about("CODE", "GET /vdrs without any (200: [])", (404, 200))
    )
    # Formulas
    foreign_formulas: str = dataclasses.field(
        default="shown", metadata=_about("TEST", "formulas of other accounts", ("shown", "hidden"))
    )
    formula_names: str = dataclasses.field(
        default="any", metadata=_about("ASSUMED", "unique: a name that is there is 409", ("any", "unique"))
    )
    formula_engine: str = dataclasses.field(
        default="absent",
        metadata=_about("ASSUMED", "engine in answers if it was never set", ("absent", "v1", "v3")),
    )
    formula_put: str = dataclasses.field(
        default="replace", metadata=_about("ASSUMED", "what a PUT of a template leaves out", ("replace", "merge"))
    )
    step_ids: str = dataclasses.field(
        default="new", metadata=_about("ASSUMED", "ids of parts after a PUT without them", ("new", "kept"))
    )
    step_properties: str = dataclasses.field(
        default="text", metadata=_about("ASSUMED", "numbers and booleans in properties", ("text", "kept"))
    )
    missing_subformula: str = dataclasses.field(
        default="accepted",
        metadata=_about("ASSUMED", "a step that calls a formula that is not there", ("accepted", "refused")),
    )
    formula_in_use: int = dataclasses.field(
        default=409,
        metadata=_about("ASSUMED", "DELETE of a template with instances (200: they go too)", (409, 400, 200)),
    )
    variable_in_use: int = dataclasses.field(
        default=409,
        metadata=_about("DOC", "a variable goes while there are instances (200: it goes)", (409, 400, 200)),
    )
    formula_instance_configuration: str = dataclasses.field(
        default="checked",
        metadata=_about(
            "ASSUMED", "required variables and ids of element instances in a formula instance", ("checked", "unchecked")
        ),
    )
    formula_instance_put: str = dataclasses.field(
        default="replace",
        metadata=_about("ASSUMED", "what a PUT of a formula instance leaves out", ("replace", "merge")),
    )
    inactive_formula_instances: str = dataclasses.field(
        default="hidden",
        metadata=_about("ASSUMED", "in GET /formulas/instances without includeInactive", ("hidden", "shown")),
    )
    formula_mask: str = dataclasses.field(
        default="none", metadata=_about("ASSUMED", "value variables that come back as ********", ("none", "values"))
    )
    empty_formulas: int = dataclasses.field(
        default=200, metadata=_about("ASSUMED", "GET /formulas without any (200: [])", (200, 404))
    )
    # Provider
    provider_status: int | dict[Any, int] = dataclasses.field(
        default=200,
        metadata=_about("ASSUMED", "what the provider says to the credentials; one status or {instance id: status}"),
    )
    ping_unsupported: int = dataclasses.field(
        default=400, metadata=_about("TEST", "ping on an element that has none", (400, 404))
    )
    oauth_url_post: str = dataclasses.field(
        default="allowed", metadata=_about("SWG", "asking for an OAuth URL by POST", ("allowed", "405"))
    )

    def __post_init__(self) -> None:
        for field in dataclasses.fields(self):
            self.set(field.name, getattr(self, field.name))

    def set(self, name: str, value: Any) -> None:
        """Set one switch from a value or its text. Raises ValueError for an unknown name or value."""
        field = next((each for each in dataclasses.fields(self) if each.name == name), None)
        if field is None:
            raise ValueError(f"no such switch: {name}")
        converted = _convert(name, field.default, value)
        choices = field.metadata["choices"]
        if choices and converted not in choices:
            raise ValueError(f"{name} is one of {', '.join(map(str, choices))}, not {value}")
        setattr(self, name, converted)

    def as_dict(self) -> dict[str, Any]:
        """Return all switches as JSON can carry them."""
        values = {field.name: getattr(self, field.name) for field in dataclasses.fields(self)}
        return {**values, "privileges": sorted(self.privileges)}

    def status_of_provider(self, instance_id: int) -> int:
        """Return what the provider says to this instance's credentials."""
        status = self.provider_status
        if isinstance(status, dict):
            status = status.get(instance_id, status.get(str(instance_id), 200))
        return int(status)


def _convert(name: str, default: Any, value: Any) -> Any:
    if name == "privileges":
        return _privileges(value)
    if name == "provider_status":
        return json.loads(value) if isinstance(value, str) else value
    if isinstance(default, bool):
        if isinstance(value, bool):
            return value
        if str(value).lower() in ("true", "yes", "on", "1"):
            return True
        if str(value).lower() in ("false", "no", "off", "0"):
            return False
        raise ValueError(f"{name} is true or false, not {value}")
    try:
        return type(default)(value)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name} is a {type(default).__name__}, not {value}") from error


def _privileges(value: Any) -> frozenset[str]:
    names = value.split(",") if isinstance(value, str) else list(value)
    names = [name.strip() for name in names if name.strip()]
    unknown = {name.lstrip("-") for name in names} - PRIVILEGES
    if unknown:
        raise ValueError(f"no such privilege: {', '.join(sorted(unknown))}")
    taken = {name[1:] for name in names if name.startswith("-")}
    given = {name for name in names if not name.startswith("-")}
    return frozenset((given or (PRIVILEGES if taken else given)) - taken)

# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Behaviors of the emulator that no source settles, or that tests turn on."""

from __future__ import annotations

import dataclasses
import functools
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
    """Return the metadata of a switch: the label of its source, its meaning, and its values if there are few."""
    return {"source": source, "help": help_text, "choices": tuple(choices)}


@dataclasses.dataclass
class Switches:
    """All switches. An attribute may be set at any time. `set` also checks and converts, as the command line needs it.

    The metadata of each field has its source label and meaning. README.md lists them.
    """

    # Answers
    latency: float = dataclasses.field(default=0.0, metadata=_about("ASSUMED", "Seconds added to every answer"))
    mask: str = dataclasses.field(
        default="facts", metadata=_about("TEST", "Values returned as ********", ("facts", "none", "all"))
    )
    tags_form: str = dataclasses.field(
        default="strings",
        metadata=_about("TEST", "Form of tags in answers; an old page shows objects", ("strings", "objects")),
    )
    tags_order: str = dataclasses.field(
        default="shuffled", metadata=_about("DOC", "Order of tags in answers", ("shuffled", "kept"))
    )
    id_form: str = dataclasses.field(
        default="number", metadata=_about("TEST", "Form of ids in answers", ("number", "string"))
    )
    field_naming: str = dataclasses.field(
        default="element", metadata=_about("TEST", "Names of an element's configuration fields", ("element", "swagger"))
    )
    echo_secrets: bool = dataclasses.field(
        default=False,
        metadata=_about("ASSUMED", "Whether error messages, injected faults and headers repeat every secret"),
    )
    provider_data_echoed: bool = dataclasses.field(
        default=False, metadata=_about("DOC", "Whether the answer to a create repeats providerData, as on old pages")
    )
    # Access
    catalog_auth: str = dataclasses.field(
        default="required",
        metadata=_about(
            "DOC", "Whether elements and hubs need secrets; old pages say no", ("required", "open", "forbidden")
        ),
    )
    privileges: frozenset[str] = dataclasses.field(
        default=PRIVILEGES, metadata=_about("TEST", "Privileges of the user; '-name' removes one")
    )
    stale_token: str = dataclasses.field(
        default="element_calls",
        metadata=_about("TEST", "Calls that refuse the token of a deleted instance", ("element_calls", "everywhere")),
    )
    colon_after_scheme: str = dataclasses.field(
        default="accepted",
        metadata=_about("CODE", "A colon after the scheme, as in 'Element: TOKEN'", ("accepted", "refused")),
    )
    token_on_delete: str = dataclasses.field(
        default="accepted",
        metadata=_about(
            "CODE",
            "DELETE by id with the token of a database element; misrouted: refused, as in a public issue",
            ("accepted", "misrouted"),
        ),
    )
    # Create and update
    create_seconds: float = dataclasses.field(
        default=0.0, metadata=_about("CODE", "Duration of a create in seconds (9 to 26 were observed)")
    )
    name_missing: str = dataclasses.field(
        default="refused", metadata=_about("ASSUMED", "A create without a name", ("refused", "element_key"))
    )
    name_stored: str = dataclasses.field(
        default="kept",
        metadata=_about(
            "ASSUMED",
            "Names as they are stored: as given; with ' (1)' added; in lower case; in NFC; 40 characters of them",
            ("kept", "suffixed", "lower", "composed", "cut"),
        ),
    )
    name_taken: str = dataclasses.field(
        default="another",
        metadata=_about(
            "ASSUMED",
            "A create with a name that the element has, in any case, makes another instance or answers with that one",
            ("another", "existing"),
        ),
    )
    empty_tags_on_create: str = dataclasses.field(
        default="name", metadata=_about("ASSUMED", "Result of `tags: []` in a create", ("name", "empty"))
    )
    unknown_element: int = dataclasses.field(
        default=404, metadata=_about("ASSUMED", "Answer to a create for an element that does not exist", (404, 400))
    )
    unknown_configuration: str = dataclasses.field(
        default="keep",
        metadata=_about("ASSUMED", "Configuration keys that the element does not define", ("keep", "drop", "refuse")),
    )
    stripe: str = dataclasses.field(
        default="alias",
        metadata=_about(
            "DOC",
            "alias: api.key stands for username and password, never returned; keys: not an alias; api_key: a key",
            ("alias", "keys", "api_key"),
        ),
    )
    mask_written: str = dataclasses.field(
        default="literal", metadata=_about("ASSUMED", "******** in a PATCH or PUT", ("literal", "ignored"))
    )
    put: str = dataclasses.field(
        default="merge", metadata=_about("DOC", "Configuration keys that a PUT omits", ("merge", "replace"))
    )
    reauthenticate_default: bool = dataclasses.field(
        default=False, metadata=_about("ASSUMED", "Whether a PUT without the reAuthenticate query authenticates again")
    )
    token_on_reauthentication: str = dataclasses.field(
        default="kept", metadata=_about("ASSUMED", "The element token after a reauthentication", ("kept", "new"))
    )
    reused_code: str = dataclasses.field(
        default="refused", metadata=_about("DOC", "An OAuth code that is sent twice", ("refused", "accepted"))
    )
    rotate_tokens: bool = dataclasses.field(
        default=True, metadata=_about("DOC", "Whether the platform soon replaces a given oauth.user.refresh_token")
    )
    disabled_in_patch: str = dataclasses.field(
        default="ignored",
        metadata=_about("ASSUMED", "`disabled` in the body of a PATCH or PUT", ("ignored", "applied")),
    )
    disable_twice: int = dataclasses.field(
        default=200,
        metadata=_about("ASSUMED", "Answer to disabling a disabled or enabling an enabled instance", (200, 409)),
    )
    # Lists
    hydrate_default: bool = dataclasses.field(
        default=True, metadata=_about("ASSUMED", "Whether rows of lists include the configuration by default")
    )
    search_case: str = dataclasses.field(
        default="insensitive",
        metadata=_about("ASSUMED", "Case sensitivity of searchText", ("insensitive", "sensitive")),
    )
    tags_match: str = dataclasses.field(
        default="all", metadata=_about("ASSUMED", "Match of several tags[]", ("all", "any"))
    )
    trailing_page: str = dataclasses.field(
        default="none",
        metadata=_about(
            "DOC", "After the last page: no token, or a token for a page that is 404", ("none", "empty_404")
        ),
    )
    listing_lag: float = dataclasses.field(
        default=0.0, metadata=_about("ASSUMED", "Seconds until a new instance appears in listings")
    )
    # Accounts
    accounts_listed: str = dataclasses.field(
        default="all",
        metadata=_about(
            "ASSUMED",
            "GET /accounts: all, the own one as default; the own one alone; all, another or none as default; 401",
            ("all", "own", "other_default", "no_default", "refused"),
        ),
    )
    role: str = dataclasses.field(
        default="org-admin",
        metadata=_about(
            "TEST",
            "Levels of common resources that the user may write: all; account and instance; instance",
            ("org-admin", "admin", "user"),
        ),
    )
    # Common resources
    vdr_version: str = dataclasses.field(
        default="v2", metadata=_about("TEST", "Version of the engine of common resources", ("v1", "v2"))
    )
    vdr_endpoints: str = dataclasses.field(
        default="available",
        metadata=_about("ASSUMED", "/vdrs and /common-resources; SAP does not list them", ("available", "missing")),
    )
    refused_on_v2: str = dataclasses.field(
        default="both",
        metadata=_about(
            "CODE",
            "Lists of v1 that are 400 on v2: both; elements that an object is mapped to; mappings of an element",
            ("both", "where_mapped", "element_map", "none"),
        ),
    )
    level_refused: str = dataclasses.field(
        default="ignored",
        metadata=_about(
            "TEST",
            "Answer of v2 for a level that the role may not write: 200 with Elements-Error, or 403",
            ("ignored", "403"),
        ),
    )
    object_names: str = dataclasses.field(
        default="any",
        metadata=_about(
            "CODE", "strict: names with anything but letters, digits, _, & and - are 400", ("any", "strict")
        ),
    )
    definition_put: str = dataclasses.field(
        default="replace", metadata=_about("ASSUMED", "Fields that a PUT at one level omits", ("replace", "merge"))
    )
    inherited_fields: str = dataclasses.field(
        default="configured",
        metadata=_about(
            "TEST",
            "Fields of upper levels in a transformation; configured: only with its entry `inherit`",
            ("configured", "always"),
        ),
    )
    transformation_without_definition: int = dataclasses.field(
        default=404,
        metadata=_about(
            "ASSUMED", "Answer to a POST of a transformation without a definition (200: it is stored)", (404, 400, 200)
        ),
    )
    transformation_twice: int = dataclasses.field(
        default=409,
        metadata=_about(
            "ASSUMED", "Answer to a POST of a transformation that exists (200: it is replaced)", (409, 200)
        ),
    )
    unmapped_path: str = dataclasses.field(
        default="refused",
        metadata=_about("ASSUMED", "A path that the definition does not have", ("refused", "dropped", "kept")),
    )
    vdr_import: str = dataclasses.field(
        default="replace",
        metadata=_about("ASSUMED", "Fields that an imported document omits", ("replace", "merge")),
    )
    import_script: str = dataclasses.field(
        default="scripts",
        metadata=_about("ASSUMED", "The copy of a script that an import uses", ("scripts", "script")),
    )
    vdr_pages: bool = dataclasses.field(default=False, metadata=_about("ASSUMED", "Whether GET /vdrs has pages of 200"))
    empty_vdrs: int = dataclasses.field(
        default=404, metadata=_about("CODE", "Answer to GET /vdrs if there are none (200: [])", (404, 200))
    )
    # Formulas
    foreign_formulas: str = dataclasses.field(
        default="shown", metadata=_about("TEST", "Formulas of other accounts", ("shown", "hidden"))
    )
    formula_names: str = dataclasses.field(
        default="any", metadata=_about("ASSUMED", "unique: a name that exists is 409", ("any", "unique"))
    )
    formula_engine: str = dataclasses.field(
        default="absent",
        metadata=_about("ASSUMED", "Engine in answers if it was never set", ("absent", "v1", "v3")),
    )
    formula_put: str = dataclasses.field(
        default="replace", metadata=_about("ASSUMED", "What a PUT of a template omits", ("replace", "merge"))
    )
    step_ids: str = dataclasses.field(
        default="new", metadata=_about("ASSUMED", "Ids of parts after a PUT without them", ("new", "kept"))
    )
    step_properties: str = dataclasses.field(
        default="text", metadata=_about("ASSUMED", "Numbers and booleans in properties", ("text", "kept"))
    )
    missing_subformula: str = dataclasses.field(
        default="accepted",
        metadata=_about("ASSUMED", "A step that calls a formula that does not exist", ("accepted", "refused")),
    )
    formula_in_use: int = dataclasses.field(
        default=409,
        metadata=_about(
            "ASSUMED", "Answer to DELETE of a template with instances (200: they are deleted too)", (409, 400, 200)
        ),
    )
    variable_in_use: int = dataclasses.field(
        default=409,
        metadata=_about(
            "DOC", "Answer to removing a variable while there are instances (200: it is removed)", (409, 400, 200)
        ),
    )
    formula_instance_configuration: str = dataclasses.field(
        default="checked",
        metadata=_about(
            "ASSUMED",
            "Whether required variables and ids of element instances in a formula instance are checked",
            ("checked", "unchecked"),
        ),
    )
    formula_instance_put: str = dataclasses.field(
        default="replace",
        metadata=_about("ASSUMED", "What a PUT of a formula instance omits", ("replace", "merge")),
    )
    inactive_formula_instances: str = dataclasses.field(
        default="hidden",
        metadata=_about(
            "ASSUMED", "Inactive ones in GET /formulas/instances without includeInactive", ("hidden", "shown")
        ),
    )
    formula_mask: str = dataclasses.field(
        default="none", metadata=_about("ASSUMED", "Value variables that are returned as ********", ("none", "values"))
    )
    empty_formulas: int = dataclasses.field(
        default=200, metadata=_about("ASSUMED", "Answer to GET /formulas if there are none (200: [])", (200, 404))
    )
    # Provider
    provider_status: int | dict[Any, int] = dataclasses.field(
        default=200,
        metadata=_about("ASSUMED", "Answer of the provider to the credentials: one status, or {instance id: status}"),
    )
    ping_unsupported: int = dataclasses.field(
        default=400, metadata=_about("TEST", "Answer to a ping on an element that has none", (400, 404))
    )
    oauth_url_post: str = dataclasses.field(
        default="allowed", metadata=_about("SWG", "POST for an OAuth URL", ("allowed", "405"))
    )

    def __post_init__(self) -> None:
        for name in _fields():
            self.set(name, getattr(self, name))

    def set(self, name: str, value: Any) -> None:
        """Set one switch from a value or its text.

        Raises:
            ValueError: The name or the value is unknown.
        """
        field = _fields().get(name)
        if field is None:
            raise ValueError(f"no such switch: {name}")
        converted = _convert(name, field.default, value)
        choices = field.metadata["choices"]
        if choices and converted not in choices:
            raise ValueError(f"{name} is one of {', '.join(map(str, choices))}, not {value}")
        setattr(self, name, converted)

    def as_dict(self) -> dict[str, Any]:
        """Return all switches in a form that JSON can represent."""
        values = {name: getattr(self, name) for name in _fields()}
        return {**values, "privileges": sorted(self.privileges)}

    def status_of_provider(self, instance_id: int) -> int:
        """Return the provider's answer to the credentials of this instance."""
        status = self.provider_status
        if isinstance(status, dict):
            status = status.get(instance_id, status.get(str(instance_id), 200))
        return int(status)


@functools.cache
def _fields() -> dict[str, dataclasses.Field[Any]]:
    return {field.name: field for field in dataclasses.fields(Switches)}


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

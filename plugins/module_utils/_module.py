# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is private to the collection: no promise is made to code outside of it.

"""The only place that knows AnsibleModule: it builds one, runs what the module is for, and exits, whatever happens."""

from __future__ import annotations

import os
import typing as t
from collections.abc import Callable, Mapping

from ansible.module_utils.basic import AnsibleModule, missing_required_lib

from ._api.connection_options import refuse_unusable, usable_environment
from ._api.error_report import sentence
from ._api.transport import REQUESTS_IMPORT_ERROR
from ._core.errors import CloudElementsError, ErrorKind, PartialError, internal_error, invalid
from ._reconcile.task import Task
from ._resources.argument_spec import CONNECTION_SECRETS, Options, may_be_secret, secrets_in
from ._resources.instance.options import misspelled_choices, refuse_texts
from ._resources.instance.result import invocation
from ._secrets.redaction import Redactor

Engine = Callable[[Mapping[str, t.Any], Task], dict[str, t.Any]]
"""What a module is for: options and a task in, the module's own return values out."""


def run_module(options: Options, engine: Engine, *, writes: bool = False) -> t.NoReturn:
    """Run a module from its options to its exit.

    In: the table of options; what the module is for; and whether it writes, so that its result says what was done.
    Never returns: it exits with the result, or fails with a message and the return value C(error).
    """
    module = _Module(options)
    params = dict(module.params)
    _mask_by_path(module, params)
    result: dict[str, t.Any] = {"invocation": invocation(params, options, module.given)}
    failure: CloudElementsError | None = None
    task: Task | None = None
    try:
        if REQUESTS_IMPORT_ERROR is not None:
            raise CloudElementsError(ErrorKind.MISSING_LIBRARY, missing_required_lib("requests"))
        refuse_unusable(module.given, os.environ)
        refuse_texts(module.given, options)
        secrets = secrets_in(params, options)
        task = Task(params, secrets, check_mode=module.check_mode, diff_mode=module._diff)
        result.update(engine(params, task))
    except CloudElementsError as error:
        failure = error
    except Exception as error:
        failure = internal_error(error)
    if task is not None:
        task.close()
        result["base_url"] = task.connection.base_url
        result["api_calls"] = task.api_calls()
        if writes:
            result["actions"] = task.actions()
        for warning in task.warnings:
            module.warn(warning)
    if failure is None:
        module.exit_json(**result)
    result.update(changed=bool(task and task.steps and not module.check_mode), error=failure.as_result())
    if isinstance(failure, PartialError):
        result.update(failure.result)
    module.fail_json(failure.message + _what_was_done(task), **result)


class _Module(AnsibleModule):
    """AnsibleModule, but for what it shows where it refuses the options itself.

    It would show options that it does not know, secrets that it took out of a text, and all secrets, those of the
    connection too, where an item of a list is no mapping: then it did not come to collecting what it has to mask.
    """

    def __init__(self, options: Options) -> None:
        self._options = options
        super().__init__(  # type: ignore[no-untyped-call]
            argument_spec=_argument_spec(options),
            required_one_of=options.required_one_of,
            mutually_exclusive=options.mutually_exclusive,
            supports_check_mode=True,
        )

    def _load_params(self) -> None:
        """Keep the options as they were given: what can not be converted is not among the converted ones."""
        super()._load_params()  # type: ignore[no-untyped-call]
        self.given = {name: value for name, value in self.params.items() if not name.startswith("_ansible_")}
        instances = self.params.get("instances")
        for options in (self.params, *(instances if isinstance(instances, list) else ())):
            # An empty id is as unknown as null. Beside a name it stays an error: the name must not decide instead.
            if isinstance(options, dict) and options.get("id") == "" and options.get("name") is None:
                options["id"] = None

    def fail_json(self, msg: str, **details: t.Any) -> t.NoReturn:
        """Fail with a message. One of Ansible's own has no C(invocation) yet, and may quote what was given."""
        if "invocation" not in details:
            known = [*may_be_secret(self.given, self._options), *may_be_secret(self.params, self._options)]
            msg = Redactor(known).text(str(msg))
            try:
                refuse_unusable(self.given, os.environ)
                refuse_texts(self.given, self._options)
            except CloudElementsError as error:
                # Ansible's own names options that it made out of a text, and not where a value comes from.
                msg = error.message
            questions = list(misspelled_choices(self.given, self._options))
            msg = " ".join([sentence(msg), *questions]) if questions else msg
            details["error"] = invalid(msg).as_result()
            details["invocation"] = invocation(self.params, self._options, self.given)
            _mask_by_path(self, self.params)
        super().fail_json(msg, **details)
        raise AssertionError("fail_json does not return.")


def _argument_spec(options: Options) -> dict[str, dict[str, t.Any]]:
    """Return the table of options as AnsibleModule takes it, with what the environment gives behind each."""
    spec = {name: dict(entry) for name, entry in options.spec.items()}
    for name, value in usable_environment(os.environ).items():
        spec[name]["fallback"] = (_as_found, [value])
    return spec


def _as_found(value: t.Any) -> t.Any:
    """Return the value of an environment variable to Ansible, which asks for it with a function."""
    return value


def _mask_by_path(module: AnsibleModule, params: Mapping[str, t.Any]) -> None:
    """Leave only the connection secrets to Ansible's own masking.

    It looks for every secret in every string of the result: a secret C(22) would cut ids and tokens to pieces. The
    results are redacted by path before they come here.
    """
    secrets = (params.get(option) for option in CONNECTION_SECRETS)
    module.no_log_values = {secret for secret in secrets if isinstance(secret, str) and secret.strip()}


def _what_was_done(task: Task | None) -> str:
    """Return the half of the work that was done before a failure, as a sentence, or nothing."""
    if task is None or not task.steps or task.check_mode:
        return ""
    return f" Done before that: {'; '.join(task.actions())}."

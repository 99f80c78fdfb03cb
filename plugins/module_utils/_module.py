# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The only place that knows AnsibleModule: it builds one, runs what the module is for, and exits, whatever happens."""

from __future__ import annotations

import os
import typing as t
from collections.abc import Callable, Mapping

from ansible.module_utils.basic import AnsibleModule, missing_required_lib

from ._api.connection_options import CONNECTION_SECRETS, refuse_unusable, usable_environment
from ._api.error_report import sentence
from ._api.run import Run
from ._api.transport import REQUESTS_IMPORT_ERROR
from ._core.errors import CloudElementsError, ErrorKind, PartialError, error_of, invalid
from ._resources.option_checks import misspelled_choices, refuse_texts
from ._secrets.argument_spec import Options, invocation, may_be_secret, secrets_in
from ._secrets.redaction import Redactor

Main: t.TypeAlias = Callable[[Mapping[str, t.Any], Run], dict[str, t.Any]]
"""What a module is for: options and a run in, the module's own return values out."""


def run_module(options: Options, main: Main, *, writes: bool = False) -> t.NoReturn:
    """Run a module from its options to its exit: with the result, or with a message and the return value `error`.

    Args:
        options: The table of options.
        main: What the module is for.
        writes: Whether it writes, so that its result says what was done.
    """
    module = _Module(options)
    params = dict(module.params)
    _mask_by_path(module, params)
    result: dict[str, t.Any] = {"invocation": invocation(params, options, module.given)}
    failure: CloudElementsError | None = None
    run: Run | None = None
    try:
        if REQUESTS_IMPORT_ERROR is not None:
            raise CloudElementsError(ErrorKind.MISSING_LIBRARY, missing_required_lib("requests"))
        refuse_unusable(module.given, os.environ)
        refuse_texts(module.given, options)
        secrets = secrets_in(params, options)
        run = Run(params, secrets, check_mode=module.check_mode, diff_mode=module._diff)
        result.update(main(params, run))
    except Exception as error:
        failure = error_of(error)
    if run is not None:
        run.close()
        result["base_url"] = run.connection.base_url
        result["api_calls"] = run.api_calls()
        for warning in run.warnings:
            module.warn(warning)
    if failure is None:
        module.exit_json(**result)
    result.update(changed=False, error=failure.as_result())
    if isinstance(failure, PartialError):
        result.update(failure.result)
    if writes and run is not None:
        result.setdefault("actions", [])
    module.fail_json(failure.message, **result)


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
        """Keep the options as they were given: what cannot be converted is not among the converted ones."""
        super()._load_params()  # type: ignore[no-untyped-call]
        self.given = {name: value for name, value in self.params.items() if not name.startswith("_ansible_")}
        instances = self.params.get("instances")
        for options in (self.params, *(instances if isinstance(instances, list) else ())):
            # An empty id is as unknown as null. Beside a name it stays an error: the name must not decide instead.
            if isinstance(options, dict) and options.get("id") == "" and options.get("name") is None:
                options["id"] = None

    def fail_json(self, msg: str, **details: t.Any) -> t.NoReturn:
        """Fail with a message. One of Ansible's own has no `invocation` yet, and may quote what was given."""
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

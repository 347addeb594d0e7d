"""Arm and disarm switches on a running server, through its control API."""

import argparse
import asyncio
import json
from dataclasses import fields
from typing import Any

from oidc_harness.cli.main import CannotGoOn
from oidc_harness.cli.running_server import asked_server
from oidc_harness.client import ArmedView, ControlClient, ControlError, RealmControl, When


def control(arguments: argparse.Namespace) -> list[str]:
    """Do it, and tell what is so now. Raises `CannotGoOn`."""
    return asyncio.run(_control(arguments))


async def _control(arguments: argparse.Namespace) -> list[str]:
    async with asked_server(arguments) as server:
        return await _done(server, arguments)


async def _done(server: ControlClient, arguments: argparse.Namespace) -> list[str]:
    realm = server.realm(arguments.realm)
    if arguments.action == "arm":
        return [_told(await _armed(server, realm, arguments))]
    if arguments.action == "armed":
        return [_told(armed) for armed in await realm.armed()] or ["nothing is armed"]
    if arguments.id is None:
        await realm.disarm_all()
        return ["nothing is armed any more"]
    await realm.disarm(arguments.id)
    return [f"{arguments.id} is disarmed"]


async def _armed(server: ControlClient, realm: RealmControl, arguments: argparse.Namespace) -> ArmedView:
    written = _parameters(arguments.parameters)
    texts = await _texts(server, arguments.name) if written else frozenset()
    parameters = {name: value if name in texts else _value(value) for name, value in written.items()}
    return await realm.arm(arguments.name, parameters, _when(arguments))


async def _texts(server: ControlClient, switch: str) -> frozenset[str]:
    """The parameters that are text, whatever is written: 123 too. Of an unknown switch none; to arm it tells why."""
    try:
        described = (await server.switch(switch)).parameters
    except ControlError:
        return frozenset()
    return frozenset(parameter.name for parameter in described if parameter.type == "string")


def _parameters(written: list[str]) -> dict[str, str]:
    parameters: dict[str, str] = {}
    for each in written:
        name, equals, value = each.partition("=")
        if not equals or not name:
            raise CannotGoOn(f"{each!r}: expected PARAMETER=VALUE")
        parameters[name] = value
    return parameters


def _value(text: str) -> Any:
    """As JSON where it is any, so that 30 is a number; else as text."""
    try:
        return json.loads(text)
    except ValueError:
        return text


def _when(arguments: argparse.Namespace) -> When:
    return When(**{field.name: getattr(arguments, field.name) for field in fields(When)})


def _told(armed: ArmedView) -> str:
    parameters = " ".join(f"{name}={json.dumps(value)}" for name, value in armed.parameters.items())
    said = {field.name: getattr(armed.when, field.name) for field in fields(When)}
    conditions = " ".join(f"--{name} {value}" for name, value in said.items() if value)
    personas = "" if armed.personas is None else f"for {', '.join(armed.personas) or 'nobody'}"
    return " ".join(part for part in (armed.id, armed.switch, parameters, conditions, personas) if part)

"""A setting, a command or a column without documentation fails the build."""

import re
import tomllib
from pathlib import Path

from dashboard.cli import app
from dashboard.settings import TABLE
from events.codebook import load_codebook
from events.formats import FORMATS
from events.schema import COLUMNS

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")


def test_every_setting_stands_in_the_readme_with_its_default_and_meaning() -> None:
    for setting in TABLE.values():
        cell = setting.default if setting.default else ""
        line = f"| `{setting.variable}` | {cell} | {setting.about} |".replace("|  |", "| |")
        assert line in README


def test_every_command_stands_in_the_readme() -> None:
    commands = {command.name or command.callback.__name__ for command in app.registered_commands}  # type: ignore[union-attr]
    assert commands
    for name in commands:
        assert re.search(rf"contact-line {name}\b", README), name


def test_every_export_format_stands_in_the_readme() -> None:
    for name in FORMATS:
        assert re.search(rf"\b{name}\b", README), name


def test_columns_and_types_are_told() -> None:
    assert all(column.about for column in COLUMNS)
    assert all(kind.about and all(kind.sub_types.values()) for kind in load_codebook().types)


def test_every_dependency_is_pinned_for_a_deployment() -> None:
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    pins = (ROOT / "requirements.txt").read_text("utf-8")
    pinned = {line.split("==")[0].lower().replace("_", "-") for line in pins.splitlines() if "==" in line}
    assert {re.split(r"[\[<>=]", need)[0].lower() for need in wanted} <= pinned
    assert "://" not in pins

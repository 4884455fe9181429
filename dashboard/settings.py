"""One table of settings, read from the environment once."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any


@dataclass(frozen=True)
class Setting:
    """A setting: the variable of the environment, its default as text, and what it does."""

    variable: str
    default: str
    about: str


TABLE = {
    "source": Setting("CONTACT_LINE_SOURCE", "", "A file of events or a database URL; empty: the shipped events."),
    "database_url": Setting("DATABASE_URL", "", "A database URL, as a PaaS sets it; used when no source is named."),
    "workers": Setting("WEB_CONCURRENCY", "1", "Workers; each holds its own copy of the shipped events."),
    "https": Setting("CONTACT_LINE_HTTPS", "no", "yes: send browsers to https and tell them to stay there."),
    "proxies": Setting("CONTACT_LINE_PROXIES", "0", "How many proxies stand in front and set X-Forwarded-… headers."),
    "uploads": Setting("CONTACT_LINE_UPLOADS", "yes", "no: files cannot be opened in the browser."),
    "upload_mb": Setting("CONTACT_LINE_UPLOAD_MB", "50", "The largest file that may be opened, in MB (packed or not)."),
    "upload_hours": Setting("CONTACT_LINE_UPLOAD_HOURS", "24", "How long an opened file is kept, in hours."),
    "upload_folder": Setting(
        "CONTACT_LINE_UPLOAD_FOLDER", "", "Where opened files are kept; empty: a temporary folder."
    ),
    "password": Setting(
        "CONTACT_LINE_PASSWORD", "", "The password for saving on /code; empty: only a local run may save."
    ),
    "code_kb": Setting(
        "CONTACT_LINE_CODE_KB", "2000", "The largest text that /code takes at once, in kB; 0: there is no /code."
    ),
}


@dataclass(frozen=True)
class Settings:
    """The settings, read and judged."""

    source: str = ""
    database_url: str = ""
    workers: int = 1
    https: bool = False
    proxies: int = 0
    uploads: bool = True
    upload_mb: int = 50
    upload_hours: int = 24
    upload_folder: str = ""
    password: str = ""
    code_kb: int = 2000

    @property
    def events(self) -> str | None:
        """Where the events come from; None for the shipped ones."""
        return self.source or self.database_url or None


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Read the table from the environment. Raises ValueError naming the variable, the value and what it takes."""
    environment = os.environ if environment is None else environment
    values: dict[str, Any] = {}
    for field in fields(Settings):
        setting = TABLE[field.name]
        text = environment.get(setting.variable, setting.default).strip()
        values[field.name] = _READERS[field.type](setting.variable, text)  # type: ignore[index]
    return Settings(**values)


def _yes(variable: str, text: str) -> bool:
    if text.lower() in {"yes", "true", "1"}:
        return True
    if text.lower() in {"no", "false", "0", ""}:
        return False
    raise ValueError(f"{variable} = {text!r}: takes yes or no")


def _whole(variable: str, text: str) -> int:
    if not text.isdecimal() or len(text) > 6:
        raise ValueError(f"{variable} = {text!r}: takes a whole number")
    return int(text)


_READERS = {str: lambda _, text: text, bool: _yes, int: _whole}

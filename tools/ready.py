"""Say in plain words what the machine lacks before an environment is made; it runs on the system's own Python."""

import importlib.util
import sys

LEAST = (3, 11)


def main() -> None:
    """Exit with one line when this Python is too old or cannot make environments."""
    if sys.version_info < LEAST:
        have = ".".join(str(n) for n in sys.version_info[:3])
        sys.exit(f"Contact Line needs Python 3.11 or later; this is {have}. Name another: make PYTHON=python3.12 …")
    if not all(importlib.util.find_spec(name) for name in ("venv", "ensurepip")):
        sys.exit("This Python cannot make environments. On Debian or Ubuntu: apt-get install python3-venv")


if __name__ == "__main__":
    main()

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LAYERS = ("geodata", "events", "dashboard")  # each may import itself and those before it
SCREENS = ("dash", "plotly", "flask", "waitress", "werkzeug", "flask_compress", "flask_talisman", "gunicorn")


def modules(package):
    found = sorted((ROOT / package).rglob("*.py"))
    assert len(found) > 5
    return found


def imported(path):
    """Every module that a file imports, at the top or within a function."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module if node.level == 0 else "." * node.level
        elif isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) == "import_module":
            yield ast.literal_eval(node.args[0])


def tops(path):
    return {name.split(".")[0] for name in imported(path)}


def all_modules():
    return [path for package in LAYERS for path in modules(package)]


def name_of(path):
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", all_modules(), ids=name_of)
def test_imports_run_one_way(path):
    layer = LAYERS.index(path.relative_to(ROOT).parts[0])
    assert not tops(path) & set(LAYERS[layer + 1 :])


@pytest.mark.parametrize("path", [*modules("geodata"), *modules("events")], ids=name_of)
def test_places_and_events_know_nothing_of_screens(path):
    assert not tops(path) & set(SCREENS)


@pytest.mark.parametrize("path", all_modules(), ids=name_of)
def test_nothing_is_imported_from_the_tests_or_by_a_relative_path(path):
    assert not tops(path) & {"tests", ""}


COMES_WITH = {"numpy": "pandas", "flask": "dash", "werkzeug": "dash", "itsdangerous": "dash"}


@pytest.mark.parametrize("path", all_modules(), ids=name_of)
def test_each_import_is_of_this_house_or_of_a_declared_package(path):
    declared = (ROOT / "pyproject.toml").read_text("utf-8").lower().replace("-", "_")
    for name in tops(path) - set(LAYERS) - sys.stdlib_module_names:
        assert f'"{COMES_WITH.get(name, name).lower()}' in declared, name


@pytest.mark.parametrize("leaf", ["events/errors.py", "dashboard/ids.py", "geodata/names.py"])
def test_leaves_import_nothing_of_the_house(leaf):
    assert not tops(ROOT / leaf) & set(LAYERS)


def test_figures_do_not_reach_for_data_or_components():
    for path in sorted((ROOT / "dashboard" / "figures").glob("*.py")):
        assert not tops(path) & {"dash", "sqlalchemy", "duckdb", "flask"}


def test_the_check_sees_an_import_that_runs_the_wrong_way(tmp_path):
    wrong = tmp_path / "wrong.py"
    wrong.write_text("def f():\n    from dashboard.app import create_app\n    import plotly.graph_objects\n")
    assert tops(wrong) == {"dashboard", "plotly"}

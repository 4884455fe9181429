import io
import json
from urllib.parse import urlencode

import geopandas as gpd
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.app import create_app
from dashboard.state import LONGEST_ADDRESS, VIEW_KEYS
from events.filters import KEYS
from events.formats import FORMATS, WRITTEN, citation_of
from events.schema import NAMES
from events.sources import check_file
from tests.contract.brute import LOOSE, TABLES, matching
from tests.events.samples import checked
from tests.events.test_filters import MADE_UP

ROWS = TABLES[11]
CLIENT = create_app(MADE_UP.in_memory(checked(ROWS))).server.test_client()


def get(path, **query):
    return CLIENT.get(path + "?" + urlencode(query, doseq=True))


def ids_of(name, content):
    if name == "csv":
        return pd.read_csv(io.BytesIO(content), dtype="str", keep_default_na=False)["event_id"].tolist()
    if name == "geojson":
        return [feature["id"] for feature in json.loads(content)["features"]]
    return gpd.read_parquet(io.BytesIO(content))["event_id"].tolist()


# ── what is asked is what comes ─────────────────────────────────────────────────────────────────────────────


def test_healthz_says_how_many_events_there_are():
    answer = get("/healthz")
    assert (answer.status_code, answer.json) == (200, {"status": "ok", "events": len(ROWS)})


def known_to(wanted):
    """The parts of a random filter whose values the store knows."""
    names = {"actors": MADE_UP.vocabulary().actors, "places": MADE_UP.vocabulary().places}
    return all(set(getattr(wanted, part)) <= set(names[part]) for part in names)


@settings(max_examples=30, deadline=None)
@given(LOOSE.filter(lambda f: not (f.date_from and f.date_to and f.date_from > f.date_to)).filter(known_to))
def test_the_export_is_what_the_summary_counts_and_what_matches(wanted):
    pairs = wanted.to_query()
    summary = get_pairs("/api/summary", pairs).json
    right = sorted(row["event_id"] for row in matching(ROWS, wanted))
    found = {name: ids_of(name, get_pairs(f"/api/events.{name}", pairs).data) for name in ("csv", "geojson", "parquet")}
    assert found["csv"] == found["geojson"] == found["parquet"]
    assert sorted(found["csv"]) == right
    assert summary["matched"] == len(right) == sum(t["n"] for t in summary["timeline"])
    assert summary["total"] == len(ROWS)
    unplaced = 0 if wanted.bbox else summary["unplaced"]
    assert sum(cell[2] for cell in summary["cells"]) == len(right) - unplaced


def get_pairs(path, pairs):
    answer = CLIENT.get(path + "?" + urlencode(pairs))
    assert answer.status_code == 200, answer.data
    return answer


@pytest.mark.parametrize("name", ["csv", "geojson", "parquet"])
def test_a_table_comes_as_a_file_of_its_kind(name):
    answer = get(f"/api/events.{name}")
    assert answer.mimetype == FORMATS[name].media_type
    assert answer.mimetype_params == ({"charset": "utf-8"} if name == "csv" else {})
    assert answer.content_type.count("charset") <= 1
    assert answer.headers["Content-Disposition"] == f"attachment; filename=contact-line-events.{name}"
    assert len(ids_of(name, answer.data)) == len(ROWS)


@pytest.mark.parametrize("name", WRITTEN)
def test_a_table_comes_with_its_citation(tmp_path, name):
    path = tmp_path / "file"
    answer = get(f"/api/events.{name}", cite="1", type="Battles")
    path.write_bytes(answer.data)
    citation = citation_of(path)
    assert answer.mimetype in {FORMATS[name].media_type, "application/zip"}
    assert (citation["filters"], citation["rows"]) == ([["type", "Battles"]], len(check_file(path).checked.accepted))
    assert citation["sha256"] == get("/api/citation", type="Battles").json["sha256"]


def test_the_csv_has_the_columns_of_the_table_in_their_order():
    assert get("/api/events.csv").text.splitlines()[0] == ",".join(NAMES)


def test_nothing_that_matches_is_a_table_without_rows():
    for name in ("csv", "geojson", "parquet"):
        assert ids_of(name, get(f"/api/events.{name}", **{"from": "2100-01-01"}).data) == []
    summary = get("/api/summary", **{"from": "2100-01-01"}).json
    assert (summary["matched"], summary["cells"], summary["timeline"]) == (0, [], [])


def test_the_summary_has_the_parts_that_others_rely_on():
    summary = get("/api/summary", bbox="44,38,48,41", zoom=7).json
    assert {"total", "matched", "unplaced", "outside", "cells", "timeline", "facets"} <= set(summary)
    assert set(summary["facets"]) == {"type", "subtype", "actor", "claimant", "place", "precision"}
    assert all(len(cell) == 5 and 44 <= cell[0] <= 48 and 38 <= cell[1] <= 41 for cell in summary["cells"])
    assert summary["matched"] + summary["unplaced"] + summary["outside"] == len(ROWS)


def test_a_facet_can_be_asked_for_as_it_is_written():
    for key, choices in get("/api/summary").json["facets"].items():
        for choice in choices:
            assert get("/api/summary", **{key: choice["value"]}).json["matched"] == choice["n"], (key, choice)


def test_a_finer_zoom_gives_no_fewer_circles():
    numbers = [len(get("/api/summary", zoom=zoom).json["cells"]) for zoom in (0, 4, 8, 12, 22)]
    assert numbers == sorted(numbers)
    assert numbers[0] < numbers[-1]


@pytest.mark.parametrize("key", ["event", "names", "lat", "lon", "zoom", "cell", "utm_source"])
def test_keys_of_the_page_that_choose_no_event_change_nothing(key):
    value = {"names": "hy", "cell": "4/1/1/place"}.get(key, "1")
    assert get("/api/events.csv", **{key: value}).data == get("/api/events.csv").data


# ── what cannot be used ─────────────────────────────────────────────────────────────────────────────────────


def error_of(answer, status=400):
    assert answer.status_code == status
    assert answer.content_type == "application/json"
    assert list(answer.json) == ["error"]
    assert sorted(answer.json["error"]) == ["field", "reason", "value"]
    assert all(isinstance(text, str) for text in answer.json["error"].values())
    assert answer.json["error"]["reason"]
    return answer.json["error"]


WRONG = {
    "from": "soon", "to": "2020-02-30", "type": "War", "subtype": "Battles", "actor": "Nobody", "claimant": "Nobody",
    "place": "Atlantis-upon-Sea", "precision": "9", "q": "x" * 201, "bbox": "1,2,3", "lat": "91", "lon": "x",
    "zoom": "nan", "cell": "x", "names": "de", "page": "-1", "data": "x", "typ": "Battles",
}  # fmt: skip
PATHS = ["/api/summary", "/api/events.csv", "/api/events.geojson", "/api/events.parquet"]


def test_cite_is_yes_or_no():
    assert error_of(get("/api/events.csv", cite="x")) == {"field": "cite", "value": "x", "reason": "is not 0 or 1"}
    assert get("/api/events.csv", cite="0").data == get("/api/events.csv").data


def test_every_key_has_its_wrong_value_here():
    assert {*KEYS, *VIEW_KEYS} - {"event"} <= set(WRONG)


@pytest.mark.parametrize("key", WRONG)
def test_a_wrong_value_of_each_key_is_named_by_every_path_alike(key):
    errors = [error_of(get(path, **{key: WRONG[key]})) for path in PATHS]
    assert errors == [errors[0]] * len(PATHS)
    assert errors[0]["field"] == key
    assert WRONG[key].startswith(errors[0]["value"])


@pytest.mark.parametrize("path", PATHS)
def test_an_address_that_is_too_long_is_refused(path):
    assert error_of(get(path, q=["x"] * (LONGEST_ADDRESS // 2)))["field"] == "query"


@pytest.mark.parametrize("path", ["/api/events.doc", "/api/events.csv.exe"])
def test_a_format_that_there_is_not(path):
    assert error_of(CLIENT.get(path), 404)["field"] == "format"


@pytest.mark.parametrize(
    "path",
    [
        "/api/nothing",
        "/api",
        "/api/events",
        "/api/events.",
        "/assets/none.js",
    ],
)
def test_a_path_that_is_not_served(path):
    error = error_of(CLIENT.get(path), 404)
    assert (error["field"], error["value"]) == ("path", path)


@pytest.mark.parametrize("path", [*PATHS, "/healthz"])
def test_a_method_that_is_not_served_has_the_same_shape(path):
    error_of(CLIENT.post(path), 405)


@settings(max_examples=100, deadline=None)
@given(
    st.sampled_from(PATHS),
    st.lists(
        st.tuples(
            st.sampled_from([*KEYS, *VIEW_KEYS]) | st.text(st.characters(exclude_categories=["Cs"]), max_size=5),
            st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
            | st.sampled_from(["%", "%ff", "' or 1=1", "0"]),
        ),
        max_size=3,
    ),
)
def test_no_query_brings_the_server_down(path, pairs):
    answer = CLIENT.get(path + "?" + urlencode(pairs))
    assert answer.status_code in {200, 400}
    if answer.status_code == 400:
        error_of(answer)


@pytest.mark.parametrize("query", ["%", "%ff=%ff", "q=%00", "q=%ED%A0%80", "&&&=&", "=", "event=%ED%A0%80", "q=%F0%9F"])
def test_no_broken_address_brings_the_server_down(query):
    for path in PATHS:
        assert CLIENT.get(f"{path}?{query}").status_code in {200, 400}


# ── how it is sent ──────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("path", ["/", *PATHS, "/healthz", "/api/nothing"])
def test_every_answer_keeps_to_its_own_host(path):
    headers = CLIENT.get(path).headers
    assert "default-src 'self'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "Access-Control-Allow-Origin" not in headers


def test_the_page_names_no_other_host():
    page = CLIENT.get("/").text
    assert "Contact Line" in page
    assert "http://" not in page.replace("http://www.w3.org", "")
    assert "https://" not in page


def test_long_answers_are_compressed():
    answer = CLIENT.get("/api/events.csv", headers={"Accept-Encoding": "gzip, deflate, br"})
    assert answer.headers["Content-Encoding"] in {"gzip", "deflate", "br"}
    assert len(answer.data) < len(CLIENT.get("/api/events.csv").data) / 2

"""What a page asks of a Dash server for one change, put together from what the server says its callbacks take."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from dashboard import ids
from events.filters import BBox, EventFilter

RECEIVER = "/_dash-update-component"
DEPENDENCIES = "/_dash-dependencies"
JSON = "application/json"
_KEYS = {"types": "type", "sub_types": "subtype", "actors": "actor", "claimants": "claimant", "places": "place"}
_KEYS |= {"precisions": "precision"}


class Callback:
    """The callback that sets one part of the page from, among others, an input; the values are the page's so far."""

    def __init__(self, dependencies: bytes, sets: str, taking: str) -> None:
        self._told = next(
            told
            for told in json.loads(dependencies)
            if sets in told["output"] and any(given["id"] == taking for given in told["inputs"])
        )
        self.values: dict[str, Any] = {}

    def body(self, values: Mapping[str, Any]) -> bytes:
        """The request after these values have changed."""
        self.values |= values
        asked = {
            "output": self._told["output"],
            "outputs": [
                dict(zip(("id", "property"), part.rsplit(".", 1), strict=True))
                for part in self._told["output"].strip(".").split("...")
            ],
            "inputs": [self._given(each) for each in self._told["inputs"]],
            "changedPropIds": [f"{self._told['inputs'][0]['id']}.{self._told['inputs'][0]['property']}"],
            "state": [self._given(each) for each in self._told["state"]],
        }
        return json.dumps(asked).encode()

    def _given(self, named: Mapping[str, str]) -> dict[str, Any]:
        return {"id": named["id"], "property": named["property"], "value": self.values.get(named["id"])}


class Asking:
    """The requests of one page of this project. It remembers the address and how the map was drawn last."""

    def __init__(self, get: Callable[[str], bytes]) -> None:
        self._callback = Callback(get(DEPENDENCIES), f"{ids.MAP}.figure", ids.CHOSEN)

    def body(self, wanted: EventFilter, view: BBox, zoom: float) -> bytes:
        """The request for a filter whose bbox is open, and a view of the map."""
        first, last = wanted.date_from, wanted.date_to
        west, south, east, north = view
        return self._callback.body(
            {
                ids.CHOSEN: {key: list(getattr(wanted, name)) for name, key in _KEYS.items()},
                ids.WORDS: wanted.words,
                ids.DATES: [first and first.isoformat(), last and last.isoformat()],
                ids.VIEWPORT: {
                    "lat": (south + north) / 2,
                    "lon": (west + east) / 2,
                    "zoom": zoom,
                    "bbox": list(view),
                    "moved": True,
                    "width": 1400,
                },
            }
        )

    def take(self, answer: bytes) -> None:
        """Remember what the answer sets."""
        response: Mapping[str, Any] = json.loads(answer)["response"]
        self._callback.values |= {name: response[name]["data"] for name in (ids.DRAWN, ids.QUERY) if name in response}

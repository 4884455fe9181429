"""Armed-conflict events: the codebook, the table, the filter and the store.

For a notebook::

    import events
    frame = events.load(place="Hadrut", date_to="2020-10-31")  # a GeoDataFrame, EPSG:4326
"""

from events.notebook import load

__all__ = ["load"]

"""Places and time: names, gazetteer, boundaries and control; knows nothing of events."""

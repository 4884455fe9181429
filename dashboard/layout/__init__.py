"""The parts of the page; no data access."""

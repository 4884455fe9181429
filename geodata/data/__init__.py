"""Bundled tables and outlines; SOURCES.md has the origin and licence of each."""

"""Thin: parse, ask the store, call pure functions, return."""

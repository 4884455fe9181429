"""What a store promises, on every engine. Nothing is skipped: without an engine the tests fail and say so."""

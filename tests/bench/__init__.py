"""Figures of speed, weight and memory: `make bench`."""

"""Measurements: python -m bench; figures in docs/performance.md."""

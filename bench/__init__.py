"""Benchmarks: ratios against bare SimPy, measured in the same run. They are not gates."""

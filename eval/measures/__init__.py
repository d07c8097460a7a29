"""Measures: each a pure function of what was asked and what was answered."""

"""A run as one HTML file: tables, plots, slices, and the failures with their evidence."""

"""Question sets: one format a file, all read into the same records."""

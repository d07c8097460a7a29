"""Measurements on public question sets; each is a module with a command of its own."""

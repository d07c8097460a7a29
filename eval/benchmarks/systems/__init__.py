"""The systems that ``python -m eval.benchmarks.peers`` holds side by side, each in its own file.

A file's system is its ``System`` class, which fills ``base.Searcher``. Only the file of a system imports its library,
and only the process that runs it imports the file.
"""

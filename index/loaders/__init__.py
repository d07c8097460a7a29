"""Loaders: files in, `index.records.Article` records out. One format a file; `collect` puts them together."""

from index.loaders.base import FileResult, LoadFailure, SourceFile
from index.loaders.collect import load_file, load_files, load_paths
from index.loaders.folder import find_files

__all__ = ["FileResult", "LoadFailure", "SourceFile", "find_files", "load_file", "load_files", "load_paths"]

"""The toolkit's parts that take files, held to what this page needs of them."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import gradio as gr
from gradio.data_classes import FileData, ListFiles

from qa.uploads import Upload

_VARIABLE = "GRADIO_TEMP_DIR"


@contextmanager
def private_folder() -> Iterator[Path]:
    """A new folder that this user alone can read, where the toolkit puts what is uploaded until it has been read. Its
    parts ask for the place when they are made: so this comes before the page. At the end all in it is deleted."""
    before = os.environ.get(_VARIABLE)
    folder = Path(tempfile.mkdtemp(prefix="pullquote-uploads-")).resolve()  # made with mode 0700
    os.environ[_VARIABLE] = str(folder)
    try:
        yield folder
    finally:
        if before is None:
            del os.environ[_VARIABLE]
        else:
            os.environ[_VARIABLE] = before
        shutil.rmtree(folder, ignore_errors=True)


def takes_uploads(part: gr.File | gr.UploadButton) -> None:
    """Hold a part to what was uploaded just now: its events get ``Upload`` records, and a request that names anything
    else is refused. By itself the toolkit would copy any file of this machine that a request names, fetch an address
    of the web, and forget what the person's machine called a file.

    The part must never be updated but by a value: the toolkit would make a new one for the session.
    """
    folder = Path(part.GRADIO_CACHE).resolve()

    async def kept_where_it_is(named: str | Path | None) -> str:
        if not isinstance(named, str | Path) or "\0" in str(named):
            raise gr.Error("That was not uploaded here.", print_exception=False)
        place = Path(named)
        if place.is_symlink() or folder not in place.resolve().parents:
            raise gr.Error("That was not uploaded here.", print_exception=False)
        return str(place)

    # Not a subclass: of each of those the toolkit writes a description into this folder.
    vars(part).update(async_move_resource_to_block_cache=kept_where_it_is, preprocess=_uploads)


def _uploads(payload: ListFiles | FileData | None) -> list[Upload]:
    if payload is None:
        return []
    return [_upload(file) for file in (payload.root if isinstance(payload, ListFiles) else [payload])]


def _upload(file: FileData) -> Upload:
    return Upload(Path(file.path), file.orig_name or Path(file.path).name)

"""The parts that take files: what was uploaded just now comes through, and nothing else of this machine or the web."""

from __future__ import annotations

import asyncio
import os
import re
import stat
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import gradio as gr
import pytest
from gradio.data_classes import FileData, ListFiles

from qa.page.guard import _BODY_BYTES
from qa.page.uploading import private_folder, takes_uploads
from qa.uploads import MAX_FILES, MAX_UPLOAD_BYTES, Upload


@pytest.fixture
def folder() -> Iterator[Path]:
    with private_folder() as made:
        yield made


def test_the_folder_is_new_private_and_gone_at_the_end() -> None:
    before = os.environ.get("GRADIO_TEMP_DIR")
    with private_folder() as one, private_folder() as two:
        assert one != two
        assert stat.S_IMODE(one.stat().st_mode) == 0o700
        assert gr.File().GRADIO_CACHE == os.environ["GRADIO_TEMP_DIR"] == str(two)
        (two / "left.txt").write_text("left")
    assert not one.exists()
    assert not two.exists()
    assert os.environ.get("GRADIO_TEMP_DIR") == before


@pytest.mark.parametrize("kind", [gr.File, gr.UploadButton])
def test_a_request_can_name_nothing_but_an_upload(
    folder: Path, tmp_path: Path, kind: type[gr.File] | type[gr.UploadButton]
) -> None:
    part = kind(file_count="multiple")
    takes_uploads(part)
    (tmp_path / "secret.txt").write_text("secret")
    (folder / "link.txt").symlink_to(tmp_path / "secret.txt")
    (folder / "abc").mkdir()
    uploaded = folder / "abc" / "a.txt"
    uploaded.write_text("mine")
    foreign = (
        *("/etc/passwd", str(tmp_path / "secret.txt"), f"{folder}/../{tmp_path.name}/secret.txt", "a.txt", "", "\0"),
        *(str(folder), str(folder / "link.txt"), f"{folder}-2/a.txt", "http://192.0.2.1/a.txt", None),
    )
    for name in foreign:
        with pytest.raises(gr.Error, match="not uploaded here"):
            asyncio.run(part.async_move_resource_to_block_cache(name))
    assert asyncio.run(part.async_move_resource_to_block_cache(str(uploaded))) == str(uploaded)


def test_the_name_is_that_of_the_persons_own_machine(folder: Path) -> None:
    part = gr.File(file_count="multiple")
    takes_uploads(part)
    files = ListFiles(root=[FileData(path=str(folder / "a.txt"), orig_name="deep/a.txt"), FileData(path="b.txt")])
    given: object = part.preprocess(files)
    assert given == [Upload(folder / "a.txt", "deep/a.txt"), Upload(Path("b.txt"), "b.txt")]
    assert part.preprocess(None) == []
    assert list(folder.iterdir()) == []  # by itself the toolkit leaves an empty file for each


def test_the_browser_knows_the_limits_of_the_server() -> None:
    script = files("qa.page").joinpath("uploads.js").read_text(encoding="utf-8")
    assert f"const AT_ONCE = {MAX_FILES};" in script
    assert f"const BYTES_AT_ONCE = {MAX_UPLOAD_BYTES // 2**20} * 2 ** 20;" in script
    found = re.search(r"const LISTED_BYTES = ([0-9_]+);", script)
    assert found
    assert int(found[1]) < _BODY_BYTES

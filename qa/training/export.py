"""A trained model -> the files that are shipped: ONNX in full precision and in int8, and the tokenizer."""

from __future__ import annotations

import shutil
from pathlib import Path

from safetensors.numpy import load_file
from tokenizers import Tokenizer
from transformers import BertConfig

from index.minilm import embedded_model_folder
from qa.readers.span import MODEL_FILE, TOKENIZER_FILE
from qa.training.onnx_graph import write_onnx

FULL_PRECISION = "full-precision"
INT8 = "int8"


def export(weights: Path, folder: Path) -> None:
    """Write ``folder/full-precision``, which int8 is measured against, and ``folder/int8``, which is shipped; each
    holds a model and a tokenizer.

    Args:
        weights: a finished run's or a checkpoint's safetensors file.
    """
    tensors = {
        name.removeprefix("model."): tensor
        for name, tensor in load_file(weights).items()
        if not name.startswith("optimizer.")
    }
    heads = BertConfig.from_pretrained(embedded_model_folder()).num_attention_heads
    for name in (FULL_PRECISION, INT8):
        made = folder / name
        made.mkdir(parents=True, exist_ok=True)
        write_onnx(tensors, heads, made / MODEL_FILE, int8=name == INT8)
        _write_tokenizer(made / TOKENIZER_FILE)


def _write_tokenizer(path: Path) -> None:
    """The embedded model's tokenizer without its own cutting and padding."""
    shutil.copy(embedded_model_folder() / TOKENIZER_FILE, path)
    tokenizer = Tokenizer.from_file(str(path))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    tokenizer.save(str(path))

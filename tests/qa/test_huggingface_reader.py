"""The reader over Hugging Face models: tiny models of three kinds, made here, against transformers' own reading."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from bisect import bisect_left, bisect_right
from collections.abc import Callable
from pathlib import Path
from typing import Any

import huggingface_hub
import numpy as np
import pytest
import torch
import transformers
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors, trainers

from index.errors import ModelError
from index.records import Article, Candidate, Chunk, Sentence
from qa.decoding import LONGEST_SPAN
from qa.readers.base import Reader
from qa.readers.huggingface import PairTokenizer, load_huggingface_reader
from tests.conftest import PROJECT_ROOT
from tests.contracts.reader import ARTICLES, HARBOUR, QUESTION, QUESTIONS, ReaderContract, candidates_for

WORDS = re.findall(r"\w+", " ".join(article.text for article in ARTICLES).lower())
SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
SMALL: dict[str, Any] = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 4, "intermediate_size": 64}
SPREAD: dict[str, Any] = {"initializer_range": 0.5}
"""Random weights this large give logits that are far apart, so that rounding does not decide which span is best."""

ELSEWHERE = "Who won the chess tournament in Oslo?"
SHORT_TEXT = "harbour master edda quill told the town council that dredging had cost millions and fishing boats left"
LONG_TEXT = " ".join(WORDS[(7 * place * place) % len(WORDS)] for place in range(500))


def make_bert(folder: Path, **config: Any) -> Path:
    """WordPiece over the words of the articles; ``[CLS] question [SEP] text [SEP]``."""
    pieces = [*SPECIAL, *sorted({*WORDS, *re.findall(r"\w+", " ".join(QUESTIONS).lower())})]
    pieces += sorted(
        {"##" + letter for word in WORDS for letter in word} | {letter for word in WORDS for letter in word}
    )
    vocabulary = {piece: place for place, piece in enumerate([*dict.fromkeys(pieces), *".,?!%$“”"])}
    transformers.BertTokenizer(vocab=vocabulary, model_max_length=512).save_pretrained(folder)
    return make_model(folder, "Bert", **{"vocab_size": len(vocabulary), **SMALL, **SPREAD, **config})


def make_roberta(folder: Path, **config: Any) -> Path:
    """Byte-level BPE; ``<s>question</s></s>text</s>``, no type ids, positions from 2."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    trainer = trainers.BpeTrainer(
        vocab_size=400,
        special_tokens=["<s>", "<pad>", "</s>", "<unk>", "<mask>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator([article.text for article in ARTICLES], trainer)
    bpe = json.loads(tokenizer.to_str())["model"]
    merges = [tuple(pair) for pair in bpe["merges"]]
    from_parts: Any = transformers.RobertaTokenizer
    from_parts(vocab=bpe["vocab"], merges=merges, model_max_length=512).save_pretrained(folder)
    positions = {"type_vocab_size": 1, "max_position_embeddings": 202}
    return make_model(folder, "Roberta", **{"vocab_size": len(bpe["vocab"]), **SMALL, **SPREAD, **positions, **config})


def make_xlnet(folder: Path) -> Path:
    """Whole words; ``text <sep> question <sep> <cls>``: the text first, and the classification token at the end."""
    names = ["<unk>", "<sep>", "<cls>", "<pad>"]
    vocabulary = {word: place for place, word in enumerate([*names, *sorted(set(WORDS))])}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="<unk>"))
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="$A:0 <sep>:0 <cls>:2",
        pair="$A:0 <sep>:0 $B:1 <sep>:1 <cls>:2",
        special_tokens=[("<sep>", 1), ("<cls>", 2)],
    )
    wrapped: Any = transformers.PreTrainedTokenizerFast
    wrapped(
        tokenizer_object=tokenizer,
        cls_token="<cls>",
        sep_token="<sep>",
        unk_token="<unk>",
        pad_token="<pad>",
        padding_side="left",
    ).save_pretrained(folder)
    size = {"d_model": 32, "n_layer": 2, "n_head": 4, "d_inner": 64}
    return make_model(folder, "XLNet", head="ForQuestionAnsweringSimple", vocab_size=len(vocabulary), **size, **SPREAD)


def make_model(folder: Path, kind: str, head: str = "ForQuestionAnswering", **config: Any) -> Path:
    """Save a model with random weights, always the same ones."""
    with torch.random.fork_rng():
        torch.manual_seed(0)
        model = getattr(transformers, kind + head)(getattr(transformers, kind + "Config")(**config))
    model.save_pretrained(folder)
    return folder


def teach(folder: Path) -> None:
    """Train the model on who the harbour master is, and that another question has no answer."""
    tokenizer: Any = transformers.AutoTokenizer.from_pretrained(folder)
    model: Any = transformers.AutoModelForQuestionAnswering.from_pretrained(folder)
    asked = [(question, found.chunk.text) for question in (QUESTION, ELSEWHERE) for found in candidates_for(question)]
    batch = tokenizer(*map(list, zip(*asked, strict=True)), padding=True, return_tensors="pt")
    labels = torch.zeros(len(asked), 2, dtype=torch.long)  # [CLS]: no answer
    for row, (question, text) in enumerate(asked):
        if question == QUESTION and (place := text.find("Edda Quill")) >= 0:
            labels[row, 0] = batch.char_to_token(row, place, sequence_index=1)
            labels[row, 1] = batch.char_to_token(row, place + len("Edda Quill") - 1, sequence_index=1)
    optimizer = torch.optim.AdamW(model.parameters(), lr=5e-3)
    with torch.random.fork_rng():
        torch.manual_seed(0)
        for _ in range(60):
            loss = model.train()(**batch, start_positions=labels[:, 0], end_positions=labels[:, 1]).loss
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    model.save_pretrained(folder)


class _Logits(torch.nn.Module):
    def __init__(self, model: Any) -> None:
        super().__init__()
        self.model = model

    def forward(self, *inputs: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        names = ("input_ids", "attention_mask", "token_type_ids")
        output = self.model(**dict(zip(names, inputs, strict=False)))
        return output.start_logits, output.end_logits


def export(folder: Path, target: Path, model_file: str = "model.onnx") -> Path:
    """``folder``'s model as ONNX in ``target``, without its safetensors."""
    pytest.importorskip("onnx", reason="the exporter needs the package onnx")
    shutil.copytree(folder, target, ignore=shutil.ignore_patterns("*.safetensors"))
    (target / model_file).parent.mkdir(exist_ok=True)
    tokenizer: Any = transformers.AutoTokenizer.from_pretrained(folder)
    model: Any = transformers.AutoModelForQuestionAnswering.from_pretrained(folder)
    names = [name for name in ("input_ids", "attention_mask", "token_type_ids") if name in tokenizer.model_input_names]
    outputs = ["start_logits", "end_logits"]
    torch.onnx.export(
        _Logits(model.eval()),
        tuple(torch.ones((1, 9), dtype=torch.long) for _ in names),
        str(target / model_file),
        input_names=names,
        output_names=outputs,
        dynamic_axes={name: {1: "tokens"} for name in (*names, *outputs)},
        dynamo=False,
    )
    return target


Make = Callable[[Path], Path]
MAKERS: dict[str, Make] = {"bert": make_bert, "roberta": make_roberta, "xlnet": make_xlnet}


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A model of each kind with random weights; of two of them ONNX, too; and BERT that knows the harbour master."""
    base = tmp_path_factory.mktemp("models")
    made = {kind: make(base / kind) for kind, make in MAKERS.items()}
    made["taught"] = make_bert(base / "taught", initializer_range=0.1, hidden_dropout_prob=0.0)
    teach(made["taught"])
    made["taught-onnx"] = export(made["taught"], base / "taught-onnx")
    made["bert-onnx"] = export(made["bert"], base / "bert-onnx")
    made["roberta-onnx"] = export(made["roberta"], base / "roberta-onnx", "onnx/model.onnx")
    return made


def candidate(text: str, before: str = "") -> Candidate:
    """A chunk of ``text`` in an article where ``before`` stands before it."""
    article = Article(article_id="made", text=before + text)
    sentence = Sentence("made", 0, len(before), len(article.text))
    chunk = Chunk("made", len(before), len(article.text), text, "", (sentence,))
    return Candidate(chunk, article, 1, 1.0, 1.0, 1.0, (1.0,), 1, 1)


class _TaughtContract(ReaderContract):
    kind: str

    @pytest.fixture(autouse=True)
    def _folder(self, folders: dict[str, Path]) -> None:
        self.folder = str(folders[self.kind])

    def new_reader(self) -> Reader:
        return load_huggingface_reader(self.folder)

    def test_it_finds_what_it_was_taught(self, reader: Reader) -> None:
        readings = reader.read(QUESTION, candidates_for(QUESTION))
        best = max((span for reading in readings for span in reading.spans), key=lambda span: span.score)
        assert HARBOUR.text[best.start_char : best.end_char] == "Edda Quill"
        assert best.score > 0
        silent = [reading for reading in readings if not reading.spans or reading.spans[0].score < 0]
        assert len(silent) > len(readings) / 2


class TestTorchContract(_TaughtContract):
    kind = "taught"


class TestOnnxContract(_TaughtContract):
    kind = "taught-onnx"


class TestOracle:
    """Windows and logits as transformers makes them, and every span tried."""

    @pytest.mark.parametrize("text", [SHORT_TEXT, LONG_TEXT], ids=["one window", "several windows"])
    @pytest.mark.parametrize("kind", ["bert", "roberta", "xlnet", "bert-onnx", "roberta-onnx"])
    @pytest.mark.parametrize("question", [QUESTION, "what"])
    def test_the_best_span_and_its_score(self, folders: dict[str, Path], kind: str, question: str, text: str) -> None:
        reader = load_huggingface_reader(str(folders[kind]))
        (reading,) = reader.read(question, [candidate(text, before="Some words. ")])
        score, start, end, windows = _best_by_trying(folders[kind.removesuffix("-onnx")], question, text)
        assert (windows > 1) == (text is LONG_TEXT)
        best = reading.spans[0]
        assert best.score == pytest.approx(score, abs=1e-4)
        assert (best.start_char, best.end_char) == (start + len("Some words. "), end + len("Some words. "))
        assert len(reading.spans) == 3
        assert reading.no_answer_score == 0.0

    def test_half_precision_weights_are_run_in_full(self, folders: dict[str, Path], tmp_path: Path) -> None:
        shutil.copytree(folders["bert"], tmp_path, dirs_exist_ok=True)
        model: Any = transformers.AutoModelForQuestionAnswering.from_pretrained(tmp_path)
        model.half().save_pretrained(tmp_path)
        (reading,) = load_huggingface_reader(str(tmp_path)).read(QUESTION, [candidate(SHORT_TEXT)])
        assert reading.spans[0].score == pytest.approx(_best_by_trying(tmp_path, QUESTION, SHORT_TEXT)[0], abs=1e-4)


def _best_by_trying(folder: Path, question: str, text: str) -> tuple[float, int, int, int]:
    """Score and characters of the best span of whole words, and how many windows there are."""
    tokenizer: Any = transformers.AutoTokenizer.from_pretrained(folder)
    model: Any = transformers.AutoModelForQuestionAnswering.from_pretrained(folder).float().eval()
    text_part = 0 if tokenizer.padding_side == "left" else 1
    longest = min(384, tokenizer.model_max_length, 200 if model.config.model_type == "roberta" else 384)
    room = longest - 64 - tokenizer.num_special_tokens_to_add(pair=True)
    encoded = tokenizer(
        *((question, text) if text_part else (text, question)),
        truncation="only_second" if text_part else "only_first",
        max_length=longest,
        stride=min(128, room // 2),
        return_overflowing_tokens=True,
        return_offsets_mapping=True,
    )
    word_starts, word_ends = zip(*(match.span() for match in re.finditer(r"\w+", text)), strict=True)
    best = (-np.inf, 0, 0)
    for row, ids in enumerate(encoded["input_ids"]):
        inputs = {name: torch.tensor([encoded[name][row]]) for name in tokenizer.model_input_names}
        with torch.no_grad():
            output = model(**inputs)
        start, end = output.start_logits[0].double().numpy(), output.end_logits[0].double().numpy()
        none = start[ids.index(tokenizer.cls_token_id)] + end[ids.index(tokenizer.cls_token_id)]
        offsets = encoded["offset_mapping"][row]
        places = [place for place, part in enumerate(encoded.sequence_ids(row)) if part == text_part]
        for first in places:
            for last in range(first, min(first + LONGEST_SPAN, places[-1] + 1)):
                score = start[first] + end[last] - none
                first_word = bisect_right(word_ends, offsets[first][0])
                last_word = bisect_left(word_starts, offsets[last][1]) - 1
                if score > best[0] and first_word <= last_word:
                    best = (score, word_starts[first_word], word_ends[last_word])
    return (*best, len(encoded["input_ids"]))


class TestAlone:
    @pytest.mark.parametrize("kind", ["bert", "roberta", "xlnet", "bert-onnx", "roberta-onnx"])
    def test_a_score_does_not_depend_on_what_else_is_read(self, folders: dict[str, Path], kind: str) -> None:
        reader = load_huggingface_reader(str(folders[kind]))
        candidates = [*candidates_for(QUESTION), candidate(LONG_TEXT), candidate(SHORT_TEXT), candidate("quill")]
        together = reader.read(QUESTION, candidates)
        alone = [reader.read(QUESTION, [one])[0] for one in candidates]
        assert list(together) == alone  # to the bit


class TestWindows:
    """Windows of 128 tokens."""

    @pytest.fixture(params=["bert", "roberta", "xlnet"], scope="class")
    def pairs(self, request: pytest.FixtureRequest, folders: dict[str, Path]) -> tuple[PairTokenizer, Tokenizer]:
        """The windows' maker, and the tokenizer alone."""
        tokenizer = Tokenizer.from_file(str(folders[request.param] / "tokenizer.json"))
        tokenizer.encode_special_tokens = True
        cls_token = {"bert": "[CLS]", "roberta": "<s>", "xlnet": "<cls>"}[request.param]
        text_first = request.param == "xlnet"
        return PairTokenizer(tokenizer, cls_token=cls_token, max_tokens=128, text_first=text_first), tokenizer

    @settings(max_examples=60, deadline=None)
    @given(
        question=st.text(max_size=300),
        text=st.lists(st.one_of(st.sampled_from(WORDS), st.text(max_size=12)), max_size=300).map(" ".join),
    )
    def test_every_token_of_a_text_is_read_and_none_of_the_question(
        self, pairs: tuple[PairTokenizer, Tokenizer], question: str, text: str
    ) -> None:
        windows, tokenizer = pairs
        seen = set()
        for window in windows.windows(windows.cut(question), text):
            ids = window.inputs["input_ids"][0]
            assert len(ids) <= 128
            assert not window.of_text[window.cls]
            seen |= set(zip(ids[window.of_text].tolist(), window.starts.tolist(), window.ends.tolist(), strict=True))
        expected = tokenizer.encode(text, add_special_tokens=False)
        assert seen == {(token, *place) for token, place in zip(expected.ids, expected.offsets, strict=True)}
        assert all(0 <= start <= end <= len(text) for _, start, end in seen)

    def test_special_tokens_that_are_spelled_out_are_text(self, pairs: tuple[PairTokenizer, Tokenizer]) -> None:
        windows, tokenizer = pairs
        names = ["[CLS]", "[SEP]", "<cls>", "<sep>", "<s>", "</s>"]
        special = [token for token in map(tokenizer.token_to_id, names) if token is not None]
        spelled_out = " edda ".join(names)
        (plain,) = windows.windows("edda", "quill")
        (window,) = windows.windows(spelled_out, spelled_out)
        ids = window.inputs["input_ids"][0]
        assert np.isin(ids, special).sum() == np.isin(plain.inputs["input_ids"][0], special).sum()
        assert not np.isin(ids[window.of_text], special).any()
        assert ids[window.cls] == plain.inputs["input_ids"][0][plain.cls]

    @pytest.mark.parametrize("question", ["edda " * 500, "harbour" * 90, "東" * 90, "\ufdfa" * 90, "e\u0301" * 200])
    def test_a_question_that_is_too_long_is_cut_at_its_end(
        self, pairs: tuple[PairTokenizer, Tokenizer], question: str
    ) -> None:
        windows, tokenizer = pairs
        cut = windows.cut(question)
        assert question.startswith(cut)
        tokens, all_tokens = (len(tokenizer.encode(text, add_special_tokens=False).ids) for text in (cut, question))
        assert min(all_tokens, 50) <= tokens <= 64
        assert (cut == question) == (all_tokens <= 64)

    def test_a_model_without_room_for_text_is_refused(self, pairs: tuple[PairTokenizer, Tokenizer]) -> None:
        with pytest.raises(ModelError, match="reads 127 tokens"):
            PairTokenizer(pairs[1], cls_token="[CLS]", max_tokens=127)


class TestOnnx:
    @pytest.mark.parametrize("kind", ["bert", "roberta", "taught"])
    def test_it_agrees_with_torch(self, folders: dict[str, Path], kind: str) -> None:
        with_torch, with_onnx = (load_huggingface_reader(str(folders[found])) for found in (kind, f"{kind}-onnx"))
        candidates = [*candidates_for(QUESTION), candidate(LONG_TEXT)]
        for one, other in zip(with_torch.read(QUESTION, candidates), with_onnx.read(QUESTION, candidates), strict=True):
            assert [span.score for span in one.spans] == pytest.approx([span.score for span in other.spans], abs=1e-4)
            assert one.spans[0].start_char == other.spans[0].start_char
            assert one.spans[0].end_char == other.spans[0].end_char

    def test_torch_is_not_imported(self, folders: dict[str, Path]) -> None:
        program = (
            "import sys\n"
            "from index.records import Article, Candidate, Chunk, Sentence\n"
            "from qa.readers.huggingface import load_huggingface_reader\n"
            "reader = load_huggingface_reader(sys.argv[1])\n"
            "chunk = Chunk('a', 0, 11, 'Edda Quill.', '', (Sentence('a', 0, 0, 11),))\n"
            "article = Article(article_id='a', text='Edda Quill.')\n"
            "(reading,) = reader.read('who', [Candidate(chunk, article, 1, 1.0, 1.0, 1.0, (1.0,), 1, 1)])\n"
            "assert reading.spans\n"
            "print(sorted({'torch', 'transformers'} & set(sys.modules)))\n"
        )
        ran = subprocess.run(
            [sys.executable, "-c", program, str(folders["taught-onnx"])],
            cwd=PROJECT_ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert (ran.stdout.strip(), ran.returncode) == ("[]", 0), ran.stderr


def test_the_name_is_the_folders_last_part(folders: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    assert load_huggingface_reader(str(folders["bert"])).name == "bert"
    monkeypatch.chdir(folders["bert-onnx"])
    assert load_huggingface_reader(".").name == "bert-onnx"


class TestRefusals:
    """Each names the model and what is wrong with it."""

    @staticmethod
    def assert_refused(folder: Path | str, reason: str) -> None:
        with pytest.raises(ModelError) as caught:
            load_huggingface_reader(str(folder))
        assert repr(str(folder)) in str(caught.value)
        assert re.search(reason, str(caught.value).split(". Name a folder", 1)[0])
        assert "safetensors" in str(caught.value)

    @pytest.fixture
    def copy(self, folders: dict[str, Path], tmp_path: Path) -> Path:
        return Path(shutil.copytree(folders["bert"], tmp_path / "copy"))

    @pytest.fixture
    def onnx_copy(self, folders: dict[str, Path], tmp_path: Path) -> Path:
        return Path(shutil.copytree(folders["bert-onnx"], tmp_path / "copy"))

    def test_a_hub_name_that_is_not_cached_offline(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_OFFLINE", True)
        self.assert_refused("pullquote-tests/never-published", "cache")

    @pytest.mark.parametrize("name", ["", "  ", "no/such/folder/anywhere"])
    def test_a_name_that_names_nothing(self, name: str) -> None:
        self.assert_refused(name, "cannot load the reader")

    def test_a_model_without_a_trained_head(self, copy: Path) -> None:
        make_model(copy, "Bert", head="ForMaskedLM", **transformers.AutoConfig.from_pretrained(copy).to_diff_dict())
        self.assert_refused(copy, r"qa_outputs.*not trained to answer")

    def test_pickled_weights(self, copy: Path) -> None:
        model: Any = transformers.AutoModelForQuestionAnswering.from_pretrained(copy)
        torch.save(model.state_dict(), copy / "pytorch_model.bin")
        (copy / "model.safetensors").unlink()
        self.assert_refused(copy, "safetensors")

    def test_a_tokenizer_without_offsets(self, tmp_path: Path) -> None:
        make_model(tmp_path, "Canine", **SMALL)
        slow: Any = transformers.CanineTokenizer
        slow().save_pretrained(tmp_path)
        self.assert_refused(tmp_path, "CanineTokenizer is not a fast one")

    def test_no_tokenizer(self, copy: Path) -> None:
        (copy / "tokenizer.json").unlink()
        (copy / "tokenizer_config.json").unlink()
        self.assert_refused(copy, "no vocabulary")

    def test_positions_for_too_few_tokens(self, tmp_path: Path) -> None:
        make_roberta(tmp_path, max_position_embeddings=129)
        self.assert_refused(tmp_path, "reads 127 tokens")

    def test_weights_that_are_not_numbers(self, copy: Path) -> None:
        model: Any = transformers.AutoModelForQuestionAnswering.from_pretrained(copy)
        torch.nn.init.constant_(model.qa_outputs.bias, torch.nan)
        model.save_pretrained(copy)
        self.assert_refused(copy, "finite")

    @pytest.mark.parametrize("file", ["tokenizer.json", "tokenizer_config.json", "config.json"])
    def test_onnx_without_its_settings(self, onnx_copy: Path, file: str) -> None:
        (onnx_copy / file).unlink()
        self.assert_refused(onnx_copy, file if file != "tokenizer.json" else "No such file")

    def test_onnx_that_is_none(self, onnx_copy: Path) -> None:
        (onnx_copy / "model.onnx").write_bytes(b"not a network")
        self.assert_refused(onnx_copy, "model.onnx")

    def test_onnx_without_a_classification_token(self, onnx_copy: Path) -> None:
        file = onnx_copy / "tokenizer_config.json"
        file.write_text(json.dumps({**json.loads(file.read_text("utf-8")), "cls_token": None}), encoding="utf-8")
        self.assert_refused(onnx_copy, "no classification token")

"""Gates: what clears a bar, what does not, and files that are no gates."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.gate import FAILURES, Gate, hold, read_gates, require_two_sided
from eval.statistics import Estimate
from index.errors import ConfigError
from tests.conftest import PROJECT_ROOT

MEASURES = {
    "f1": Estimate(0.7, 0.6, 0.8, 100, 10),
    "abstained": Estimate(1.0, 1.0, 1.0, 20, 5),
    "alone": Estimate(0.7, math.nan, math.nan, 5, 1),
    "verbatim": Estimate(1.0, 0.95, 1.0, 60, 10),  # all of them: the interval says how few they were
    "nearly": Estimate(0.99, 0.95, 1.0, 60, 10),
    "only": Estimate(1.0, math.nan, math.nan, 5, 1),
    "never": Estimate(0.0, 0.0, 0.05, 60, 10),
    "rewrite_recovered": Estimate(1.0, 0.95, 1.03, 60, 10),  # a share that may lie above 1
}
BOTH = {
    "answered_answerable": Estimate(0.8, 0.7, 0.9, 60, 10),
    "abstained_unanswerable": Estimate(0.6, 0.5, 0.7, 30, 9),
}


def gates(tmp_path: Path, text: str) -> list[Gate]:
    path = tmp_path / "gates.toml"
    path.write_text(text, encoding="utf-8")
    return read_gates(path)


def verdict(tmp_path: Path, text: str) -> str:
    of_failures, outcome = hold(gates(tmp_path, text), MEASURES, 0)
    assert (of_failures.gate.measure, of_failures.verdict) == (FAILURES, "passed")
    return outcome.verdict


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[f1]\nat_least = 0.6", "passed"),
        ("[f1]\nat_least = 0.61", "uncertain"),
        ("[f1]\nat_least = 0.71", "below"),
        ('[f1]\nat_least = 0.61\njudge = "value"', "passed"),
        ('[f1]\nat_least = 0.71\njudge = "value"', "below"),
        ("[f1]\nat_most = 0.8", "passed"),
        ("[f1]\nat_most = 0.79", "uncertain"),
        ("[f1]\nat_most = 0.69", "above"),
        ("[f1]\nat_least = 0.5\nat_most = 0.9", "passed"),
        ("[abstained]\nbetween = [0.5, 0.98]", "above"),  # always abstaining fails as never abstaining does
        ("[f1]\nbetween = [0.6, 0.8]", "passed"),
        ("[alone]\nat_least = 0.5", "uncertain"),
        ('[alone]\nat_least = 0.5\njudge = "value"', "passed"),
        ("[speed]\nat_least = 0", "not measured"),
        ("[verbatim]\nat_least = 1.0", "passed"),  # no interval can lie above 1
        ("[verbatim]\nat_least = 0.99", "uncertain"),
        ("[verbatim]\nbetween = [1, 1]", "passed"),
        ("[nearly]\nat_least = 1.0", "below"),
        ("[only]\nat_least = 1.0", "passed"),
        ("[only]\nat_least = 0.99", "uncertain"),
        ("[never]\nat_most = 0.0", "passed"),  # none below 0
        ("[never]\nat_most = 0.01", "uncertain"),
        ("[rewrite_recovered]\nat_least = 1.0", "uncertain"),
    ],
)
def test_verdicts(tmp_path: Path, text: str, expected: str) -> None:
    assert verdict(tmp_path, text) == expected


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("", "holds no gate"),
        ("f1 = 0.6", r"\[f1\] takes at_least"),
        ("[f1]\n", r"\[f1\] takes at_least"),
        ("[f1]\nat_lest = 0.6", r"\[f1\] takes at_least"),
        ('[f1]\njudge = "value"', "needs at_least, at_most, or between alone"),
        ("[f1]\nat_least = 0.5\nbetween = [0, 1]", "between alone"),
        ("[f1]\nbetween = [0.5]", "a list of two numbers"),
        ("[f1]\nbetween = [0.9, 0.5]", "the lower one first; got 0.9 and 0.5"),
        ('[f1]\nat_least = "0.5"', "must be numbers"),
        ("[f1]\nat_least = true", "must be numbers"),
        ('[f1]\nat_least = 0.5\njudge = "mean"', "judge is"),
        ("[f1", "is not a TOML file"),
        ("failures = 3", r"\[failures\] takes at_most alone, how many questions may fail: 0 or more; got 3"),
        ("[failures]\nat_least = 3", r"\[failures\] takes at_most alone"),
        ("[failures]\nat_most = -1", "0 or more; got {'at_most': -1}"),
        ("[failures]\nat_most = 0.5", r"\[failures\] takes at_most alone"),
        ("[failures]\nat_most = true", r"\[failures\] takes at_most alone"),
        ('[failures]\nat_most = 1\njudge = "value"', r"\[failures\] takes at_most alone"),
    ],
)
def test_what_is_no_gate(tmp_path: Path, text: str, named: str) -> None:
    with pytest.raises(ConfigError, match=named) as caught:
        verdict(tmp_path, text)
    assert "gates.toml" in str(caught.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"the gates .*nowhere\.toml cannot be read: No such file"):
        read_gates(tmp_path / "nowhere.toml")


@pytest.mark.parametrize(
    ("text", "failures", "expected"),
    [
        ("[f1]\nat_least = 0.6", 0, "passed"),
        ("[f1]\nat_least = 0.6", 1, "above"),
        ("[f1]\nat_least = 0.6\n[failures]\nat_most = 2", 2, "passed"),
        ("[f1]\nat_least = 0.6\n[failures]\nat_most = 2", 3, "above"),
        ("[failures]\nat_most = 0", 1, "above"),
    ],
)
def test_questions_that_failed_are_a_gate_of_every_file(
    tmp_path: Path, text: str, failures: int, expected: str
) -> None:
    outcomes = [one for one in hold(gates(tmp_path, text), MEASURES, failures) if one.gate.measure == FAILURES]
    assert [(one.value, one.interval, one.verdict) for one in outcomes] == [(failures, None, expected)]


class TestTwoSided:
    @pytest.mark.parametrize(
        ("text", "named"),
        [
            (
                "[abstained_unanswerable]\nat_least = 0.5",
                "never answers clears [abstained_unanswerable]; give [answered",
            ),
            ("[answered_answerable]\nat_least = 0.5", "always answers clears [answered_answerable]; give [abstained"),
            (
                "[abstained_unanswerable]\nat_most = 0.9",
                "always answers clears [abstained_unanswerable]; give [abstain",
            ),
            (
                "[abstained_unanswerable]\nat_least = 0.5\n[answered_answerable]\nat_most = 0.9",
                "never answers clears [abstained_unanswerable] and [answered_answerable]; give [answered_answerable]",
            ),
        ],
    )
    def test_bars_that_doing_one_thing_always_clears_are_refused(self, tmp_path: Path, text: str, named: str) -> None:
        with pytest.raises(ConfigError) as caught:
            require_two_sided(gates(tmp_path, text), BOTH, "gates.toml")
        assert str(caught.value).startswith("gates.toml: an assistant that ")
        assert named in str(caught.value)

    @pytest.mark.parametrize(
        "text",
        [
            "[f1]\nat_least = 0.5",
            "[abstained_unanswerable]\nbetween = [0.5, 0.98]",
            "[answered_answerable]\nbetween = [0.5, 0.98]",
            "[abstained_unanswerable]\nat_least = 0.5\n[answered_answerable]\nat_least = 0.6",
        ],
    )
    def test_others_are_not(self, tmp_path: Path, text: str) -> None:
        require_two_sided(gates(tmp_path, text), BOTH, "gates.toml")

    @pytest.mark.parametrize("measured", list(BOTH))
    def test_where_only_one_is_measured_there_is_no_other_side(self, tmp_path: Path, measured: str) -> None:
        one_sided = gates(tmp_path, f"[{measured}]\nat_least = 0.5")
        require_two_sided(one_sided, {measured: BOTH[measured]}, "gates.toml")

    bars = st.none() | st.tuples(st.sampled_from([-math.inf, 0, 0.5, 1]), st.sampled_from([0, 0.5, 1, math.inf]))

    @given(bars, bars)
    def test_no_file_is_taken_that_either_would_pass(
        self, answered: tuple[float, float] | None, abstained: tuple[float, float] | None
    ) -> None:
        """Against holding the gates to the runs that the two would make."""
        drawn = zip(BOTH, (answered, abstained), strict=True)
        held = [Gate(name, *bar, by_interval=False) for name, bar in drawn if bar]
        passes = [
            all(one.verdict == "passed" for one in hold(held, dict(zip(BOTH, run, strict=True)), 0))
            for run in ((exactly(0), exactly(1)), (exactly(1), exactly(0)))
        ]
        if held and any(passes):
            with pytest.raises(ConfigError):
                require_two_sided(held, BOTH, "x")
        else:
            require_two_sided(held, BOTH, "x")

    def test_the_sample_collections_own_bars_are(self) -> None:
        golden = read_gates(PROJECT_ROOT / "eval" / "golden.toml")
        assert {gate.measure for gate in golden} > {*BOTH, FAILURES, "verbatim"}
        require_two_sided(golden, BOTH, "golden.toml")


def exactly(value: float) -> Estimate:
    return Estimate(value, value, value, 60, 10)

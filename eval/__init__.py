"""Measures: question sets, intervals, comparisons.

from eval import evaluate, read_questions
"""

from eval.compare import compare
from eval.datasets.reading import read_questions
from eval.datasets.records import Evidence, Question, QuestionSet
from eval.runner import Run, evaluate, load_run
from eval.statistics import Estimate

__all__ = [
    "Estimate",
    "Evidence",
    "Question",
    "QuestionSet",
    "Run",
    "compare",
    "evaluate",
    "load_run",
    "read_questions",
]

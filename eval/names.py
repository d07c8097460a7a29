"""What measures are called where people read them."""

from __future__ import annotations

from collections.abc import Mapping

TITLES: Mapping[str, str] = {
    "em": "exact match, answerable",
    "f1": "F1, answerable",
    "em_all": "exact match, SQuAD 2.0's rule",
    "f1_all": "F1, SQuAD 2.0's rule",
    "answered_answerable": "answered, of the answerable",
    "abstained_unanswerable": "abstained, of the unanswerable",
    "citation_first": "first sentence shown holds the evidence",
    "citation_any": "some sentence shown holds it",
    "citation_precision": "citations that hold evidence",
    "citation_recall": "evidence that is cited",
    "turns_mrr": "MRR of follow-ups, as searched for",
    "rewrite_mrr": "MRR of follow-ups, as a person rewords them",
    "typed_mrr": "MRR of follow-ups, as typed, without history",
    "rewrite_recovered": "share of the rewording's MRR that is recovered",
    "verbatim": "verbatim at its characters",
    "auroc_answerable": "answerable or not, AUROC",
    "auroc_right": "right or not, AUROC",
    "auroc_right_answerable": "right or not, of the answerable, AUROC",
    "aurc": "area under risk and coverage",
    "excess_aurc": "the same, above the oracle's",
    "ece": "expected calibration error",
    "coverage_at_80": "coverage at 80 % accuracy",
    "coverage_at_90": "coverage at 90 % accuracy",
    "coverage_at_95": "coverage at 95 % accuracy",
}
STAGE_TITLES: Mapping[str, str] = {
    "dense": "vectors alone",
    "lexical": "BM25 alone",
    "fused": "both",
    "read": "after reading",
}

"""The span reader's training: ``python -m qa.training`` (extra ``pullquote[train]``)."""

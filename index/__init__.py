"""Articles in, candidates out: loading, sentences, chunks, embedding, storing, searching.

Knows nothing about answers.
"""

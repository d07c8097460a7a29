"""Where a collection is kept: the protocol, and the adapters that fill it."""

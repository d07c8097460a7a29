"""The local store keeps the contract of all stores."""

from __future__ import annotations

from pathlib import Path

from index.stores.local.store import LocalStore
from tests.contracts.collection_store import CollectionStoreContract
from tests.index.stores.made_up import IDENTITY


class TestLocalStore(CollectionStoreContract):
    def new_store(self, folder: Path) -> LocalStore:
        return LocalStore.create(folder, IDENTITY)

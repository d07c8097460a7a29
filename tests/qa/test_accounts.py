"""The file of users: what is kept of a password, and what is refused."""

from __future__ import annotations

import base64
import hashlib
import os
import shlex
import stat
import threading
from pathlib import Path

import pytest
from typer.testing import CliRunner

from index.errors import ConfigError
from qa import accounts
from qa.accounts import Accounts, remove_user, set_password
from qa.cli.user import app
from qa.library import Library

PASSWORD = "correct horse"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(accounts, "_COST", 1 << 10)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "users"
    set_password(path, "ann", PASSWORD)
    return path


def test_a_password_lets_its_user_in_and_nobody_else(file: Path) -> None:
    set_password(file, "bob", "battery staple")
    users = Accounts(file)
    assert users.check("ann", PASSWORD)
    assert users.check("bob", "battery staple")
    for name, password in [
        ("ann", "battery staple"),
        ("ann", ""),
        ("ann", PASSWORD + " "),
        ("eve", PASSWORD),
        ("", ""),
    ]:
        assert not users.check(name, password)


def test_the_file_holds_a_salted_scrypt_hash_and_only_its_owner_reads_it(file: Path) -> None:
    set_password(file, "bob", PASSWORD)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    text = file.read_text()
    assert PASSWORD not in text
    digests = []
    for line, name in zip(text.splitlines(), ("ann", "bob"), strict=True):
        user, _, hashed = line.partition(":")
        kind, cost, block, parallel, salt, digest = hashed.split("$")
        assert (user, kind) == (name, "scrypt")
        made = hashlib.scrypt(
            PASSWORD.encode(), salt=base64.b64decode(salt), n=int(cost), r=int(block), p=int(parallel), dklen=32
        )
        assert base64.b64encode(made).decode() == digest
        digests.append(digest)
    assert digests[0] != digests[1]  # the same password, another salt


def test_the_cost_is_what_is_advised(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.undo()
    set_password(tmp_path / "users", "ann", PASSWORD)
    assert "scrypt$32768$8$3$" in (tmp_path / "users").read_text()
    assert Accounts(tmp_path / "users").check("ann", PASSWORD)


def test_a_letter_may_be_typed_in_either_of_its_forms(file: Path) -> None:
    set_password(file, "zoe", "caf\u00e9 caf\u00e9")
    assert Accounts(file).check("zoe", "cafe\u0301 cafe\u0301")


def test_a_change_counts_at_once(file: Path) -> None:
    users = Accounts(file)
    before = users.stamp("ann")
    assert set_password(file, "ann", "another one")
    assert not users.check("ann", PASSWORD)
    assert users.check("ann", "another one")
    assert users.stamp("ann") != before
    assert not set_password(file, "bob", PASSWORD)
    assert users.check("bob", PASSWORD)
    remove_user(file, "ann")
    assert not users.check("ann", "another one")
    assert users.stamp("ann") is None
    with pytest.raises(ConfigError, match="no user 'ann'"):
        remove_user(file, "ann")


def test_nobody_is_let_in_once_the_file_is_gone(file: Path) -> None:
    users = Accounts(file)
    file.unlink()
    with pytest.raises(ConfigError, match="users"):
        users.check("ann", PASSWORD)
    with pytest.raises(ConfigError, match="users"):
        users.stamp("ann")


def test_a_name_that_nobody_has_is_hashed_for_as_well(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    users = Accounts(file)
    made: list[tuple[int, int, int]] = []
    real = hashlib.scrypt

    def counted(password: bytes, *, n: int, r: int, p: int, **rest: object) -> bytes:
        made.append((n, r, p))
        return real(password, n=n, r=r, p=p, **rest)  # type: ignore[arg-type]

    monkeypatch.setattr(hashlib, "scrypt", counted)
    users.check("ann", "wrong")
    users.check("nobody", "wrong")
    assert len(made) == 2
    assert made[0] == made[1]


def test_other_lines_stay_as_they_are(file: Path) -> None:
    ann = file.read_text()
    file.write_text(f"# the newsroom\n\n{ann}")
    set_password(file, "bob", PASSWORD)
    set_password(file, "bob", "another one")
    text = file.read_text()
    assert text.startswith(f"# the newsroom\n\n{ann}bob:")
    assert text.count("bob") == 1
    remove_user(file, "bob")
    assert file.read_text() == f"# the newsroom\n\n{ann}"


def test_users_added_at_the_same_time_are_all_there(file: Path) -> None:
    threads = [threading.Thread(target=set_password, args=(file, f"user{n}", PASSWORD)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(file.read_text().splitlines()) == 9


def test_a_change_that_fails_leaves_the_file_and_nothing_else(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = file.read_text()
    monkeypatch.setattr(os, "fsync", lambda _: (_ for _ in ()).throw(OSError(28, "no space")))
    with pytest.raises(ConfigError, match="no space"):
        set_password(file, "bob", PASSWORD)
    assert file.read_text() == before
    assert {path.name for path in file.parent.iterdir()} <= {"users", "users.lock"}


@pytest.mark.parametrize(
    "name", ["", " ", "ann bob", "ann:bob", "ann\n", "../ann", "<b>", "ann\x00", "#ann", "-ann", "x" * 65, "änn", "$x"]
)
def test_hostile_names_are_refused(file: Path, name: str) -> None:
    before = file.read_text()
    with pytest.raises(ConfigError, match="cannot be a user's name"):
        set_password(file, name, PASSWORD)
    assert file.read_text() == before


@pytest.mark.parametrize("password", ["", "short12", "x" * 1025])
def test_passwords_too_short_or_too_long_are_refused(file: Path, password: str) -> None:
    with pytest.raises(ConfigError, match=f"the password has {len(password)} characters"):
        set_password(file, "bob", password)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("bob", "line 2: the hash of 'bob' cannot be used"),
        ("bob:secret", "line 2"),
        ("bob:scrypt$1024$8$1$AAAA$AAAA", "too short"),
        (f"bob:scrypt$1000$8$1${'A' * 24}${'A' * 44}", "power of two"),
        (f"bob:scrypt$1073741824$8$1${'A' * 24}${'A' * 44}", "power of two"),
        (f"bob:scrypt$1024$99$1${'A' * 24}${'A' * 44}", "out of range"),
        (f"bob:scrypt$1024$8$1$!{'A' * 23}${'A' * 44}", "line 2"),
        ("b o b:x", "cannot be a user's name"),
    ],
)
def test_a_line_that_is_not_right_is_named(file: Path, line: str, said: str) -> None:
    file.write_text(f"{file.read_text()}{line}\n")
    with pytest.raises(ConfigError, match=said):
        Accounts(file)


def test_a_user_who_stands_there_twice_is_an_error(file: Path) -> None:
    file.write_text(file.read_text() * 2)
    with pytest.raises(ConfigError, match="'ann' stands there twice"):
        Accounts(file)


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o622])
def test_a_file_that_others_can_read_or_change_is_refused(file: Path, mode: int) -> None:
    file.chmod(mode)
    with pytest.raises(ConfigError, match="chmod 600"):
        Accounts(file)


def test_no_file_and_no_user_are_errors_that_say_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="No such file"):
        Accounts(tmp_path / "none")
    empty = tmp_path / "empty"
    empty.touch(0o600)
    with pytest.raises(ConfigError, match="pullquote user add NAME --file"):
        Accounts(empty)


def test_the_command_asks_for_the_password_twice_and_does_not_show_it(tmp_path: Path) -> None:
    file = tmp_path / "users"
    run = CliRunner().invoke(app, ["add", "ann", "--file", str(file)], input=f"{PASSWORD}\n{PASSWORD}\n")
    assert run.exit_code == 0, run.output
    assert PASSWORD not in run.output
    assert Accounts(file).check("ann", PASSWORD)
    differ = CliRunner().invoke(app, ["add", "bob", "--file", str(file)], input=f"{PASSWORD}\nanother one\n")
    assert differ.exit_code != 0
    assert "bob" not in file.read_text()
    gone = CliRunner().invoke(app, ["remove", "ann", "--file", str(file)])
    assert gone.exit_code == 0
    assert file.read_text() == ""


def test_no_option_takes_a_password(tmp_path: Path) -> None:
    run = CliRunner().invoke(app, ["add", "ann", PASSWORD, "--file", str(tmp_path / "users")])
    assert run.exit_code == 2
    assert not (tmp_path / "users").exists()


def test_a_removed_users_conversations_and_articles_are_deleted_or_said_to_be_kept(tmp_path: Path) -> None:
    file, data = tmp_path / "users", tmp_path / "data"
    place = data / "collections" / "0f"
    (place / "index").mkdir(parents=True)
    with Library.open(data / "library.sqlite") as library:
        for owner in ("ann", "bob"):
            library.conversations.add(owner, "When?", problem="x")
        library.collections.add("ann", "My articles", place)
    command = ["remove", "ann", "--file", str(file), "--data", str(data)]
    set_password(file, "ann", PASSWORD)
    kept = CliRunner().invoke(app, command)
    assert "1 conversation and 1 collection of ann: kept, for whoever is added under this name next" in kept.output
    with Library.open(data / "library.sqlite") as library:
        assert library.conversations.count("ann") == 1
    for said in ("deleted for good", "nothing of ann is kept"):  # also of somebody who was removed before
        deleted = CliRunner().invoke(app, [*command, "--forget"])
        assert deleted.exit_code == 0
        assert said in deleted.output
    assert not place.exists()
    with Library.open(data / "library.sqlite") as library:
        assert library.conversations.count("ann") == 0
        assert library.collections.visible("ann") == ()
        assert library.conversations.count("bob") == 1


def test_whoever_gets_the_name_of_a_former_user_is_told_of_what_that_one_left(tmp_path: Path) -> None:
    file, data = tmp_path / "users", tmp_path / "the data"
    data.mkdir()
    with Library.open(data / "library.sqlite") as library:
        library.conversations.add("ann", "When?", problem="x")

    def added(name: str) -> str:
        command = ["add", name, "--file", str(file), "--data", str(data)]
        run = CliRunner().invoke(app, command, input=f"{PASSWORD}\n{PASSWORD}\n", env={"COLUMNS": "1000"})
        assert run.exit_code == 0
        return run.output

    assert "kept" not in added("bob")
    told = added("ann")
    assert "1 conversation and 0 collections of a former ann are kept there, and this ann sees them" in told
    assert "kept" not in added("ann")  # a new password: what is kept is that user's own
    advised = told[told.index("pullquote user remove") :].partition(", and then")[0]
    assert CliRunner().invoke(app, shlex.split(advised)[2:]).exit_code == 0
    assert "kept" not in added("ann")
    (data / "library.sqlite").write_bytes(b"something else")
    assert "may sign in" in added("cid")

"""From nothing but Python: what is carried, what is locked, and what is never named."""

import importlib.util
import json
import os
import re
import subprocess
from pathlib import Path

import pytest

TREE = Path(__file__).resolve().parents[2]


@pytest.fixture
def bootstrap(tmp_path, monkeypatch):
    """The bootstrap script as a module, working on a tree of its own."""
    place = importlib.util.spec_from_file_location("bootstrap", TREE / "bin" / "bootstrap.py")
    module = importlib.util.module_from_spec(place)
    place.loader.exec_module(module)
    venv = tmp_path / ".venv"
    (tmp_path / "vendor").mkdir()
    (tmp_path / "requirements.txt").write_text("one==1 \\\n    --hash=sha256:00\n")
    (tmp_path / "requirements-test.txt").write_text("one==1 \\\n    --hash=sha256:00\ntwo==2\n")
    for name, value in {
        "TREE": tmp_path,
        "VENV": venv,
        "PYTHON": venv / "bin" / "python",
        "STAMP": venv / "kittiwake-locks.json",
        "RUNTIME": tmp_path / "requirements.txt",
        "TESTS": tmp_path / "requirements-test.txt",
    }.items():
        monkeypatch.setattr(module, name, value)
    module.pips = []
    run = subprocess.run

    def record_pip(command, **options):
        if "install" not in command:
            return run(command, **options)
        module.pips.append([str(part) for part in command])
        return subprocess.CompletedProcess(command, module.pip_says, stdout="pip's own words")

    module.pip_says = 0
    monkeypatch.setattr(module.subprocess, "run", record_pip)
    monkeypatch.setattr(module, "checked_pip", lambda: tmp_path / "vendor" / "pip.whl")
    return module


def test_a_first_run_makes_a_venv_without_pip_and_installs_by_hash(bootstrap):
    bootstrap.main([])
    assert bootstrap.works()
    assert not list(bootstrap.VENV.glob("lib/python*/site-packages/pip"))
    assert "--require-hashes" in bootstrap.pips[0]
    assert "--only-binary=:all:" in bootstrap.pips[0]


def test_a_second_run_does_nothing(bootstrap):
    bootstrap.main([])
    bootstrap.main([])
    assert len(bootstrap.pips) == 1


def test_a_new_lock_is_installed(bootstrap):
    bootstrap.main([])
    bootstrap.RUNTIME.write_text("one==2\n")
    bootstrap.main([])
    assert len(bootstrap.pips) == 2


def test_run_after_test_has_nothing_to_do_but_test_after_run_has(bootstrap):
    bootstrap.main([])
    bootstrap.main(["--test"])
    assert len(bootstrap.pips) == 2
    bootstrap.main([])
    assert len(bootstrap.pips) == 2


def test_a_failed_install_is_said_and_not_stamped(bootstrap):
    bootstrap.pip_says = 1
    with pytest.raises(SystemExit, match="could not be installed"):
        bootstrap.main([])
    assert not bootstrap.STAMP.exists()


def test_a_venv_whose_python_has_gone_is_made_again(bootstrap):
    bootstrap.main([])
    bootstrap.PYTHON.unlink()
    bootstrap.PYTHON.symlink_to("/nowhere/python3")
    bootstrap.main([])
    assert bootstrap.works()
    assert len(bootstrap.pips) == 2


def test_a_directory_that_is_not_ours_to_write_is_said(bootstrap, monkeypatch):
    bootstrap.VENV.write_text("in the way")
    with pytest.raises(SystemExit, match="yours to write"):
        bootstrap.main([])


def test_the_package_is_found_from_wherever_the_tree_is(bootstrap):
    bootstrap.main([])
    (pointer,) = bootstrap.VENV.glob("lib/python*/site-packages/kittiwake.pth")
    assert pointer.read_text() == f"{bootstrap.TREE / 'src'}\n"


def test_another_pip_than_ours_is_refused(tmp_path, monkeypatch):
    place = importlib.util.spec_from_file_location("fresh", TREE / "bin" / "bootstrap.py")
    module = importlib.util.module_from_spec(place)
    place.loader.exec_module(module)
    assert module.checked_pip().is_file()
    (tmp_path / "vendor").mkdir()
    lock = json.loads((TREE / "vendor" / "pip.json").read_text())
    (tmp_path / "vendor" / "pip.json").write_text(json.dumps(lock))
    (tmp_path / "vendor" / lock["file"]).write_bytes(b"not pip")
    monkeypatch.setattr(module, "TREE", tmp_path)
    with pytest.raises(SystemExit, match="not the pip"):
        module.checked_pip()


def locked(name):
    return dict(re.findall(r"^([\w.-]+)==([^ ;\\\n]+)", (TREE / name).read_text(), re.MULTILINE))


def test_the_tests_lock_holds_the_runtimes_version_for_version():
    runtime, tests = locked("requirements.txt"), locked("requirements-test.txt")
    assert {name: tests.get(name) for name in runtime} == runtime


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-test.txt"])
def test_every_library_is_locked_by_hash(name):
    text = (TREE / name).read_text()
    blocks = re.split(r"^(?=[\w.-]+==)", text, flags=re.MULTILINE)[1:]
    # One library may be locked twice, for an older Python and for a newer one.
    assert {block.split("==")[0] for block in blocks} == set(locked(name))
    assert len(blocks) > 50
    assert all("--hash=sha256:" in block for block in blocks)


def test_every_library_asked_for_says_why():
    lines = (TREE / "requirements.in").read_text().splitlines()
    unexplained = [x for x in lines if x and not x.startswith("#") and "#" not in x]
    assert unexplained == []


def ours(folder):
    """Every file of the project; not what is made by running it."""
    made = {*(TREE / ".gitignore").read_text().replace("/", "").split(), ".git"}
    for path in sorted(folder.iterdir()):
        if path.name in made:
            continue
        if path.is_dir():
            yield from ours(path)
        elif path.suffix != ".pyc":
            yield path


def test_no_file_names_an_index_host():
    hosts = [b"py" + b"pi.org", b"python" + b"hosted.org", b"npm" + b"js.org", b"index" + b"-url"]
    named = [
        str(path.relative_to(TREE))
        for path in ours(TREE)
        if path.suffix != ".whl" and any(host in path.read_bytes() for host in hosts)
    ]
    assert named == []


@pytest.mark.parametrize("name", ["run", "test", "kittiwake", ".ci/run", "bin/vendor.py"])
def test_what_people_call_can_be_called(name):
    assert os.access(TREE / name, os.X_OK)

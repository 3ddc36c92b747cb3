"""What is no scenario file at all: one clear message, and no traceback."""

import os
import socket
import sys

import pytest

from rustok_sim.core.errors import ScenarioError
from rustok_sim.scenario import load_preset_overlay, load_scenario


def said_of(path):
    """The one message."""
    with pytest.raises(ScenarioError) as caught:
        load_scenario(path)
    [problem] = caught.value.problems
    return str(problem)


def test_a_missing_file(project):
    """Named as it was asked for."""
    assert said_of("nowhere.toml") == "nowhere.toml: does not exist"


def test_a_folder_in_its_place(project):
    """A folder can be opened, but not read."""
    (project / "folder.toml").mkdir()
    assert said_of("folder.toml") == "folder.toml: is a directory, allowed: a scenario file"


def test_a_pipe_is_not_waited_for(project):
    """Opening it would wait for a writer that never comes."""
    os.mkfifo("pipe.toml")
    assert said_of("pipe.toml").startswith("pipe.toml: is no regular file")


def test_a_device_and_a_socket(project):
    """Neither has an end."""
    assert said_of(os.devnull).startswith("/dev/null: is no regular file")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("socket.toml")
        assert said_of("socket.toml").startswith("socket.toml: is no regular file")


def test_a_link_to_itself(project):
    """The system's own words for it differ, so only ours are held."""
    (project / "link.toml").symlink_to("link.toml")
    assert said_of("link.toml").startswith("link.toml: cannot be read: ")


def test_a_name_that_no_file_can_have(project):
    """Python and the system refuse these before they look."""
    assert said_of("a\0b.toml") == r"a\x00b.toml: cannot be read: embedded null byte"
    assert "cannot be read: " in said_of("x" * 300)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the file is Linux's own")
def test_a_file_that_fails_while_it_is_read():
    """The first page of a process's memory is no one's to read, not even root's."""
    assert said_of("/proc/self/mem").startswith("/proc/self/mem: cannot be read: ")


def test_a_forbidden_file(project, small, monkeypatch):
    """Permission is the system's to refuse; for root it never does, so the refusal is made here."""
    small.chmod(0)
    if os.access(small, os.R_OK):
        monkeypatch.setattr("pathlib.Path.open", refuse)
    assert said_of("small.toml") == "small.toml: cannot be read: Permission denied"


def refuse(*args, **kwargs):
    """As the system does."""
    raise PermissionError(13, "Permission denied")


def test_a_huge_file(project):
    """One byte above 1 MiB is too much, and no more than that is read."""
    huge = project / "huge.toml"
    huge.write_bytes(b"#" * 1_048_577)
    assert said_of("huge.toml") == "huge.toml: is larger than 1 MiB (1,048,576 bytes), allowed: a scenario file"
    with huge.open("r+b") as stream:
        stream.truncate(1_048_576)
    assert "larger" not in problems(huge)


def problems(path):
    """All messages."""
    with pytest.raises(ScenarioError) as caught:
        load_scenario(path)
    return str(caught.value)


def test_text_that_is_not_utf_8(project):
    """The line is that of the first wrong byte."""
    (project / "latin.toml").write_bytes(b'name = "x"\ntitle = "caf\xe9"\n')
    assert said_of("latin.toml") == "latin.toml:2: is not UTF-8 text, as TOML must be"


@pytest.mark.parametrize(
    "text",
    [
        "a = " + "[" * 5_000,
        "a = " + "[" * 5_000 + "]" * 5_000,
        "a = " + "{ a = " * 5_000,
        "a." * 200_000 + "b = 1",
        "[" + "'a' . " * 100_000 + "b]",
    ],
)
def test_endless_nesting(project, text):
    """A parser that follows it down runs out of stack, or of memory."""
    (project / "deep.toml").write_text(text)
    assert said_of("deep.toml") == "deep.toml: is nested too deeply"


def test_nesting_that_the_parser_bears_is_refused_at_its_place(project):
    """Thirty-two levels are the limit."""
    (project / "deep.toml").write_text("title = " + "[" * 40 + "]" * 40)
    assert "is nested too deeply" in problems("deep.toml")


def test_a_number_with_more_digits_than_python_converts(project):
    """The parser itself gives up on it, without a place."""
    (project / "long.toml").write_text(f"seed = {'9' * 5_000}")
    assert said_of("long.toml").startswith("long.toml: is not TOML: ")


def test_a_number_of_more_than_64_bits(project):
    """TOML's whole numbers have 64 bits; Python's parser lets longer ones through."""
    (project / "long.toml").write_text(f"seed = 0x{'f' * 5_000}")
    assert "long.toml:1:8: seed has more than 64 bits" in problems("long.toml")


def test_of_very_many_problems_the_first_are_listed(project):
    """Two hundred, and a last line that says so."""
    (project / "many.toml").write_text("".join(f"key{number} = 1\n" for number in range(5_000)))
    with pytest.raises(ScenarioError) as caught:
        load_scenario("many.toml")
    assert len(caught.value.problems) == 201
    assert str(caught.value.problems[-1]) == "many.toml: has more problems than the 200 listed here"


def test_a_preset_is_read_with_the_same_care(project):
    """A preset may lack what a scenario needs, and nothing else."""
    (project / "preset.toml").write_text("[deployment]\nnodes = 0\n[[faults]]\nkind = 'flush'\n")
    with pytest.raises(ScenarioError) as caught:
        load_preset_overlay("preset.toml")
    assert str(caught.value) == "preset.toml:2:9: deployment.nodes must be at least 1, not 0"

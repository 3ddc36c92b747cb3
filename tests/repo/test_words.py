"""What the repository says: of the project alone, in words that hold on any machine."""

import re
from pathlib import Path

FORBIDDEN = {
    "a path of one machine": r"(?<![\w.])/(work|root|home|Users|opt)/\w",
    "a registry's host": r"pythonhosted|\bpypi\.(org|python)|registry\.npmjs|/simple\b|deb\.debian\.org|artifactory",
    "who wrote it": r"\b(CEO|Claude|Anthropic|ChatGPT|Copilot|LLM)\b|\bissues? (#?\d|show\b)|\bhelper [A-Z]{3}",
    "a note nobody else has": r"\b(facts?|section) I{1,3}\b|design\.md\b|\bSTACK\.md\b|\bSTYLE\.md\b|rustok_facts",
    "a key": r"BEGIN [A-Z ]*PRIVATE KEY|\bAKIA[0-9A-Z]{16}\b|\bghp_\w{30}",
}
TEXT_BYTES_MAX = 2_000_000


def texts(tracked: list[Path]) -> list[tuple[Path, str]]:
    """Readable files, without this one, which has to name what it forbids."""
    found = []
    for path in tracked:
        blob = path.read_bytes()
        if b"\0" not in blob[:8192] and path != Path(__file__).resolve():
            found.append((path, blob.decode("utf-8")))
    return found


def test_no_file_speaks_of_the_machine_it_was_written_on(root, tracked):
    """A clone elsewhere has other paths, other registries and other people."""
    found = [
        f"{path.relative_to(root)}:{number}: {what}: {match[0]}"
        for path, text in texts(tracked)
        for number, line in enumerate(text.splitlines(), start=1)
        for what, pattern in FORBIDDEN.items()
        if (match := re.search(pattern, line))
    ]
    assert found == []


def test_no_tracked_file_is_large(root, tracked):
    """Runs and reports are made anew, not kept in git."""
    assert [str(path.relative_to(root)) for path in tracked if path.stat().st_size > TEXT_BYTES_MAX] == []


def test_changelog_tells_what_is_new(root):
    """The first section is the one being written, and it says something."""
    text = (root / "CHANGELOG.md").read_text(encoding="utf-8")
    sections = re.split(r"^## ", text, flags=re.MULTILINE)
    assert re.match(r"\[(Unreleased|\d+\.\d+\.\d+)\]", sections[1])
    assert re.search(r"^- \S.*[.!?]$", sections[1], flags=re.MULTILINE)

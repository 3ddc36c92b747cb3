"""Values as JSON can hold them: what TOML, the command line and Python offer beyond that is refused."""

from collections.abc import Mapping
from numbers import Integral, Real

from rustok_sim.scenario.findings import Finding, KeyPath, shown

DEPTH_MAX = 32
"""Tables in tables: no scenario comes near it."""

_INT_MAX = 2**63


def plain(values: Mapping[str, object]) -> tuple[dict[str, object], list[Finding]]:
    """A copy made of tables, arrays, strings, numbers and booleans alone, and what could not be copied.

    ``None`` stands for what could not; numbers of other libraries become Python's.
    """
    findings: list[Finding] = []
    return _table(values, (), findings), findings


def plain_value(value: object, path: KeyPath) -> tuple[object, list[Finding]]:
    """As :func:`plain`, for a value that stands at *path*."""
    findings: list[Finding] = []
    return _value(value, path, findings), findings


def _table(values: Mapping[str, object], path: KeyPath, findings: list[Finding]) -> dict[str, object]:
    copy: dict[str, object] = {}
    for key, value in values.items():
        here = (*path, str(key))
        if encodes(str(key)):
            copy[str(key)] = _value(value, here, findings)
        else:
            findings.append(Finding(here, "is not Unicode text"))
    return copy


def _value(value: object, path: KeyPath, findings: list[Finding]) -> object:
    if len(path) > DEPTH_MAX:
        findings.append(Finding(path[:DEPTH_MAX], "is nested too deeply"))
        return None
    match value:
        case None | bool() | float():
            return value
        case str():
            if encodes(value):
                return value
            findings.append(Finding(path, "is not Unicode text"))
        case Mapping():
            return _table(value, path, findings)
        case list() | tuple():
            return [_value(entry, (*path, place), findings) for place, entry in enumerate(value)]
        case Integral():
            whole = int(value)
            if -_INT_MAX <= whole < _INT_MAX:
                return whole
            findings.append(Finding(path, "has more than 64 bits"))
        case Real():
            return float(value)
        case _:
            findings.append(Finding(path, f"is a {type(value).__name__} ({shown(value)}), and no key takes one"))
    return None


def encodes(text: str) -> bool:
    """Whether it holds no half of a surrogate pair, as arguments that are not UTF-8 do."""
    return not any("\ud800" <= char <= "\udfff" for char in text)

"""The house rules that a machine can hold: sizes, charters, docstrings, record kinds."""

import ast
import re
from collections.abc import Iterator

from rustok_sim.core.journal import COLUMNS, KINDS

FILE_LINES_MAX = 500
FUNCTION_LINES_MAX = 60
KIND = re.compile(r"[a-z]+\.[a-z_]+$")

Function = ast.FunctionDef | ast.AsyncFunctionDef
Definition = Function | ast.ClassDef


def functions(tree: ast.Module) -> Iterator[Function]:
    """All functions and methods, nested ones too."""
    return (node for node in ast.walk(tree) if isinstance(node, Function))


def lines_of(node: Function) -> int:
    """Lines from the first decorator to the end."""
    first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
    return (node.end_lineno or node.lineno) - first + 1


def public(tree: ast.Module) -> Iterator[Definition]:
    """Public functions and classes of a module, and the public methods of its public classes."""
    pending: list[ast.Module | ast.ClassDef] = [tree]
    while pending:
        for node in pending.pop().body:
            if isinstance(node, Definition) and not node.name.startswith("_") and not is_overload(node):
                yield node
                if isinstance(node, ast.ClassDef):
                    pending.append(node)


def is_overload(node: Definition) -> bool:
    """An overload has its docstring at the implementation, a property's setter at the getter."""
    names = [ast.unparse(decorator) for decorator in node.decorator_list]
    return any(name == "overload" or name.endswith((".overload", ".setter")) for name in names)


def test_no_file_is_longer_than_500_lines(sources):
    """A file that long holds two ideas."""
    assert [source.name for source in sources if source.text.count("\n") > FILE_LINES_MAX] == []


def test_no_function_is_longer_than_60_lines(sources):
    """A function fits a screen."""
    found = [(source.name, node.name, lines_of(node)) for source in sources for node in functions(source.tree)]
    assert [entry for entry in found if entry[2] > FUNCTION_LINES_MAX] == []


def test_every_public_name_has_a_docstring(sources):
    """What is public is explained; protocols and settings most of all."""
    missing = [
        f"{source.name}:{node.lineno} {node.name}"
        for source in sources
        for node in public(source.tree)
        if not ast.get_docstring(node)
    ]
    assert missing == []
    assert [source.name for source in sources if not ast.get_docstring(source.tree)] == []


def belongs_in_a_charter(node: ast.stmt) -> bool:
    """Imports, ``__all__`` and other dunder names, and what lazy re-exports need."""
    match node:
        case ast.Import() | ast.ImportFrom():
            return True
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
            return name == "_LAZY" or (name.startswith("__") and name.endswith("__"))
        case ast.FunctionDef(name=name):
            return name in {"__getattr__", "__dir__"}
        case ast.If(test=ast.Name(id="TYPE_CHECKING"), body=body):
            return all(isinstance(one, ast.ImportFrom) for one in body)
    return False


def test_every_package_has_a_charter_and_nothing_else(sources):
    """``__init__`` says what lives here, what it may know and what it never does, and re-exports the public names."""
    packages = {source.path.parent for source in sources}
    charters = {source.path.parent: source for source in sources if source.path.name == "__init__.py"}
    assert sorted(str(path) for path in packages - charters.keys()) == []
    extra = [
        f"{source.name}:{node.lineno}"
        for source in charters.values()
        for node in source.tree.body[1:]
        if not belongs_in_a_charter(node)
    ]
    assert extra == []


def test_no_checker_is_silenced_without_a_code(sources):
    """``type: ignore`` and ``noqa`` name the one thing they allow."""
    bare = re.compile(r"#\s*(type:\s*ignore(?!\[)|noqa(?!:)|pyright:\s*ignore(?!\[)|mypy:|ruff:)")
    found = [
        f"{source.name}:{number}"
        for source in sources
        for number, line in enumerate(source.text.splitlines(), start=1)
        if bare.search(line)
    ]
    assert found == []


def literal(node: ast.expr | None) -> Iterator[str]:
    """The strings an expression can be, as far as they stand there."""
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.IfExp(body=body, orelse=orelse):
            yield from literal(body)
            yield from literal(orelse)


def recorded(tree: ast.Module) -> Iterator[str]:
    """Kinds given by name to ``record``, ``wants`` or ``_record``, and those of rows written as tuples."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args:
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called.lstrip("_") in {"record", "wants"}:
                yield from literal(node.args[0])
        elif isinstance(node, ast.Tuple) and len(node.elts) == len(COLUMNS):
            yield from filter(KIND.match, literal(node.elts[1]))


def test_every_recorded_kind_is_in_the_table(sources):
    """A record of an unknown kind would be lost to every query; KINDS is the vocabulary of the event log."""
    unknown = {(source.name, kind) for source in sources for kind in recorded(source.tree) if kind not in KINDS}
    assert unknown == set()


def test_every_kind_in_the_table_is_used(sources):
    """A kind that nobody writes promises a fact the event log does not have."""
    texts = [source.text for source in sources if not source.name.endswith("core/journal.py")]
    assert [kind for kind in KINDS if not any(f'"{kind}"' in text for text in texts)] == []

"""Shape: modules that one can read in one sitting, each saying what it is for."""

import ast
import warnings
from collections.abc import Iterator

from tests.house.tree import Module, modules

LONGEST_MODULE = 400
LONGEST_FUNCTION = 60
LONG_FUNCTION = 40


def test_modules_are_at_most_400_lines():
    sizes = {module.path: len(module.text.splitlines()) for module in modules()}
    assert {path: size for path, size in sizes.items() if size > LONGEST_MODULE} == {}


def test_functions_are_at_most_60_lines():
    long = {place: size for place, size in function_sizes() if size > LONG_FUNCTION}
    too_long = {place: size for place, size in long.items() if size > LONGEST_FUNCTION}
    if long and not too_long:
        warnings.warn(f"functions over {LONG_FUNCTION} lines: {long}", stacklevel=1)
    assert too_long == {}


def test_every_module_says_what_it_answers():
    silent = [module.path for module in modules() if module.tree.body and not ast.get_docstring(module.tree)]
    assert [path for path in silent if not path.endswith("__init__.py")] == []


def test_init_files_are_empty_or_name_the_public_face():
    doing = [module.path for module in modules() if module.path.endswith("__init__.py") and not names_only(module)]
    assert doing == []


def names_only(module: Module) -> bool:
    """Nothing but a docstring, imports from the package itself and __all__.

    The import contracts rely on it: nothing slips in through a package's own file.
    """
    package = module.path.removesuffix("/__init__.py").replace("/", ".")
    return all(
        (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
        or (isinstance(node, ast.ImportFrom) and (node.level == 1 or f"{node.module}.".startswith(f"{package}.")))
        or (isinstance(node, ast.Assign) and [ast.unparse(target) for target in node.targets] == ["__all__"])
        for node in module.tree.body
    )


def function_sizes() -> Iterator[tuple[str, int]]:
    for module in modules():
        for node in ast.walk(module.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not module.is_migration:
                yield f"{module.path}:{node.lineno} {node.name}", (node.end_lineno or node.lineno) - node.lineno + 1

"""What tests/golden/authors.py needs to run code of others: a file of a clone, and single functions and classes of it."""
import ast
import subprocess
import types

# The commit of each repository of which a file was read.
COMMITS = {}


def source(folder, repository, path):
    """A file of a clone, with or without a work tree."""
    owner, name = repository.split("/")
    for at in (folder / name, folder / f"{owner}+{name}" / "repo"):
        if at.exists():
            def git(*command):
                return subprocess.run(["git", "-C", str(at), *command], check=True, capture_output=True, text=True).stdout

            COMMITS[repository] = git("rev-parse", "HEAD").strip()
            return git("show", f"HEAD:{path}")
    raise SystemExit(f"clone https://github.com/{repository} into {folder}")


def run(nodes, scope):
    exec(compile(ast.Module(nodes, []), "authors", "exec"), scope)


def taken(text, names, scope):
    """The functions and classes of these names, in a module of their own."""
    module = types.ModuleType("authors")
    vars(module).update(scope)
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and node.name in names:
            node.decorator_list = []
            run([node], vars(module))
    return module


def loop(text, holds, scope):
    """Runs the innermost loop of a file whose own text holds this; names that it sets are left in `scope`."""
    found = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.For) and holds in ast.get_source_segment(text, node)]
    run([min(found, key=lambda node: node.end_lineno - node.lineno)], scope)
    return scope

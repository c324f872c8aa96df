"""The folders of two Python packages enter as arguments, JSON Lines of what the contracts of the first were made of on
stdin; a line leaves for each module with another syntax tree, for each value that does not come back, and `done`."""

import ast
import importlib
import json
import pathlib
import sys

HOSTILE, TWIN = (pathlib.Path(folder) for folder in sys.argv[1:])


class Plain(ast.NodeTransformer):
    """Leaves out what literals say, and docstrings, which a twin without words does not have."""

    def visit_Constant(self, node: ast.Constant) -> ast.Constant:
        return ast.Constant("number" if type(node.value) in (int, float) else type(node.value).__name__)

    def visit_Expr(self, node: ast.Expr) -> ast.Expr | None:
        is_doc = isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        return None if is_doc else self.generic_visit(node)


def shape(path: pathlib.Path) -> str:
    return ast.dump(Plain().visit(ast.parse(path.read_bytes())))


for path in sorted(HOSTILE.rglob("*.py")):
    if shape(path) != shape(TWIN / path.relative_to(HOSTILE)):
        print(path.name, "another tree")

sys.path.insert(0, str(HOSTILE))
for line in sys.stdin:
    case = json.loads(line)
    family, payload = case["family"], case["payload"]
    module = importlib.import_module(f"event_contracts.{family}")
    part = getattr(module, f"{case['prefix']}Part").of({})
    if "enum_value" in case["slots"]:
        if payload not in [member.value for member in getattr(module, f"{case['prefix']}Kind")]:
            print(family, "no member")
        if part.kind != payload:
            print(family, "enum default", repr(part.kind))
    if "default" in case["slots"] and (part.text != payload or part.plain != payload):
        print(family, "default", repr(part.text), repr(part.plain))
print("done")

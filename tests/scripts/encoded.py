"""JSON Lines of one text in its Python encodings enter on stdin; a line for each that Python reads otherwise leaves."""

import ast
import doctest
import io
import json
import re
import sys
import tokenize

DIRECTIVE = re.compile(r"#\s*(type:|noqa|pyright:|pylint:|ruff:|fmt:|-\*-)|^\s*#.*coding[:=]", re.MULTILINE)
LAYOUT = (tokenize.NEWLINE, tokenize.NL, tokenize.ENDMARKER, tokenize.INDENT, tokenize.DEDENT, tokenize.ENCODING)


def tokens(source: str) -> list[int]:
    stream = tokenize.tokenize(io.BytesIO(source.encode()).readline)
    return [token.type for token in stream if token.type not in LAYOUT]


def faults(case: dict[str, str]) -> list[str]:
    found = []
    if ast.literal_eval(case["string"]) != case["text"] or tokens(case["string"]) != [tokenize.STRING]:
        found.append("string")
    if tokens(case["comment"] + "\n") != [tokenize.COMMENT] or DIRECTIVE.search(case["comment"]):
        found.append("comment")
    holder = f"class Holder:\n    {case['docstring']}\n    after = 1\n"
    body = ast.parse(holder).body[0].body
    if len(body) != 2 or ast.get_docstring(ast.parse(holder).body[0], clean=False) is None:
        found.append("docstring")
    elif doctest.DocTestParser().get_examples(body[0].value.value) or DIRECTIVE.search(holder):
        found.append("docstring directive")
    return found


for line in sys.stdin:
    case = json.loads(line)
    for fault in faults(case):
        print(fault, json.dumps(case))

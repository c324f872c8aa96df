"""A JUnit report enters on stdin; what an XML reader sees in it leaves as JSON."""

import json
import sys
import xml.etree.ElementTree as ElementTree

root = ElementTree.fromstring(sys.stdin.buffer.read())
(suite,) = root
cases = []
for case in suite:
    inner = [(child.tag, child.attrib, child.text) for child in case]
    element, attributes, text = inner[0] if inner else (None, {}, None)
    cases.append({**case.attrib, **attributes, "element": element, "text": text})
print(json.dumps({"root": root.tag, "suite": suite.attrib, "cases": cases}))

"""An XML document enters on stdin; its elements leave as lines of JSON: name, attributes, text."""

import json
import sys
import xml.etree.ElementTree as tree

for element in tree.fromstring(sys.stdin.buffer.read()).iter():
    name = element.tag.rpartition("}")[2]
    print(json.dumps({"name": name, "attributes": element.attrib, "text": element.text or ""}))

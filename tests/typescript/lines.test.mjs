// JSON Lines enter the validate command's judge; one verdict a line leaves, whatever the line holds.
import assert from "node:assert/strict";
import test from "node:test";

import * as $ from "./build/package/dist/support/index.js";
import { judgeLine, splitLines } from "./build/package/dist/support/lines.js";

const schema = $.record(() => [{ name: "v", type: $.json() }]);
const payloadSchema = (eventType) => (eventType === "Known" ? schema : undefined);
const verdict = (line) => judgeLine(Buffer.from(line), payloadSchema).text;
const known = (rest) => verdict(`{"id":1,"event_type":"Known",${rest}}`);
const refused = (id, code, params = "{}", path = "") =>
  `{"errors":[{"code":"${code}","params":${params},"path":"${path}"}],"id":${id},"valid":false}`;

test("a line gets the verdict on its payload", () => {
  assert.equal(known('"payload":{"v":1}'), '{"errors":[],"id":1,"valid":true}');
  assert.equal(known('"payload":{}'), refused(1, "required", "{}", "/v"));
  assert.equal(known('"payload_text":"{\\"v\\":1}"'), '{"errors":[],"id":1,"valid":true}');
  assert.equal(known('"payload_text":"{\\"v\\":1,\\"v\\":1}"'), refused(1, "duplicate_key"));
  assert.equal(known('"payload_base64":"eyJ2IjoxfQ=="'), '{"errors":[],"id":1,"valid":true}');
  assert.equal(known('"payload_base64":"IsCvIg=="'), refused(1, "bad_utf8"));
});

test("ids are echoed as received", () => {
  assert.equal(verdict('{"event_type":"Known","payload":{"v":1}}'), '{"errors":[],"id":null,"valid":true}');
  const id = '{"b":1.0,"a":["x",null]}';
  assert.equal(verdict(`{"id":${id},"event_type":"?"}`), refused('{"a":["x",null],"b":1}', "union_tag"));
});

test("lines that are no case are cases with one error", () => {
  assert.equal(verdict(""), refused(null, "bad_json"));
  assert.equal(verdict('{"id":1,"id":1}'), refused(null, "duplicate_key"));
  assert.equal(verdict("[]"), refused(null, "type", '{"expected":"object","got":"array"}'));
  assert.equal(verdict('{"id":1}'), refused(1, "union_tag"));
  assert.equal(verdict('{"id":1,"event_type":5,"payload":{}}'), refused(1, "union_tag"));
  assert.equal(known('"x":1'), refused(1, "required"));
  assert.equal(known('"payload":null'), refused(1, "type", '{"expected":"object","got":"null"}'));
  assert.equal(known('"payload_text":1'), refused(1, "type", '{"expected":"string","got":"number"}'));
  assert.equal(known('"payload_base64":null'), refused(1, "type", '{"expected":"string","got":"null"}'));
  for (const text of ["e", "eyJ2IjoxfQ", "eyJ2IjoxfQ=", "eyJ2\\nIjoxfQ==", "-_==", "===="]) {
    assert.equal(known(`"payload_base64":"${text}"`), refused(1, "format", '{"format":"base64"}'), text);
  }
});

test("a line may be longer than a payload", () => {
  const padding = " ".repeat(2 ** 20);
  assert.equal(known(`"payload":{"v":1},"x":"${padding}"`), '{"errors":[],"id":1,"valid":true}');
  assert.equal(known(`"payload":{"v":"${padding}"}`), refused(1, "too_large"));
  assert.equal(verdict(" ".repeat(2 ** 22 + 1)), refused(null, "too_large"));
  assert.equal(verdict(" ".repeat(2 ** 22)), refused(null, "bad_json"));
});

test("lines end at LF alone, wherever the stream is cut", async () => {
  const split = async (chunks) => {
    const lines = [];
    const stream = async function* () {
      yield* chunks.map((chunk) => Buffer.from(chunk));
    };
    for await (const some of splitLines(stream())) lines.push(...some.map((line) => Buffer.from(line).toString()));
    return lines;
  };
  assert.deepEqual(await split([]), []);
  assert.deepEqual(await split(["\n"]), [""]);
  assert.deepEqual(await split(["a\nb"]), ["a", "b"]);
  assert.deepEqual(await split(["a\r", "\n", "", "\nb", "c\n"]), ["a\r", "", "bc"]);
  const long = "x".repeat(2 ** 20);
  const [first, second] = await split([long, long, long, long, long, long, "\nshort\n"]);
  assert.ok(first.length > 2 ** 22);
  assert.equal(second, "short");
});

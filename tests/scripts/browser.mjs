// A browser, a folder of pages and a script of questions enter; what the browser sees leaves as one line of JSON a page.
//
// The browser is driven over a pipe, so that nothing of it has to be installed but itself.
import { spawn } from "node:child_process";
import { pathToFileURL } from "node:url";

const [chromium, profile, folder, width, scheme, ...pages] = process.argv.slice(2);

const arguments_ = ["--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-pipe", `--user-data-dir=${profile}`];
const browser = spawn(chromium, arguments_, { stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"] });
const waiting = new Map();
const heard = [];
let rest = "";
let last = 0;
browser.stdio[4].setEncoding("utf8").on("data", (data) => {
  const messages = (rest + data).split("\0");
  rest = messages.pop();
  for (const message of messages.map((text) => JSON.parse(text))) {
    if (message.id === undefined) heard.push(message);
    else {
      const { resolve, reject } = waiting.get(message.id);
      waiting.delete(message.id);
      if (message.error) reject(new Error(message.error.message));
      else resolve(message.result);
    }
  }
});

function send(method, params = {}, sessionId = undefined) {
  const id = ++last;
  browser.stdio[3].write(JSON.stringify({ id, method, params, sessionId }) + "\0");
  return new Promise((resolve, reject) => waiting.set(id, { resolve, reject }));
}

async function until(happened) {
  for (;;) {
    const found = heard.find(happened);
    if (found) return found;
    await new Promise((done) => setTimeout(done, 10));
  }
}

/** What a person sees: runs in the page. */
async function look() {
  const shown = (element) => {
    const box = element.getBoundingClientRect();
    return box.width > 20 && box.height > 10 && getComputedStyle(element).visibility === "visible";
  };
  const press = (target, key) => target.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
  const query = document.getElementById("query");
  press(document.body, "/");
  const isFocused = document.activeElement === query;
  const search = (words) => {
    query.value = words;
    query.dispatchEvent(new Event("input"));
    return [...document.querySelectorAll("#found a")].map((link) => [link.textContent, link.getAttribute("href")]);
  };
  const nothing = search("no such thing anywhere");
  const found = search(SEARCHED);
  press(query, "ArrowDown");
  const chosen = document.querySelector("#found [aria-selected=true] a")?.getAttribute("href");
  const links = [...document.querySelectorAll("main a[href], nav a[href]")].map((link) => link.href);
  return {
    title: document.title,
    isFocused,
    nothing,
    found,
    chosen,
    diagrams: [...document.querySelectorAll("figure svg")].filter(shown).length,
    broken: links.filter((href) => href.startsWith(location.href.split("#")[0] + "#") && !document.getElementById(decodeURIComponent(new URL(href).hash.slice(1)))),
    links,
    tooWide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    paper: getComputedStyle(document.body).backgroundColor,
  };
}

const { targetId } = await send("Target.createTarget", { url: "about:blank" });
const { sessionId } = await send("Target.attachToTarget", { targetId, flatten: true });
const ask = (method, params) => send(method, params, sessionId);
await ask("Page.enable");
await ask("Runtime.enable");
await ask("Log.enable");
await ask("Network.enable");
await ask("Emulation.setDeviceMetricsOverride", { width: Number(width), height: 900, deviceScaleFactor: 1, mobile: Number(width) < 600 });
await ask("Emulation.setEmulatedMedia", { features: [{ name: "prefers-color-scheme", value: scheme }] });
for (const [page, searched] of pages.map((page) => page.split("?"))) {
  heard.length = 0;
  await ask("Page.navigate", { url: `${pathToFileURL(folder)}/${page}` });
  await until((message) => message.method === "Page.loadEventFired");
  const expression = `(${look})()`.replace("SEARCHED", JSON.stringify(searched));
  const { result, exceptionDetails } = await ask("Runtime.evaluate", { expression, awaitPromise: true, returnByValue: true });
  const complaints = heard.filter(({ method, params }) => method === "Runtime.exceptionThrown" || method === "Log.entryAdded" || (method === "Runtime.consoleAPICalled" && params.type === "error"));
  const requested = heard.filter(({ method }) => method === "Network.requestWillBeSent").map(({ params }) => params.request.url);
  console.log(JSON.stringify({ page, ...result.value, thrown: exceptionDetails?.exception?.description, complaints: complaints.map(({ params }) => params), requested }));
}
await send("Browser.close");

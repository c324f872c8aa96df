const MOST = 20;

/** How well an entry answers: lower is better, none does not answer at all. */
function rank(name, words) {
  const lower = name.toLowerCase();
  if (!words.every((word) => lower.includes(word))) return undefined;
  if (lower === words[0]) return 0;
  return lower.startsWith(words[0]) ? 1 : 2;
}

function find(query) {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [];
  const ranked = ENTRIES.map((entry) => [rank(entry[0], words), entry]).filter(([place]) => place !== undefined);
  ranked.sort(([a], [b]) => a - b);
  return ranked.slice(0, MOST).map(([, entry]) => entry);
}

const query = document.getElementById("query");
const found = document.getElementById("found");
let chosen = -1;

function show() {
  const entries = find(query.value);
  chosen = -1;
  found.replaceChildren(
    ...entries.map(([name, kind, href, within], at) => {
      const link = document.createElement("a");
      link.href = href;
      link.tabIndex = -1;
      link.append(name, " ");
      const small = document.createElement("small");
      small.textContent = within ? `${kind} of ${within}` : kind;
      link.append(small);
      const item = document.createElement("li");
      item.id = `found-${at}`;
      item.setAttribute("role", "option");
      item.append(link);
      return item;
    }),
  );
  found.hidden = entries.length === 0;
  query.setAttribute("aria-expanded", String(!found.hidden));
  query.removeAttribute("aria-activedescendant");
}

function choose(at) {
  const items = [...found.children];
  if (items.length === 0) return;
  chosen = (at + items.length) % items.length;
  items.forEach((item, place) => item.setAttribute("aria-selected", String(place === chosen)));
  query.setAttribute("aria-activedescendant", items[chosen].id);
  items[chosen].scrollIntoView({ block: "nearest" });
}

function close() {
  found.hidden = true;
  query.setAttribute("aria-expanded", "false");
}

query.addEventListener("input", show);
query.addEventListener("keydown", (event) => {
  if (event.key === "ArrowDown") choose(chosen + 1);
  else if (event.key === "ArrowUp") choose(chosen - 1);
  else if (event.key === "Enter") found.children[Math.max(chosen, 0)]?.querySelector("a").click();
  else if (event.key === "Escape") close();
  else return;
  event.preventDefault();
});
found.addEventListener("click", close);
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.target === query) return;
  event.preventDefault();
  query.focus();
});

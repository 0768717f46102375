"use strict";
// Forwarding, printing and the search. Nothing of the text needs this script.
(() => {
  // A requirement's line in the register leads to its section.
  function forward() {
    const line = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const link = line?.matches(".lines > li") && line.querySelector("a");
    if (link) location.replace(link.href);
  }

  addEventListener("hashchange", forward);
  forward();
  addEventListener("beforeprint", () => {
    for (const folded of document.querySelectorAll("article details, .sentences details, .requirements section > details")) folded.open = true;
  });

  const SHOWN = 60;
  const KINDS = { field: 0, section: 1, operation: 2, requirement: 3 };
  const dialog = document.getElementById("search");
  const form = dialog.querySelector("form");
  const results = document.getElementById("results");
  const count = document.getElementById("count");
  const find = document.getElementById("find");
  let entries = null;

  // An element with a class; children that are strings become text, never markup.
  function make(tag, name, ...children) {
    const element = document.createElement(tag);
    if (name) element.className = name;
    element.append(...children.filter((child) => child));
    return element;
  }

  function load() {
    const titles = new Map([...form.elements.provider.options].map((o) => [o.value, o.text]));
    entries = window.SEARCH.map(([kind, provider, title, text, level, verdict, address], number) => {
      // GivenName is found by "given name", too
      const name = `${title} ${title.replace(/([a-z])([A-Z])/g, "$1 $2")}`.toLowerCase();
      const all = `${name} ${text} ${titles.get(provider)} ${provider}`.toLowerCase();
      return { kind, provider, title, text, level, verdict, address, number, name, all, of: titles.get(provider) };
    });
    const verdicts = [...new Set(entries.map((e) => e.verdict))].filter(Boolean).sort();
    form.elements.verdict.append(...verdicts.map((v) => new Option(v)));
    form.elements.verdict.disabled = !verdicts.length;
    show();
  }

  // How well a text has a word: 0 as a word of its own, 1 at the start of one, 2 within one, 3 not at all.
  function place(text, word) {
    let best = 3;
    for (let at = text.indexOf(word); at >= 0 && best; at = text.indexOf(word, at + 1)) {
      const starts = !/[a-z0-9]/.test(text[at - 1] ?? "");
      const ends = !/[a-z0-9]/.test(text[at + word.length] ?? "");
      best = Math.min(best, starts && ends ? 0 : starts ? 1 : 2);
    }
    return best;
  }

  // What has the name itself comes first, what has a word only within another one last; of the others fields come first.
  function rank(entry, words) {
    const whole = words.join(" ");
    const bucket = entry.title.toLowerCase() === whole ? 0 : words.every((word) => place(entry.all, word) < 2) ? 1 : 2;
    const distance = words.reduce((sum, word) => sum + place(entry.name, word), entry.name.startsWith(whole) ? -1 : 0);
    return [bucket, KINDS[entry.kind], distance, entry.number];
  }

  function found() {
    const words = form.elements.text.value.toLowerCase().split(/\s+/).filter(Boolean);
    const wanted = ["kind", "provider", "level", "verdict"].map((n) => [n, form.elements[n].value]).filter((w) => w[1]);
    if (!words.length && !wanted.length) return null;
    return entries
      .filter((e) => wanted.every(([name, value]) => e[name] === value) && words.every((word) => e.all.includes(word)))
      .map((entry) => [rank(entry, words), entry])
      .sort(([a], [b]) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2] || a[3] - b[3])
      .map(([, entry]) => entry);
  }

  function item(entry) {
    const link = make("a", "", make("b", "", entry.title), " ",
      entry.level && make("span", `level ${entry.level}`, entry.level), entry.level && " ",
      entry.verdict && make("span", `verdict ${entry.verdict}`, entry.verdict),
      make("br"), entry.text, " ", make("small", "", `${entry.kind}, ${entry.of}`));
    link.href = entry.address;
    return make("li", "", link);
  }

  function show() {
    if (!entries) return;
    const hits = found();
    const number = hits?.length ?? 0;
    results.replaceChildren(...(hits ?? []).slice(0, SHOWN).map(item));
    count.textContent = !hits ? `${entries.length} entries` : number === 1 ? "1 result"
      : `${number} results${number > SHOWN ? `, of which the first ${SHOWN} are shown` : ""}`;
  }

  function open() {
    if (dialog.open) return;
    dialog.showModal();
    form.elements.text.focus();
    form.elements.text.select();
    if (entries) return;
    const script = document.createElement("script");
    script.src = "assets/entries.js";
    script.addEventListener("load", load);
    document.head.append(script);
  }

  // Focus goes to the next or the previous result; above the first one is the field.
  function move(step) {
    const links = [...results.querySelectorAll("a")];
    const to = links.indexOf(document.activeElement) + step;
    if (to < 0) form.elements.text.focus();
    else links[Math.min(to, links.length - 1)]?.focus();
  }

  find.hidden = false;
  find.addEventListener("click", open);
  document.getElementById("close").addEventListener("click", () => dialog.close());
  form.addEventListener("input", show);
  form.addEventListener("submit", (event) => event.preventDefault());
  addEventListener("keydown", (event) => {
    const typing = event.target.closest?.("input, select, textarea");
    if ((event.key === "/" && !typing) || (event.key === "k" && (event.ctrlKey || event.metaKey))) {
      event.preventDefault();
      open();
    }
  });
  dialog.addEventListener("keydown", (event) => {
    const inField = event.target === form.elements.text;
    if (event.target.matches("select")) return;
    if (event.key === "ArrowDown") move(1);
    else if (event.key === "ArrowUp") move(-1);
    else if (event.key === "Enter" && inField) results.querySelector("a")?.click();
    else return;
    event.preventDefault();
  });
  // A result may stand on this very page.
  results.addEventListener("click", (event) => { if (event.target.closest("a")) dialog.close(); });
})();

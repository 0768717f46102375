"use strict";
(() => {
  const rows = [...document.querySelectorAll("details.row")];
  const sections = [...document.querySelectorAll("details.section")];
  const form = document.getElementById("filters");
  const announce = document.getElementById("announce");
  const texts = new Map();
  const loaded = document.readyState === "complete"
    ? Promise.resolve() : new Promise((resolve) => { addEventListener("load", () => setTimeout(resolve)); });

  // An element with attributes and children; strings become text nodes, never markup.
  function make(tag, attributes, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes ?? {})) element.setAttribute(name, value);
    element.append(...children.flat().filter((child) => child !== null && child !== ""));
    return element;
  }

  // Copying

  async function copy(text, element) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      // no clipboard API on this page, or no permission: select the text and ask the old way
      const selection = getSelection();
      selection.selectAllChildren(element);
      return document.execCommand("copy");
    }
  }

  function arm(pre) {
    const button = make("button", { type: "button", "aria-label": `Copy ${pre.dataset.label}` }, "Copy");
    let timer = 0;
    button.addEventListener("click", async () => {
      const done = await copy(pre.textContent, pre);
      button.textContent = done ? "Copied" : "Selected";
      announce.textContent = done ? "Copied" : "Selected: press Ctrl+C";
      clearTimeout(timer);
      timer = setTimeout(() => { button.textContent = "Copy"; announce.textContent = ""; }, 2000);
    });
    pre.parentElement.append(button);
    pre.parentElement.classList.add("armed");
  }

  function copyable(label, text) {
    const pre = make("pre", { "data-label": label, tabindex: "0", role: "group", "aria-label": label }, text);
    const box = make("div", { class: "copyable" }, pre);
    arm(pre);
    return box;
  }

  // Evidence: unpacked once, when the first row opens

  let unpacking = null;

  function evidence() {
    unpacking ??= (async () => {
      const bytes = Uint8Array.from(atob(document.getElementById("evidence").textContent), (c) => c.charCodeAt(0));
      const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
      return JSON.parse(await new Response(stream).text());
    })();
    return unpacking;
  }

  // JSON in lines. Only white space is added, so that every digit stays as it was sent; a text that was cut is fine.
  function laidOut(text) {
    if (!/^\s*[[{]/.test(text)) return text;
    let out = "", depth = 0, quoted = false;
    for (let i = 0; i < text.length; i++) {
      const c = text[i];
      if (quoted) {
        out += c;
        if (c === "\\" && i + 1 < text.length) out += text[++i];
        else if (c === '"') quoted = false;
      } else if (c === '"') {
        quoted = true;
        out += c;
      } else if ((c === "{" || c === "[") && text[i + 1] !== "}" && text[i + 1] !== "]") {
        out += c + "\n" + "  ".repeat(Math.min(++depth, 20));
      } else if ((c === "}" || c === "]") && text[i - 1] !== "{" && text[i - 1] !== "[") {
        depth = Math.max(0, depth - 1);
        out += "\n" + "  ".repeat(Math.min(depth, 20)) + c;
      } else if (c === ",") {
        out += ",\n" + "  ".repeat(Math.min(depth, 20));
        while (text[i + 1] === " ") i++;
      } else {
        out += c;
      }
    }
    return out;
  }

  function pairs(...entries) {
    return make("dl", null, entries.flatMap(([name, ...values]) => {
      const kept = values.filter((value) => value !== "" && value !== null);
      return kept.length ? [make("dt", null, name), make("dd", null, ...kept)] : [];
    }));
  }

  function block(label, text) {
    return text === "" ? null : make("pre", { tabindex: "0", role: "group", "aria-label": label }, text);
  }

  function exchangeOf(name, data) {
    const e = data.exchanges[name];
    if (!e) return make("p", { class: "soft" }, `exchange ${name} is not in the report`);
    const path = e.url.startsWith(data.base) ? e.url.slice(data.base.length) : e.url;
    const head = make("summary", null, make("code", null, `${e.method} ${path.length > 300 ? `${path.slice(0, 300)} …` : path}`),
      ` → ${e.status || "no answer"} `, make("span", { class: "soft" }, `${e.caller}, ${e.milliseconds} ms`));
    const details = make("details", { class: "exchange" }, head);
    details.addEventListener("toggle", () => {
      if (details.childElementCount > 1) return;
      details.append(pairs(
        ["Address", e.url],
        ["Sent", block("Request headers", e.sent)],
        [`Body, ${e.requestBytes} bytes`, block("Request body", laidOut(e.request))],
        ["Came", e.status || e.error, block("Response headers", e.came)],
        [`Body, ${e.responseBytes} bytes`, block("Response body", laidOut(e.response))],
        ["Notes", e.notes.join("\n")],
        ["As curl", e.curl ? copyable("the curl command", e.curl) : make("span", { class: "soft" }, "The body was too long to be kept whole.")],
      ));
    });
    return details;
  }

  const AT_FIRST = 12;

  function exchangesOf(names, data) {
    const box = make("div", null, names.slice(0, AT_FIRST).map((name) => exchangeOf(name, data)));
    if (names.length > AT_FIRST) {
      const button = make("button", { type: "button" }, `Show all ${names.length} exchanges`);
      button.addEventListener("click", () => {
        const more = names.slice(AT_FIRST).map((name) => exchangeOf(name, data));
        button.replaceWith(...more);
        more[0].querySelector("summary")?.focus();
      });
      box.append(button);
    }
    return box;
  }

  function insideOf(row, data) {
    const r = data.requirements[row.id];
    const section = row.closest(".section");
    const cited = r ? r.source : [[section.dataset.place, section.dataset.address]];
    const source = ["Source", ...cited.flatMap(([words, link], n) => [n ? "; " : "", link ? make("a", { href: link }, words) : words])];
    if (!r) return make("div", { class: "inside" }, pairs(source)); // nobody judges it
    const broken = ["fail", "warn", "known-deviation"].includes(row.dataset.verdict);
    const documented = r.documented ? make("a", { href: r.documented }, r.documented) : "";
    const told = r.checks.some((c) => c.message === r.reason) ? "" : r.reason;
    return make("div", { class: "inside" },
      pairs(source, ["How it is judged", r.judged || "By the statement alone."],
        ["Kinds of values", r.kinds],
        ["Reason", told], ["Why it matters", broken ? r.why : ""], ["Documented", documented], ["This check again", copyable("the command", r.again)]),
      make("h4", null, r.checks.length ? "Checks and evidence" : "No check judged it"),
      r.checks.map((c) => make("div", { class: "check" },
        make("p", null, make("code", null, c.check), ` ${c.outcome}`), block("What the check found", c.message), exchangesOf(c.exchanges, data))));
  }

  async function fill(row) {
    if (row.childElementCount > 1) return;
    const place = make("div", { class: "inside" }, "…");
    row.append(place);
    try {
      place.replaceWith(insideOf(row, await evidence()));
    } catch {
      place.replaceChildren("This browser cannot unpack the evidence; report.json beside this page holds it.");
    }
  }

  // Filters, and the address bar that keeps them: `#<id>`, or `#verdict=fail,warn&level=MUST&text=…&section=…&row=<id>`

  function chosen(name) {
    return [...form.querySelectorAll(`input[name=${name}]:checked`)].map((input) => input.value);
  }

  function state() {
    return { verdicts: chosen("verdict"), levels: chosen("level"), section: form.section.value, text: form.text.value.trim() };
  }

  function filter() {
    const { verdicts, levels, section, text } = state();
    const words = text.toLowerCase().split(/\s+/).filter(Boolean);
    const narrowed = Boolean(verdicts.length || levels.length || section || words.length);
    let count = 0;
    for (const group of sections) {
      const within = !section || group.dataset.section === section;
      let any = false;
      for (const row of group.querySelectorAll(":scope > details.row")) {
        const fits = within && (!verdicts.length || verdicts.includes(row.dataset.verdict))
          && (!levels.length || levels.includes(row.dataset.level)) && words.every((word) => texts.get(row).includes(word));
        row.hidden = !fits;
        any ||= fits;
        count += fits ? 1 : 0;
      }
      group.hidden = !any;
      if (narrowed && any) group.open = true;
    }
    document.getElementById("shown").textContent = narrowed
      ? `${count} of ${rows.length} requirements` : `${rows.length} requirements in ${sections.length} sections`;
  }

  let current = "";

  function remember() {
    const { verdicts, levels, section, text } = state();
    const parts = [["verdict", verdicts.join(",")], ["level", levels.join(",")], ["text", text], ["section", section]]
      .filter(([, value]) => value);
    if (parts.length && current) parts.push(["row", current]);
    const hash = parts.length
      ? parts.map(([name, value]) => `${name}=${encodeURIComponent(value).replaceAll("%2C", ",")}`).join("&")
      : encodeURIComponent(current);
    if (hash !== location.hash.slice(1)) history.replaceState(null, "", `#${hash}`);
  }

  function restore() {
    const hash = location.hash.slice(1);
    let id = "";
    try {
      id = hash.includes("=") ? "" : decodeURIComponent(hash);
    } catch { /* not an address that this page wrote */ }
    const target = id ? document.getElementById(id) : null;
    if (hash && !hash.includes("=") && !target?.matches("details.row")) return; // a place on the page
    const asked = new URLSearchParams(hash.includes("=") ? hash : "");
    for (const name of ["verdict", "level"]) {
      const values = (asked.get(name) ?? "").split(",");
      for (const input of form.querySelectorAll(`input[name=${name}]`)) input.checked = values.includes(input.value);
    }
    form.text.value = asked.get("text") ?? "";
    form.section.value = asked.get("section") ?? "";
    if (form.section.selectedIndex < 0) form.section.value = "";
    current = id || (asked.get("row") ?? "");
    filter();
    const row = rows.find((each) => each.id === current);
    if (row) {
      row.closest(".section").open = true;
      row.open = true;
      // the browser looks for the fragment itself when the page is loaded; what is done before that is undone
      Promise.all([fill(row), loaded]).then(() => {
        row.scrollIntoView({ block: "start" });
        row.querySelector("summary").focus({ preventScroll: true });
      });
    } else if (hash) {
      form.scrollIntoView({ block: "start" });
    }
  }

  function label() {
    document.getElementById("fold").textContent = sections.some((s) => !s.hidden && !s.open) ? "Open all sections" : "Close all sections";
  }

  document.addEventListener("toggle", ({ target }) => {
    if (target.matches("details.section")) label();
    if (!target.matches("details.row")) return;
    if (target.open) {
      current = target.id;
      fill(target);
    } else if (current === target.id) {
      current = "";
    }
    remember();
  }, true);

  for (const row of rows) texts.set(row, row.querySelector("summary").textContent.toLowerCase());
  document.querySelectorAll(".copyable > pre").forEach(arm);
  if (form) {
    form.hidden = false;
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("input", () => { filter(); remember(); });
    form.addEventListener("reset", () => setTimeout(() => { filter(); remember(); form.text.focus(); }));
    document.getElementById("fold").addEventListener("click", () => {
      const opening = sections.some((s) => !s.hidden && !s.open);
      for (const section of sections) if (!section.hidden) section.open = opening;
    });
    addEventListener("hashchange", restore);
    let closed = [];
    addEventListener("beforeprint", () => {
      closed = sections.filter((s) => !s.hidden && !s.open);
      for (const section of closed) section.open = true;
    });
    addEventListener("afterprint", () => { for (const section of closed) section.open = false; });
    filter();
    restore();
    label();
  }
})();

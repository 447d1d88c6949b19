// The search. The index comes in pieces, each a script that calls `catalogIndex`, because a page from a folder may load nothing else.
"use strict";
(() => {
  const root = document.documentElement.dataset.root;
  // In the order of the index's classes: how much a match counts, and what is said of it.
  const CLASSES = [[12, ""], [7, ""], [6, "field"], [6, "type"], [5, "party"], [5, "tag"], [4, "value"], [2, ""], [1, "envelope field"]];
  const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  const SHOWN = 12;
  const PAGE = 25;
  // A short beginning of a word may have its terms in many pieces.
  const MAX_PIECES = 5;

  const waiting = new Map();
  const pieces = new Map();
  globalThis.catalogIndex = (name, data) => waiting.get(name)?.(data);
  function piece(name) {
    if (!pieces.has(name)) {
      pieces.set(name, new Promise((done, failed) => {
        waiting.set(name, done);
        const script = document.createElement("script");
        script.src = `${root}search/${name}.js`;
        script.onerror = () => failed(new Error(`${name} cannot be loaded`));
        document.head.append(script);
      }));
    }
    return pieces.get(name);
  }

  const numbers = (text) => {
    const found = [];
    let value = 0, shift = 0, before = -1;
    for (const c of text) {
      const digit = DIGITS.indexOf(c);
      value |= (digit & 31) << shift;
      shift += 5;
      if (digit < 32) {
        before += value + 1;
        found.push(before);
        value = 0;
        shift = 0;
      }
    }
    return found;
  };

  // The words of a query: `order_id`, `orderId` and `order-id` are one.
  const words = (query) => {
    const split = query.split(/[^\p{L}\p{N}_-]+/u).map((word) => word.replace(/[_-]/g, "").toLowerCase());
    return [...new Set(split.filter(Boolean))];
  };

  /** The names of the pieces that may have terms which begin with a word. */
  async function piecesOf(word) {
    const index = await piece("index");
    const longer = index.pieces.filter(([, prefix]) => prefix.startsWith(word));
    const shorter = index.pieces.filter(([, prefix]) => word.startsWith(prefix) && prefix !== word);
    const nearest = shorter.sort((a, b) => b[1].length - a[1].length).slice(0, longer.length ? 0 : 1);
    return [...longer.slice(0, MAX_PIECES), ...nearest].map(([file]) => `t-${file}`);
  }

  const EMPTY = new Set("a an and are as at be by for in is it of on or that the to was with".split(" "));
  const parts = (text) => text.replace(/([\p{Ll}\p{N}])(\p{Lu})/gu, "$1 $2").toLowerCase().split(/[^\p{L}\p{N}]+/u).filter((part) => part && !EMPTY.has(part));

  let rules;
  /** The rules, with how much each of their words counts. */
  async function readRules() {
    return (await piece("rules")).map(([name, about, page]) => {
      const terms = new Map(parts(about).map((term) => [term, CLASSES[1][0]]));
      for (const term of [...parts(name), ...words(name)]) terms.set(term, CLASSES[0][0]);
      return { described: ["rule", name, about, page], terms };
    });
  }

  /** How well each document fits a word, and the names by which it does. Rules have the numbers after all documents. */
  async function matches(word, typo = 1) {
    const found = new Map();
    rules ??= readRules();
    const { documents: first } = await piece("index");
    (await rules).forEach(({ terms }, at) => {
      for (const [term, counts] of terms) {
        if (!term.startsWith(word)) continue;
        const score = counts * (term === word ? 1 : 0.35 + 0.5 * (word.length / term.length)) * typo;
        if (score > (found.get(first + at)?.score ?? 0)) found.set(first + at, { score, labels: new Map() });
      }
    });
    const loaded = await Promise.all((await piecesOf(word)).map(piece));
    for (const terms of loaded) {
      for (const [term, groups] of terms) {
        if (!term.startsWith(word)) continue;
        const close = (term === word ? 1 : 0.35 + 0.5 * (word.length / term.length)) * typo;
        for (const [label, kind, documents] of groups) {
          const score = CLASSES[kind][0] * close;
          for (const id of numbers(documents)) {
            let one = found.get(id);
            if (!one) found.set(id, one = { score: 0, labels: new Map() });
            one.score = Math.max(one.score, score);
            if (CLASSES[kind][1]) one.labels.set(label, kind);
          }
        }
      }
    }
    return found;
  }

  /** How many letters have to be changed, added, left out or swapped, up to two. */
  function distance(a, b) {
    if (Math.abs(a.length - b.length) > 2) return 3;
    let before = [], last = Array.from({ length: b.length + 1 }, (_, at) => at);
    for (let i = 1; i <= a.length; i++) {
      const row = [i];
      for (let j = 1; j <= b.length; j++) {
        row[j] = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
        if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) row[j] = Math.min(row[j], before[j - 2] + 1);
      }
      before = last;
      last = row;
    }
    return last[b.length];
  }

  async function readWords() {
    const found = [];
    let before = [];
    for (const line of (await piece("words")).split("\n")) {
      if (!line) continue;
      before = [...before.slice(0, DIGITS.indexOf(line[0])), ...[...line].slice(1)];
      found.push(before.join(""));
    }
    rules ??= readRules();
    for (const { terms } of await rules) found.push(...[...terms.keys()].filter((term) => term.length > 3));
    return [...new Set(found)];
  }

  let vocabulary;
  /** The terms nearest to a word that no term begins with. */
  async function near(word) {
    // Letters that are typed meanwhile wait for the same words.
    vocabulary ??= readWords();
    const most = word.length < 4 ? 0 : word.length < 8 ? 1 : 2;
    // Of a longer term only the beginning may have been typed so far.
    const scored = (await vocabulary).map((term) => [term, Math.min(distance(word, term), distance(word, term.slice(0, word.length)))]);
    const good = scored.filter(([, steps]) => steps <= most).sort((a, b) => a[1] - b[1] || a[0].length - b[0].length);
    return good.slice(0, 3).map(([term]) => term);
  }

  async function one(word) {
    const exact = await matches(word);
    if (exact.size) return exact;
    const found = new Map();
    for (const term of await near(word)) {
      for (const [id, match] of await matches(term, 0.5)) if (!found.has(id)) found.set(id, match);
    }
    return found;
  }

  /** All documents that fit every word, or as many words as any does; the best first. */
  async function search(query) {
    const asked = words(query).filter((word) => word.length > 1);
    const all = await Promise.all(asked.map(one));
    const sum = new Map();
    for (const found of all) {
      for (const [id, match] of found) {
        let total = sum.get(id);
        if (!total) sum.set(id, total = { id, count: 0, score: 0, labels: new Map() });
        total.count++;
        total.score += match.score;
        for (const [label, kind] of match.labels) total.labels.set(label, kind);
      }
    }
    const best = Math.max(0, ...[...sum.values()].map((total) => total.count));
    return [...sum.values()].filter((total) => total.count === best).sort((a, b) => b.score - a.score || a.id - b.id);
  }

  async function describe(results) {
    const { documents, each } = await piece("index");
    return Promise.all(results.map(async (result) => {
      const own = result.id < documents ? (await piece(`d-${Math.floor(result.id / each)}`))[result.id % each] : (await rules)[result.id - documents].described;
      const [kind, name, about, page] = own;
      const by = new Map();
      for (const [label, kind] of result.labels) {
        const word = CLASSES[kind][1];
        by.set(word, [...by.get(word) ?? [], label]);
      }
      const why = [...by].map(([word, labels]) => `${word} ${labels.slice(0, 5).join(", ")}${labels.length > 5 ? " and more" : ""}`).join(" · ");
      const field = [...result.labels].find(([, kind]) => kind === 2)?.[0];
      return { kind, name, about, why, page: field && /event|envelope|type/.test(kind) ? `${page}#f-${encodeURIComponent(field)}` : page };
    }));
  }

  // A long name goes on in the next line where its own words end, and nowhere else.
  const WORD_END = /(?<=[._/:|,=@])(?=\S)|(?<=\p{Ll})(?=\p{Lu})/u;
  const element = (tag, text, name) => {
    const made = document.createElement(tag);
    if (name) made.className = name;
    made.append(...text.split(WORD_END).flatMap((part, at) => (at ? [document.createElement("wbr"), part] : [part])));
    return made;
  };

  const input = document.getElementById("q");
  const box = document.getElementById("hits");
  const results = document.getElementById("results");
  let turn = 0, chosen = -1;

  function close() {
    box.hidden = true;
    box.replaceChildren();
    chosen = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function choose(next) {
    const hits = box.querySelectorAll(".hit");
    if (!hits.length) return;
    chosen = (next + hits.length) % hits.length;
    hits.forEach((hit, at) => hit.setAttribute("aria-selected", String(at === chosen)));
    hits[chosen].scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", hits[chosen].id);
  }

  async function suggest() {
    const mine = ++turn;
    const query = input.value;
    if (words(query).every((word) => word.length < 2)) return close();
    const found = await search(query);
    const shown = await describe(found.slice(0, SHOWN));
    // A later letter has a later answer.
    if (mine !== turn) return;
    const list = element("div", "");
    list.id = "hit-list";
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", "Results");
    shown.forEach((result, at) => {
      const hit = element("a", "", "hit");
      hit.id = `hit-${at}`;
      hit.href = root + result.page;
      hit.tabIndex = -1;
      hit.setAttribute("role", "option");
      hit.setAttribute("aria-selected", "false");
      hit.append(element("small", result.kind, "kind"), element("b", result.name));
      if (result.about) hit.append(element("span", result.about));
      if (result.why) hit.append(element("span", result.why));
      list.append(hit);
    });
    const count = `${found.length} ${found.length === 1 ? "result" : "results"}`;
    const status = element("p", found.length === 0 ? "Nothing fits." : found.length > SHOWN ? `${count}; Enter shows all` : count);
    status.setAttribute("role", "status");
    if (shown.length) status.append(element("span", "↑ ↓ choose · Enter opens · Esc closes"));
    box.replaceChildren(...(shown.length ? [list] : []), status);
    box.hidden = false;
    chosen = -1;
    input.setAttribute("aria-expanded", String(shown.length > 0));
    input.removeAttribute("aria-activedescendant");
  }

  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-expanded", "false");
  input.setAttribute("aria-controls", "hits");
  input.addEventListener("input", () => (results ? list(input.value) : suggest()));
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      choose(event.key === "ArrowDown" ? chosen + 1 : chosen < 0 ? -1 : chosen - 1);
    } else if (event.key === "Escape") {
      close();
    } else if (event.key === "Enter" && chosen >= 0) {
      event.preventDefault();
      location.href = box.querySelectorAll(".hit")[chosen].href;
    }
  });
  input.form.addEventListener("focusout", (event) => { if (!input.form.contains(event.relatedTarget)) setTimeout(close, 150); });

  // Whoever reached for the search is about to need it.
  piece("index").catch(() => {});

  // The page of results.
  const more = document.getElementById("more");
  let all = [];
  async function show(from) {
    const mine = turn;
    const next = await describe(all.slice(from, from + PAGE));
    if (mine !== turn) return;
    for (const result of next) {
      const item = element("li", "");
      const link = element("a", "");
      link.href = root + result.page;
      link.append(element("b", result.name));
      item.append(link, " ", element("small", result.kind));
      if (result.about) item.append(element("span", result.about));
      if (result.why) item.append(element("span", result.why));
      results.append(item);
    }
    more.hidden = from + PAGE >= all.length;
  }
  async function list(query) {
    const mine = ++turn;
    const found = words(query).some((word) => word.length > 1) ? await search(query) : [];
    if (mine !== turn) return;
    all = found;
    results.replaceChildren();
    document.getElementById("count").textContent = query.trim() ? `${found.length} ${found.length === 1 ? "result" : "results"}` : "Type what you look for.";
    more.hidden = true;
    await show(0);
  }
  if (results) {
    more.addEventListener("click", () => show(results.children.length));
    input.value = new URLSearchParams(location.search).get("q") ?? "";
    list(input.value);
  } else if (input.value) {
    suggest();
  }
})();

// What every page does beyond showing itself: theme, dates, tabs, copying, and the search once somebody reaches for it.
"use strict";
(() => {
  const root = document.documentElement.dataset.root;

  // Storage may be closed to pages from a folder.
  const keep = (key, value) => { try { localStorage.setItem(key, value); } catch { /* The choice holds for this page. */ } };
  const kept = (key) => { try { return localStorage.getItem(key); } catch { return null; } };

  // Theme: as the system has it, until somebody chooses.
  const button = document.getElementById("theme");
  const dark = () => {
    const chosen = document.documentElement.dataset.theme;
    return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  };
  const name = () => { button.textContent = dark() ? "Light" : "Dark"; button.setAttribute("aria-label", `Use the ${dark() ? "light" : "dark"} theme`); };
  button.hidden = false;
  name();
  button.addEventListener("click", () => {
    const next = dark() ? "light" : "dark";
    document.documentElement.dataset.theme = next;
    keep("catalog-theme", next);
    name();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", name);

  // Days are counted from the reader's own date: nothing in the files knows what day it is.
  const day = 86_400_000;
  const today = new Date();
  const midnight = Date.UTC(today.getFullYear(), today.getMonth(), today.getDate());
  const days = (text) => {
    const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
    return parts ? Math.round((Date.UTC(parts[1], parts[2] - 1, parts[3]) - midnight) / day) : null;
  };
  const counted = (count) => `${count} ${count === 1 ? "day" : "days"}`;
  for (const time of document.querySelectorAll("[data-due]")) {
    const left = days(time.dateTime);
    if (left === null) continue;
    time.classList.add(left < 0 ? "past" : left <= 90 ? "near" : "far");
    time.append(left < 0 ? ` (${counted(-left)} ago)` : left === 0 ? " (today)" : ` (in ${counted(left)})`);
  }

  // Sections become tabs; the choice is kept for all pages.
  for (const tabs of document.querySelectorAll("[data-tabs]")) {
    const panels = [...tabs.children];
    if (panels.length < 2) continue;
    const list = document.createElement("div");
    list.className = "tablist";
    list.setAttribute("role", "tablist");
    const heads = panels.map((panel, index) => {
      const title = panel.querySelector("h3");
      const head = document.createElement("button");
      head.type = "button";
      head.id = `${tabs.dataset.tabs}-tab-${index}`;
      head.textContent = title.textContent;
      // On paper all sections are shown, with their titles.
      title.className = "on-paper";
      head.setAttribute("role", "tab");
      panel.id = `${tabs.dataset.tabs}-${index}`;
      panel.setAttribute("role", "tabpanel");
      panel.setAttribute("aria-labelledby", head.id);
      head.setAttribute("aria-controls", panel.id);
      list.append(head);
      return head;
    });
    const show = (chosen, focus) => {
      heads.forEach((head, index) => {
        head.setAttribute("aria-selected", String(index === chosen));
        head.tabIndex = index === chosen ? 0 : -1;
        panels[index].hidden = index !== chosen;
      });
      if (focus) heads[chosen].focus();
    };
    list.addEventListener("click", (event) => {
      const chosen = heads.indexOf(event.target);
      if (chosen < 0) return;
      show(chosen);
      keep(`catalog-${tabs.dataset.tabs}`, heads[chosen].textContent);
    });
    list.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      event.preventDefault();
      show((heads.indexOf(document.activeElement) + step + heads.length) % heads.length, true);
    });
    tabs.prepend(list);
    const before = kept(`catalog-${tabs.dataset.tabs}`);
    show(Math.max(0, heads.findIndex((head) => head.textContent === before)));
  }

  // What can be copied: the topic, and every block of code. Pages that came over plain HTTP have no clipboard but that of a selection.
  const copied = async (text) => {
    if (navigator.clipboard) return navigator.clipboard.writeText(text);
    const area = document.createElement("textarea");
    area.value = text;
    area.className = "hidden";
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  };
  for (const block of document.querySelectorAll("pre")) {
    const around = document.createElement("div");
    around.className = "block";
    block.replaceWith(around);
    const copy = document.createElement("button");
    copy.type = "button";
    copy.className = "copy";
    copy.textContent = "Copy";
    copy.setAttribute("aria-label", "Copy this block");
    copy.dataset.copy = "";
    around.append(block, copy);
  }
  for (const copy of document.querySelectorAll("[data-copy]")) {
    copy.hidden = false;
    copy.addEventListener("click", async () => {
      await copied(copy.previousElementSibling.textContent);
      copy.textContent = "Copied";
      setTimeout(() => { copy.textContent = "Copy"; }, 1500);
    });
  }

  // Lists are filtered by words, and by what each entry says of itself. The choice stands in the address, so that it can be sent on.
  for (const form of document.querySelectorAll("[data-filters]")) {
    const entries = [...document.getElementById(form.dataset.filters).children].map((row) => ({ row, text: row.textContent.toLowerCase(), of: row.dataset.of.split(" ") }));
    const fields = [...form.elements].filter((field) => field.name);
    const chosen = fields.filter((field) => field.options);
    const count = form.querySelector("output");
    const asked = new URLSearchParams(location.search);
    const wanted = (field) => [...field.options].findIndex((option, at) => at > 0 && option.text === asked.get(field.name));
    for (const field of fields.filter((field) => asked.has(field.name))) {
      if (field.options) field.selectedIndex = Math.max(0, wanted(field)); else field.value = asked.get(field.name);
    }
    const filter = () => {
      const words = form.elements.words.value.toLowerCase().split(/\s+/).filter(Boolean);
      let shown = 0;
      for (const { row, text, of } of entries) {
        const fits = words.every((word) => text.includes(word)) && chosen.every((field, at) => !field.selectedIndex || of[at] === String(field.selectedIndex - 1));
        row.hidden = !fits;
        if (fits) shown++;
      }
      count.textContent = shown === entries.length ? `${shown} in all` : `${shown} of ${entries.length}`;
    };
    const told = () => {
      const said = new URLSearchParams(fields.filter((field) => field.value && field.selectedIndex !== 0).map((field) => [field.name, field.options ? field.options[field.selectedIndex].text : field.value]));
      // Pages from a folder may have an address that scripts cannot change.
      try { history.replaceState(null, "", said.size ? `?${said}` : location.pathname); } catch { /* The choice holds for this page. */ }
    };
    form.hidden = false;
    form.addEventListener("input", () => { filter(); told(); });
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("reset", () => setTimeout(() => { filter(); told(); }));
    filter();
  }

  // The section that is being read is marked in the list of sections.
  const jumps = new Map([...document.querySelectorAll(".jump a")].map((link) => [document.getElementById(link.hash.slice(1)), link]));
  if (jumps.size) {
    const mark = () => {
      const line = innerHeight / 3;
      const atEnd = innerHeight + scrollY >= document.documentElement.scrollHeight - 2;
      const begun = [...jumps.keys()].filter((section) => section.getBoundingClientRect().top < line);
      const read = atEnd && scrollY > 0 ? [...jumps.keys()].at(-1) : begun.at(-1);
      for (const [section, link] of jumps) {
        if (section === read) link.setAttribute("aria-current", "true"); else link.removeAttribute("aria-current");
      }
    };
    addEventListener("scroll", mark, { passive: true });
    mark();
  }

  // A link to a place in a folded block unfolds it.
  const unfold = () => {
    const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (target) target.closest("details")?.setAttribute("open", "");
  };
  addEventListener("hashchange", unfold);
  unfold();

  // The search is loaded when somebody reaches for it.
  const input = document.getElementById("q");
  let loading = false;
  const load = () => {
    if (loading) return;
    loading = true;
    const script = document.createElement("script");
    script.src = `${root}assets/search.js`;
    document.head.append(script);
  };
  input.addEventListener("focus", load);
  if (document.getElementById("results")) load();
  addEventListener("keydown", (event) => {
    const typing = /^(input|textarea|select)$/i.test(document.activeElement?.tagName ?? "");
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      input.focus();
      input.select();
    }
  });
})();

"use strict";
(() => {
  // Filters what stands on this page. Nothing is fetched, nothing is stored; without it every page reads the same.
  const fold = (text) => text.normalize("NFKD").replace(/\p{M}+/gu, "").toLowerCase();
  const part = (item, selector) => item.querySelector(selector)?.textContent ?? "";
  const message = (item) => ({
    item,
    day: part(item, ".t").slice(0, 10),
    person: part(item, "b"),
    chat: part(item, ".c"),
    flags: (item.dataset.f ?? "").split(" ").filter(Boolean),
  });
  const fits = (each, wanted) => {
    if (wanted.chat && each.chat !== wanted.chat) return false;
    if (wanted.person && each.person !== wanted.person) return false;
    if ((wanted.from || wanted.until) && !/^\d{4}-/.test(each.day)) return false;
    if (wanted.from && each.day < wanted.from) return false;
    if (wanted.until && each.day > wanted.until) return false;
    if (wanted.flag && !(wanted.flag === "*" ? each.flags.length : each.flags.includes(wanted.flag))) return false;
    if (!wanted.words.length) return true;
    each.text ??= fold(each.item.textContent);
    return wanted.words.every((word) => each.text.includes(word));
  };
  for (const form of document.querySelectorAll("form.filter")) {
    const table = form.dataset.table;
    const rows = table ? document.getElementById(table)?.tBodies[0].rows : document.querySelectorAll(".b, .hit");
    const items = [...(rows ?? [])].map(table ? (item) => ({ item }) : message);
    const fields = [...form.elements].filter((each) => each.name);
    const offer = (select, value) => {
      if (![...select.options].some((each) => each.value === value)) select.add(new Option(value, value));
    };
    for (const select of fields.filter((each) => each.dataset.of)) {
      const values = new Set(items.map((each) => each[select.dataset.of]).filter(Boolean));
      [...values].sort().forEach((value) => offer(select, value));
    }
    const asked = () => new URLSearchParams(fields.filter((each) => each.value).map((each) => [each.name, each.value]));
    const apply = () => {
      const wanted = Object.fromEntries(fields.map((each) => [each.name, each.value]));
      wanted.words = fold(wanted.words).split(/\s+/).filter(Boolean);
      let shown = 0;
      for (const each of items) {
        const found = fits(each, wanted);
        each.item.hidden = !found;
        shown += found;
      }
      form.querySelector("output").textContent = form.dataset.count.replace("{shown}", shown).replace("{all}", items.length);
    };
    if (!table && location.hash.startsWith("#?")) {
      for (const [name, value] of new URLSearchParams(location.hash.slice(2))) {
        const field = fields.find((each) => each.name === name);
        if (field?.dataset.of) offer(field, value);
        if (field) field.value = value;
      }
    }
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("input", () => {
      apply();
      if (!table) history.replaceState(null, "", `#?${asked()}`);
    });
    form.addEventListener("reset", () => setTimeout(() => form.dispatchEvent(new Event("input"))));
    if (!table) {
      document.addEventListener("click", (event) => {
        const step = event.target.closest?.("a.step");
        if (step && asked().size) step.hash = `?${asked()}`;
      });
    }
    form.hidden = false;
    apply();
  }
})();

// The review page works without this file, a page at a time. With it: a thread that scrolls, search as you type,
// keys, media and source rows in place. Everything that is fetched was escaped on the server.
"use strict";
(() => {
  const body = document.body;
  const one = (selector, within = document) => within.querySelector(selector);
  const said = (text, failed = false) => {
    const line = one("#said");
    line.textContent = text;
    line.hidden = !text;
    line.classList.toggle("failed", failed);
  };
  const part = async (address, signal) => {
    const answer = await fetch(address, { credentials: "same-origin", signal });
    const text = await answer.text();
    if (!answer.ok) throw new Error(new DOMParser().parseFromString(text, "text/html").querySelector(".warning")?.textContent || text.slice(0, 300));
    return text;
  };
  const failed = (error) => {
    if (error.name !== "AbortError") said(error instanceof TypeError ? body.dataset.failed : error.message, true);
  };

  // --- Marks for the report stay when a block is taken out ---
  const picks = {
    chosen: new Map(),
    restore(within) {
      within.querySelectorAll(".pick input").forEach((box) => { box.checked = this.chosen.has(box.value); });
    },
  };
  document.addEventListener("change", (event) => {
    const box = event.target;
    if (!box.matches?.(".pick input")) return;
    if (box.checked) picks.chosen.set(box.value, true);
    else picks.chosen.delete(box.value);
  });
  one("#pick")?.addEventListener("submit", (event) => {
    for (const id of picks.chosen.keys()) {
      if (document.getElementById(id)) continue;
      const kept = document.createElement("input");
      kept.type = "hidden";
      kept.name = "message";
      kept.value = id;
      event.target.append(kept);
    }
  });

  // --- The thread: blocks of messages, fetched when they come near, taken out again when far ---
  const thread = one("#thread");
  if (thread) {
    const size = Number(thread.dataset.size), total = Number(thread.dataset.total);
    const count = Math.ceil(total / size), most = 14;
    // browsers draw nothing beyond some 33 million pixels: a longer chat has lower places for what is not there yet
    const low = Math.min(96, 3e7 / total), guess = low * size;
    const blocks = new Array(count), loaded = new Map();
    const there = new Map([...thread.children].map((each) => [Number(each.dataset.block), each]));
    const target = () => {
      const named = decodeURIComponent(location.hash.slice(1));
      const id = named && document.getElementById(named) ? named : one(".b.hand", thread)?.id;
      return (id && document.getElementById(id)) || one(`[data-position="${thread.dataset.target}"]`, thread)?.closest(".b");
    };
    const first = target();
    const holder = document.createDocumentFragment();
    for (let number = 0; number < count; number++) {
      const block = there.get(number) || document.createElement("div");
      block.className = "block";
      block.dataset.block = number;
      if (there.has(number)) loaded.set(number, true);
      else block.style.height = `${number === count - 1 ? low * (total - number * size) : guess}px`;
      blocks[number] = block;
      holder.append(block);
    }
    thread.replaceChildren(holder);
    document.querySelectorAll(".further").forEach((each) => { each.hidden = true; });
    const flag = thread.dataset.flag;
    const waiting = new Map();
    const load = async (number) => {
      if (loaded.has(number) || waiting.has(number)) return;
      const stop = new AbortController();
      waiting.set(number, stop);
      const block = blocks[number];
      block.setAttribute("aria-busy", "true");
      try {
        const text = await part(`${thread.dataset.url}?block=${number}${flag ? `&flag=${flag}` : ""}`, stop.signal);
        const kept = block.offsetHeight, above = block.offsetTop + kept <= thread.scrollTop;
        block.innerHTML = text;
        block.style.height = "";
        if (above && !CSS.supports("overflow-anchor", "auto")) thread.scrollTop += block.offsetHeight - kept;
        loaded.set(number, true);
        picks.restore(block);
        tidy(number);
      } catch (error) { failed(error); } finally {
        block.removeAttribute("aria-busy");
        waiting.delete(number);
      }
    };
    const tidy = (near) => {
      const far = [...loaded.keys()].sort((a, b) => Math.abs(b - near) - Math.abs(a - near));
      while (loaded.size > most && Math.abs(far[0] - near) > 3) {
        const number = far.shift(), block = blocks[number];
        block.style.height = `${block.offsetHeight}px`;
        block.replaceChildren();
        loaded.delete(number);
      }
    };
    const watch = new IntersectionObserver((entries) => {
      for (const entry of entries) {
        const number = Number(entry.target.dataset.block);
        if (entry.isIntersecting) load(number);
        else waiting.get(number)?.abort();
      }
    }, { root: thread, rootMargin: "600px 0px" });
    blocks.forEach((each) => watch.observe(each));
    if (first) {
      first.scrollIntoView({ block: "center" });
      first.focus({ preventScroll: true });
    }
  }

  // --- Search as you type ---
  const query = one("#q"), typed = one("#typed");
  let asked, pause;
  query?.addEventListener("input", () => {
    clearTimeout(pause);
    asked?.abort();
    if (query.value.trim().length < 2) { typed.hidden = true; typed.replaceChildren(); return; }
    pause = setTimeout(async () => {
      asked = new AbortController();
      try {
        typed.innerHTML = await part(`/search/typed?q=${encodeURIComponent(query.value)}`, asked.signal);
        typed.hidden = false;
      } catch (error) { failed(error); }
    }, 120);
  });

  // --- Media and source rows in place ---
  document.addEventListener("click", async (event) => {
    const link = event.target.closest("a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    if (link.dataset.media) {
      event.preventDefault();
      media(link);
    } else if (link.classList.contains("source")) {
      event.preventDefault();
      source(link);
    } else if (link.dataset.goto) {
      const there = document.getElementById(link.dataset.goto);
      if (there) { event.preventDefault(); there.scrollIntoView({ block: "center" }); there.focus({ preventScroll: true }); }
    }
  });
  const media = (link) => {
    const holder = link.closest(".media"), shown = one("img, video, audio", holder), blur = one(".blur", holder);
    if (shown) { shown.remove(); blur.hidden = false; link.textContent = link.dataset.show; return; }
    const kind = { video: "video", video_note: "video", gif: "img", audio: "audio", voice: "audio" }[link.dataset.media] || "img";
    const made = document.createElement(kind);
    if (kind === "img") made.alt = one("p", holder).textContent;
    else made.controls = true;
    made.addEventListener("error", async () => {
      made.remove();
      blur.hidden = false;
      link.textContent = link.dataset.show;
      try {
        await part(link.href);  // an image does not tell why; this answer is a page that says it
        said(link.dataset.failed, true);
      } catch (error) { failed(error); }
    });
    made.src = link.href;
    link.dataset.show = link.textContent;
    link.textContent = link.dataset.hide;
    blur.hidden = true;
    blur.after(made);
  };
  const source = async (link) => {
    const bubble = link.closest(".b"), there = one(".row", bubble);
    if (there) { there.remove(); return; }
    link.setAttribute("aria-busy", "true");
    try {
      bubble.insertAdjacentHTML("beforeend", await part(`${link.href}?part=1`));
    } catch (error) { failed(error); } finally { link.removeAttribute("aria-busy"); }
  };

  // --- Keys: one letter each, can be switched off, never while typing ---
  const help = one("#help"), on = one("#keys-on"), open = one("#help-open");
  if (open) { open.hidden = false; open.addEventListener("click", () => help.showModal()); }
  on.checked = sessionStorage.getItem("keys") !== "off";
  on.addEventListener("change", () => sessionStorage.setItem("keys", on.checked ? "on" : "off"));
  const follow = (selector) => { const link = one(selector); if (link) link.click(); };
  const choose = (key) => {
    const option = one(`#decide-${key}`);
    if (!option) return;
    option.checked = true;
    one("#reason").focus();
  };
  const step = (by) => {
    const all = [...document.querySelectorAll(".b")];
    const here = all.indexOf(document.activeElement.closest(".b"));
    const next = all[Math.min(all.length - 1, Math.max(0, here + by))];
    if (next) { next.scrollIntoView({ block: "nearest" }); next.focus({ preventScroll: true }); }
  };
  const current = () => document.activeElement.closest(".b");
  const keys = {
    n: () => follow("#flag-after"),
    p: () => follow("#flag-before"),
    o: () => follow("#flag-open"),
    c: () => choose("c"),
    r: () => choose("r"),
    u: () => choose("u"),
    z: () => one("#undo-last").submit(),
    j: () => step(1),
    k: () => step(-1),
    m: () => one(".pick input", current() || document.createElement("p"))?.click(),
    v: () => {
      const all = [...(current() || document.createElement("p")).querySelectorAll("a[data-media]")];
      const hidden = all.filter((each) => !one("img, video, audio", each.closest(".media")));
      (hidden.length ? hidden.slice(0, 1) : all).forEach((each) => each.click());
    },
    s: () => one("a.source", current() || document.createElement("p"))?.click(),
    "/": () => query?.focus(),
    "?": () => help.showModal(),
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || help.open) return;
    const field = event.target.closest("input, textarea, select");
    if (event.key === "Escape") { typed.hidden = true; field?.blur(); return; }
    if (field && !["checkbox", "radio"].includes(field.type)) return;
    if (!on.checked || !keys[event.key]) return;
    event.preventDefault();
    keys[event.key]();
  });
})();

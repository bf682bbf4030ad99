// The desk: live posts, threads without reloading, buttons, small forms, the command line.
"use strict";
(() => {
  const { data, heard, seen, tell } = toban;
  const $ = (id) => document.getElementById(id);
  const posts = $("posts"), pinned = $("pinned"), thread = $("thread"), answers = $("answers"), dialog = $("words"), input = $("line-text");
  let channel = data.channel, unseen = 0;
  const title = document.title;

  // A key per act makes a second try harmless.
  const key = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, "0")).join("");
  const atEnd = () => posts.scrollHeight - posts.scrollTop - posts.clientHeight < 80;
  const toEnd = () => { posts.scrollTop = posts.scrollHeight; $("latest").hidden = true; };
  const opened = () => new URLSearchParams(location.search).get("inquiry");

  async function call(method, path, body, headers = {}) {
    const options = { method, headers: { accept: "application/json, text/html;q=0", ...headers }, credentials: "same-origin" };
    if (body !== undefined) {
      options.headers["content-type"] = "application/json";
      options.body = JSON.stringify(body);
    }
    let response;
    try {
      response = await fetch(path, options);
    } catch {
      return { ok: false, said: data.words.unreachable };
    }
    if (response.status === 401) {
      location.assign("/login");
      return { ok: false, said: data.words.signed_out };
    }
    const kind = response.headers.get("content-type") || "";
    if (kind.includes("json")) {
      const answer = await response.json();
      return { ok: response.ok, answer, said: response.ok ? answer.said : answer.detail };
    }
    return { ok: response.ok, html: response.ok ? await response.text() : "", said: response.ok ? "" : data.words.unreachable };
  }

  // Our own server's fragments; every outside word in them is escaped there.
  const fragment = (html) => {
    const template = document.createElement("template");
    template.innerHTML = html;
    return template.content;
  };

  // What was done stands until the next thing is done, and a short line of it fades; what was refused stands until
  // it is dismissed, once however often it is said.
  const FADES_AFTER = 8000;
  function answer(said, isNo) {
    if (!said) return null;
    for (const old of answers.querySelectorAll(isNo ? ".no:not(.mine)" : ".done")) {
      if (!isNo || old.querySelector(".text").textContent === said) old.remove();
    }
    const line = stand(said, isNo ? "no" : "done");
    if (!isNo && !said.includes("\n")) fade(line);
    return line;
  }

  // Answers come below, where one types; calls above them, and take nobody away from what they read.
  function stand(said, look, isAbove) {
    const line = document.createElement("div");
    line.className = look;
    const text = document.createElement("span");
    text.className = "text";
    text.textContent = said;
    const dismiss = document.createElement("button");
    dismiss.type = "button";
    dismiss.textContent = "×";
    dismiss.setAttribute("aria-label", data.words.dismiss);
    dismiss.onclick = () => line.remove();
    line.append(text, dismiss);
    if (isAbove) {
      answers.prepend(line);
      return line;
    }
    answers.append(line);
    // A long answer is read from its beginning.
    answers.scrollTop = line.offsetTop;
    return line;
  }

  function fade(line) {
    setTimeout(() => {
      // Nothing goes away under the hand.
      if (line.matches(":hover, :focus-within")) return fade(line);
      line.classList.add("fading");
      setTimeout(() => line.remove(), 600);
    }, FADES_AFTER);
  }

  function mark() {
    for (const post of document.querySelectorAll(".post.open")) post.classList.remove("open");
    const reference = opened();
    if (reference) for (const post of posts.querySelectorAll(`.card[data-reference="${CSS.escape(reference)}"]`)) post.classList.add("open");
    document.body.classList.toggle("reading", Boolean(reference));
  }

  function go(change) {
    const query = new URLSearchParams(location.search);
    for (const [name, value] of Object.entries(change)) value ? query.set(name, value) : query.delete(name);
    history.pushState(null, "", "/desk?" + query);
  }

  async function openThread(reference, isRefresh) {
    const timeline = isRefresh && thread.querySelector(".timeline")?.open, menu = isRefresh && thread.querySelector(".menu")?.open;
    const got = reference ? await call("GET", "/desk/inquiry/" + encodeURIComponent(reference)) : { html: "" };
    if (isRefresh && opened() !== reference) return;
    if (reference) answered(reference);
    if (got.html) {
      thread.replaceChildren(fragment(got.html));
      if (timeline) thread.querySelector(".timeline").open = true;
      if (menu) thread.querySelector(".menu").open = true;
      tell(thread);
    } else {
      const none = document.createElement("p");
      none.className = "empty";
      none.textContent = reference ? got.said : thread.dataset.none;
      thread.replaceChildren(none);
    }
    mark();
  }

  async function openChannel(name) {
    const got = await call("GET", "/desk/channel?channel=" + encodeURIComponent(name));
    if (got.html === undefined || !got.ok) return answer(got.said, true);
    channel = name;
    for (const link of document.querySelectorAll("[data-channel]")) {
      const isOpen = link.dataset.channel === name;
      isOpen ? link.setAttribute("aria-current", "page") : link.removeAttribute("aria-current");
      if (isOpen) {
        link.querySelector(".unread").hidden = true;
        $("channel-name").textContent = link.firstElementChild.nextSibling.textContent;
      }
    }
    const all = fragment(got.html || "");
    pinned.replaceChildren(...all.querySelectorAll(".board"));
    posts.replaceChildren(all);
    tell(pinned);
    empty();
    tell(posts);
    mark();
    toEnd();
  }

  function empty() {
    const none = posts.querySelector(".empty");
    const has = posts.querySelector(".post");
    if (has && none) none.remove();
    if (!has && !none) {
      const line = document.createElement("p");
      line.className = "empty";
      line.textContent = posts.dataset.empty;
      posts.append(line);
    }
  }

  const known = new Set();
  let refreshing = 0;
  function refreshThread(reference) {
    if (opened() !== reference) return;
    clearTimeout(refreshing);
    refreshing = setTimeout(() => openThread(reference, true), 150);
  }

  function shown(post) {
    const old = document.getElementById("post-" + post.id);
    // An older post that was revised, and is not shown, is no news.
    const isNew = !old && post.posted > data.stamp && !known.has(post.id);
    if (isNew) seen(post.at);
    known.add(post.id);
    const stays = atEnd();
    const fresh = fragment(post.html).firstElementChild;
    // A board stands above the posts, open or not as its reader has it.
    if (fresh.matches(".board")) {
      const list = old?.querySelector("details"), was = list?.open, had = Number(old?.querySelector(".count")?.textContent || 0);
      if (old) old.replaceWith(fresh);
      else if (post.channel === channel) pinned.append(fresh);
      if (had && fresh.querySelector(".count")) fresh.querySelector("details").open = was;
      if (fresh.isConnected) tell(fresh);
      return;
    }
    // Whoever came here by the keyboard stays here when the card is edited.
    const held = old?.contains(document.activeElement) ? document.activeElement.dataset.verb : null;
    if (old) old.replaceWith(fresh);
    else if (isNew && post.channel === channel && !post.in_thread) posts.append(fresh);
    if (post.reference) refreshThread(post.reference);
    // Somebody has it, or it is urgent no more.
    const isFree = fresh.querySelector('[data-verb="claim"], [data-verb="accept"]');
    if (fresh.matches(".card") && !(post.is_urgent && isFree)) answered(post.reference, ".no");
    if (fresh.isConnected) {
      tell(fresh);
      empty();
      mark();
      if (held !== null) (held && fresh.querySelector(`[data-verb="${held}"]`) || fresh.querySelector("a, button"))?.focus({ preventScroll: true });
      if (!old) {
        fresh.classList.add("fresh");
        stays ? toEnd() : ($("latest").hidden = false);
      } else if (stays) toEnd();
    }
    if (isNew && !post.in_thread && post.channel !== channel) badge(post);
    if (isNew && post.in_thread && post.is_for_me && opened() !== post.reference) callMe(post, fresh);
    if (isNew && document.hidden) {
      unseen += 1;
      document.title = `(${unseen}) ${title}`;
    }
  }

  // So many calls at once leave room for the rest; all of them stand in their threads and on their cards.
  const CALLS = 3;
  // Said to me in a thread that I do not look at: shown where I do look, with the way there.
  function callMe(post, said) {
    const text = said.querySelector(".text")?.textContent.trim();
    if (!text) return;
    // Said again, it takes the place of the time before.
    answered(post.reference);
    const line = stand(text, post.is_urgent ? "mine no" : "mine", true);
    for (const old of [...answers.querySelectorAll(".mine")].slice(CALLS)) old.remove();
    const go = document.createElement("a");
    go.className = "button";
    go.href = "/desk?inquiry=" + encodeURIComponent(post.reference);
    go.dataset.open = post.reference;
    go.textContent = post.reference;
    line.firstChild.after(go);
    if (post.channel !== channel) badge(post);
  }

  function answered(reference, which = "") {
    for (const call of answers.querySelectorAll(`.mine${which}:has([data-open="${CSS.escape(reference)}"])`)) call.remove();
  }

  function badge(post) {
    const link = document.querySelector(`[data-channel="${CSS.escape(post.channel)}"]`);
    if (!link) return;
    const count = link.querySelector(".unread");
    count.textContent = (count.hidden ? 0 : Number(count.textContent)) + 1;
    count.setAttribute("aria-label", count.textContent + " " + data.words.new_posts);
    count.hidden = false;
    if (post.is_urgent || post.is_for_me) count.classList.add("urgent");
  }

  const spec = (name) => data.verbs.find((verb) => verb.name === name);
  async function act(reference, verb, params) {
    // What is about no inquiry and not about the duty is said as a line; its words are choices, which hold no spaces.
    const alone = verb === "known-workaround" ? "/api/v1/issues/workaround" : `/api/v1/duty/${verb}`;
    if (!reference && !spec(verb)?.is_about_duty && verb !== "known-workaround") {
      const line = [verb, ...Object.entries(params).map(([name, value]) => `${name}=${value}`)].join(" ");
      const said = await call("POST", "/desk/line", { line, key: key() });
      return said.ok ? { ok: !said.answer.is_refused, said: said.answer.said } : said;
    }
    const path = reference ? `/api/v1/inquiries/${encodeURIComponent(reference)}/${verb}` : alone;
    const done = await call("POST", path, params, { "idempotency-key": key() });
    if (done.ok) reference ? refreshThread(reference) : duty();
    return done;
  }

  async function ask(reference, verb) {
    const path = (reference ? "/desk/inquiry/" + encodeURIComponent(reference) : "/desk") + "/form/" + verb;
    const got = await call("GET", path);
    if (!got.html) return answer(got.said, true);
    dialog.replaceChildren(fragment(got.html));
    dialog.showModal();
    const form = dialog.querySelector("form");
    form.querySelector("select, input:not([type=hidden]), textarea")?.focus();
    form.querySelector("[data-cancel]").onclick = () => dialog.close();
    // What a choice decides is filled in anew; what somebody has written stays.
    for (const choice of form.querySelectorAll("[data-decides]")) choice.onchange = async () => {
      const asked = choice.value;
      const got = await call("GET", path + "?" + new URLSearchParams({ [choice.name]: choice.value }));
      if (choice.value !== asked) return;
      const fresh = got.html && fragment(got.html);
      for (const field of fresh ? form.querySelectorAll("textarea, input") : []) {
        const said = fresh.querySelector(`[name="${CSS.escape(field.name)}"]`);
        if (!said?.defaultValue && choice.name === "template") continue;
        if (said && field.value === field.defaultValue) field.value = field.defaultValue = said.defaultValue;
        // A template is put below what somebody has written.
        else if (said && choice.name === "template") field.value = field.value.trimEnd() + "\n\n" + said.defaultValue;
        if (choice.name === "template" && field.rows) field.rows = 10;
      }
    };
    form.onsubmit = async (event) => {
      event.preventDefault();
      const button = form.querySelector(".main");
      button.disabled = true;
      const params = Object.fromEntries([...new FormData(form)].filter(([, value]) => value.trim() !== ""));
      // A picked moment is written as people write it.
      for (const moment of form.querySelectorAll("[type=datetime-local]")) if (moment.value) params[moment.name] = moment.value.replace("T", " ");
      const done = await act(reference, verb, params);
      button.disabled = false;
      if (done.ok) {
        dialog.close();
        answer(done.said);
      } else {
        const refused = form.querySelector(".refused");
        refused.textContent = done.said;
        refused.hidden = false;
      }
    };
  }

  document.addEventListener("click", async (event) => {
    const isPlain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey;
    const to = (selector) => event.target.closest?.(selector);
    const actions = $("actions");
    const button = to("button[data-verb]");
    if (actions.open && (button || !actions.contains(event.target))) actions.open = false;
    if (button) {
      const { reference, verb, number, to } = button.dataset;
      if ("form" in button.dataset) return ask(reference, verb);
      // Not `disabled`, which would take the focus away.
      if (button.ariaBusy) return;
      button.ariaBusy = "true";
      const done = await act(reference, verb, number ? { number } : to ? { to } : {});
      button.ariaBusy = null;
      return answer(done.said, !done.ok);
    }
    const link = isPlain && to("[data-open], [data-channel], [data-close]");
    if (!link) return;
    event.preventDefault();
    if (link.dataset.open) {
      go({ inquiry: link.dataset.open });
      openThread(link.dataset.open);
    } else if (link.dataset.channel) {
      go({ channel: link.dataset.channel });
      openChannel(link.dataset.channel);
    } else {
      go({ inquiry: null });
      openThread(null);
    }
  });

  window.addEventListener("popstate", () => {
    const name = new URLSearchParams(location.search).get("channel") || data.channel;
    if (name !== channel) openChannel(name);
    openThread(opened());
  });
  $("latest").onclick = toEnd;
  // Whoever looks at the end stays there, also when answers take some of the room.
  let isAtEnd = true;
  posts.addEventListener("scroll", () => {
    isAtEnd = atEnd();
    if (isAtEnd) $("latest").hidden = true;
  }, { passive: true });
  new ResizeObserver(() => { if (isAtEnd) toEnd(); }).observe(posts);
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) {
      unseen = 0;
      document.title = title;
    }
  });

  // The command line: earlier lines by arrow keys, completion of verbs, then of references.
  const said = [];
  let back = 0;
  $("line").addEventListener("submit", async (event) => {
    event.preventDefault();
    const line = input.value.trim();
    if (!line) return;
    said.push(line);
    back = said.length;
    const done = await call("POST", "/desk/line", { line, here: opened(), key: key() });
    const isNo = !done.ok || done.answer.is_refused;
    answer(done.ok ? done.answer.said : done.said, isNo);
    if (!isNo) {
      input.value = "";
      if (done.answer.reference) refreshThread(done.answer.reference);
      duty();
    } else {
      input.select();
    }
    offer();
  });
  input.addEventListener("keydown", (event) => {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!step || !said.length || (input.value && input.value !== said[back])) return;
    event.preventDefault();
    back = Math.min(Math.max(back + step, 0), said.length);
    input.value = said[back] || "";
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && $("actions").open) {
      $("actions").open = false;
      $("actions").firstElementChild.focus();
    }
    const isTyping = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName);
    if (event.key === "/" && !isTyping && !dialog.open) {
      event.preventDefault();
      input.focus();
    }
  });
  let asked = 0;
  async function offer() {
    const typed = input.value.replace(/^\//, ""), mine = ++asked;
    const verb = data.verbs.find((verb) => verb.needs_inquiry && [verb.typed, verb.name].some((word) => typed.startsWith(word + " ") || typed.startsWith(word + "\u3000")));
    let options;
    if (!verb) {
      options = data.verbs.map((verb) => [verb.typed + " ", verb.about]);
    } else {
      const word = typed.startsWith(verb.typed) ? verb.typed : verb.name;
      const beginning = typed.slice(word.length).trim();
      if (/\s/.test(beginning)) return $("line-offers").replaceChildren();
      const got = await call("GET", "/desk/complete?q=" + encodeURIComponent(beginning));
      if (mine !== asked || !got.ok) return;
      options = got.answer.inquiries.map((found) => [`${word} ${found.reference} `, found.line]);
    }
    $("line-offers").replaceChildren(...options.map(([value, about]) => Object.assign(document.createElement("option"), { value, label: about })));
  }
  input.addEventListener("input", offer);
  input.addEventListener("focus", offer);

  async function duty() {
    const got = await call("GET", "/desk/duty");
    if (got.html) {
      $("duty").replaceChildren(fragment(got.html));
      tell($("duty"));
    }
  }
  setInterval(duty, 30000);

  // Live. The browser comes back by itself and says which event it saw last.
  const live = (state, words) => { $("live").dataset.state = state; $("live").textContent = words; };
  const source = new EventSource("/desk/events?after=" + data.stamp);
  source.onopen = () => live("ok", data.words.live);
  source.onerror = () => live("lost", data.words.reconnecting);
  source.addEventListener("post", (event) => shown(JSON.parse(event.data)));
  source.addEventListener("clock", (event) => heard(Number(event.data)));
  source.addEventListener("reload", () => location.reload());
  source.addEventListener("gone", () => { source.close(); live("gone", data.words.signed_out); });

  mark();
  offer();
  toEnd();
})();

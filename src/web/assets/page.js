// Times in words beside every instant, by the desk's own clock; and forms that send themselves.
"use strict";
const toban = (() => {
  const element = document.getElementById("desk-data") || document.getElementById("page-data");
  const data = element ? JSON.parse(element.textContent) : null;
  // The desk's clock may run faster than ours (the demo): two readings of it give its pace.
  const clock = data ? { at: data.now, seen: performance.now(), pace: 1 } : null;
  const now = () => clock.at + (performance.now() - clock.seen) * clock.pace;

  function heard(at) {
    const seen = performance.now();
    const passed = seen - clock.seen;
    if (passed > 500) {
      const pace = (at - clock.at) / passed;
      clock.pace = pace > 0 && pace < 100000 ? pace : 1;
    }
    clock.at = at;
    clock.seen = seen;
    tell();
  }

  // Something that has happened is not ahead of us.
  const seen = (at) => { if (at > now()) heard(at); };

  function words(difference) {
    const minutes = Math.floor(Math.abs(difference) / 60000);
    const hours = Math.floor(minutes / 60);
    const r = data.relative;
    const amount = minutes === 0 ? r.now : (hours === 0 ? r.minutes : minutes % 60 === 0 ? r.hours : r.both)
      .replace("{h}", hours).replace("{m}", minutes % 60);
    return (difference >= 0 ? r.ahead : r.ago).replace("{t}", amount);
  }

  function tell(root = document) {
    if (!data) return;
    for (const time of root.querySelectorAll("time[data-ms]")) {
      let ago = time.nextElementSibling;
      if (!ago || !ago.classList.contains("ago")) {
        ago = document.createElement("span");
        ago.className = "ago";
        time.after(" ", ago);
      }
      ago.textContent = words(Number(time.dataset.ms) - now());
    }
  }

  for (const form of document.querySelectorAll("form[data-auto]")) form.requestSubmit();
  if (data) {
    tell();
    setInterval(tell, 15000);
  }
  return { data, heard, seen, tell };
})();

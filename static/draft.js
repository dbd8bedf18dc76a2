/* Drafts are kept by their button without this file. It presses the button, so to speak, a moment after the last letter,
   and says so beside it, and once more when one leaves in haste. Words that another window has kept are left alone; then it
   stops, and the page tells. */
"use strict";

const button = document.querySelector("[data-keeps]");
const said = document.getElementById("keeping");
const form = button?.form;  // none for who cannot write now
let timer = 0, busy = false, again = false, over = false, typed = false;

const send = (more) => fetch(button.formAction, {method: "POST", body: new FormData(form), headers: {Accept: "application/json"}, ...more});

const later = () => { typed = true; clearTimeout(timer); if (!over) timer = setTimeout(keep, 1500); };

const keep = async () => {
  if (over) return;
  if (busy) { again = true; return; }
  busy = true;
  typed = false;
  try {
    const answer = await send();
    const {version, said: words} = await answer.json();
    if (answer.ok && form.elements.text.value.trim()) {
      form.elements.draft.value = version || "";
      const time = new Date().toLocaleTimeString(document.documentElement.lang, {timeStyle: "short"});
      said.textContent = version ? `${said.dataset.kept}, ${time}` : "";  // 0: these words are stored already
    } else if (!answer.ok) {
      over = answer.status === 409;
      said.textContent = words;
    }
  } catch {
    said.textContent = said.dataset.lost;
    again = true;
  }
  busy = false;
  if (again) { again = false; later(); }
};

form?.addEventListener("input", later);
form?.addEventListener("submit", () => { over = true; clearTimeout(timer); });
window.addEventListener("pagehide", () => { if (typed && !over) send({keepalive: true}).catch(() => {}); typed = false; });
window.addEventListener("pageshow", () => { over = false; });

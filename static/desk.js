/* The desk works without this file. It lets controls be pressed by the key that they name (aria-keyshortcuts), puts
   ready words into the field at once, and shows only those of the chosen rule. */
"use strict";

let gone = false;  // a form is on its way: a second key would decide on something unread
document.addEventListener("submit", () => { gone = true; });
window.addEventListener("pageshow", () => { gone = false; });

const isField = (place) =>
  place.closest("textarea, select, [contenteditable]") !== null || place.matches("input:not([type=radio], [type=checkbox])");

/* The letter on the key. A layout with other letters (Russian, Kazakh) has none of a–z there, so its place counts. */
const keyOf = (event) => {
  if (/^[a-z0-9?]$/i.test(event.key)) return event.key.toUpperCase();
  return event.shiftKey ? "" : event.code.replace(/^(Key|Digit)/, "");
};

const press = (control) => {
  if (control.matches("textarea")) control.focus();
  else if (control.matches("input")) { control.click(); control.focus(); }
  else if (control.matches("summary")) { control.parentElement.open = !control.parentElement.open; control.focus(); }
  else control.click();
};

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && event.target.id === "explanation") event.target.blur();
  if (gone || event.repeat || event.isComposing || event.ctrlKey || event.altKey || event.metaKey || isField(event.target)) return;
  const key = keyOf(event);
  const undo = key === "Z" && document.querySelector("[aria-keyshortcuts]") ? document.querySelector("#undo button") : null;
  const control = undo ?? [...document.querySelectorAll("[aria-keyshortcuts]")].find((one) => one.getAttribute("aria-keyshortcuts") === key);
  if (!control) return;
  event.preventDefault();
  press(control);
});

const explanation = document.getElementById("explanation");
const ready = [...document.querySelectorAll(".ready li")];
const chosen = () => document.querySelector(".reasons :checked")?.value;
const narrow = () => { for (const one of ready) one.hidden = Boolean(chosen()) && one.dataset.rule !== chosen(); };

document.querySelector(".reasons")?.addEventListener("change", narrow);
for (const one of ready) {
  one.querySelector("button").addEventListener("click", (event) => {
    event.preventDefault();
    const words = one.querySelector(".words").textContent;
    if (!explanation.value.includes(words)) explanation.value = [explanation.value.trim(), words].filter(Boolean).join("\n\n");
    document.querySelector(`.reasons [value="${CSS.escape(one.dataset.rule)}"]`).checked = true;
    narrow();
    explanation.focus();
  });
}
if (explanation) narrow();

/* Everything works without this file. It lets the way out replace the page, by its link or by Esc three times,
   and counts the characters of a reply while it is written. */
"use strict";

const exit = document.querySelector(".exit");

const leave = (event) => {
  event.preventDefault();
  document.body.hidden = true;
  location.replace(exit.href);
};

exit.addEventListener("click", leave);

let pressed = [];
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") { pressed = []; return; }
  pressed = [...pressed.filter((time) => event.timeStamp - time < 1500), event.timeStamp];
  if (pressed.length === 3) leave(event);
});

for (const output of document.querySelectorAll("output[data-counts]")) {
  const area = document.getElementById(output.dataset.counts);
  const count = () => {
    const length = Array.from(area.value.trim().normalize("NFC")).length;
    output.textContent = output.dataset.words.replace("0", length.toLocaleString(document.documentElement.lang));
  };
  area.addEventListener("input", count);
  count();
}

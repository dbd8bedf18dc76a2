/* Everything works without this file. It lets the way out replace the page, by its link or by Esc three times, counts
   the characters of a reply while it is written, lets the switch of languages keep the place on the page, and offers to
   quote the words of a passage that are selected. One file, so that a first visit asks for one. */
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

// Kazakh numbers are grouped as Russian ones; not every browser knows that.
const locale = document.documentElement.lang.replace("kk", "ru");
for (const output of document.querySelectorAll("output[data-counts]")) {
  const area = document.getElementById(output.dataset.counts);
  const count = () => {
    const length = Array.from(area.value.trim().normalize("NFC")).length;
    output.textContent = output.dataset.words.replace("0", length.toLocaleString(locale));
  };
  area.addEventListener("input", count);
  count();
}

const keepPlace = () => {
  for (const other of document.querySelectorAll("a[hreflang][lang]")) other.hash = location.hash;
};
addEventListener("hashchange", keepPlace);
if (location.hash) keepPlace();

/* Where words of a passage are selected, a link beside the selection, which the next Tab reaches, leads to the form. */
const quoteThis = document.querySelector(".quote-this");
if (quoteThis) {
  const CONTEXT = 32;  // characters before and after the words, which tell apart what occurs twice
  const IN_WORD = /[\p{L}\p{M}\p{N}]/u;
  const form = quoteThis.href;

  const between = (start, startAt, end, endAt) => {
    const range = document.createRange();
    range.setStart(start, startAt);
    range.setEnd(end, endAt);
    return range;
  };

  /* What of the selection lies in one text: the words, made whole at both ends, and what stands around them. */
  const picked = (selected, text) => {
    const end = text.childNodes.length;
    const startsBefore = selected.comparePoint(text, 0) > -1;
    const endsBehind = selected.comparePoint(text, end) < 1;
    const range = between(
      ...(startsBefore ? [text, 0] : [selected.startContainer, selected.startOffset]),
      ...(endsBehind ? [text, end] : [selected.endContainer, selected.endOffset]),
    );
    let before = Array.from(between(text, 0, range.startContainer, range.startOffset).toString());
    let words = Array.from(range.toString());
    let after = Array.from(between(range.endContainer, range.endOffset, text, end).toString());
    if (!words.some((sign) => sign.trim())) return null;
    while (IN_WORD.test(words[0]) && before.length && IN_WORD.test(before.at(-1))) words.unshift(before.pop());
    while (IN_WORD.test(words.at(-1)) && after.length && IN_WORD.test(after[0])) words.push(after.shift());
    return {range, quote: words.join("").trim(), prefix: before.slice(-CONTEXT).join(""), suffix: after.slice(0, CONTEXT).join("")};
  };

  /* The first passage in which words are selected, however far the selection goes. */
  const find = () => {
    const selection = getSelection();
    if (selection.isCollapsed || !selection.rangeCount) return null;
    const selected = selection.getRangeAt(0);
    for (const text of document.querySelectorAll(".passage > :first-child")) {
      const found = selected.intersectsNode(text) && picked(selected, text);
      if (found) return {...found, passage: text.parentElement};
    }
    return null;
  };

  const offer = () => {
    if (document.activeElement === quoteThis) return;
    const found = find();
    quoteThis.hidden = !found || found.quote.length > quoteThis.dataset.longest;
    if (quoteThis.hidden) return;
    const {range, passage, quote, prefix, suffix} = found;
    const number = passage.id.replace("passage-", "");
    quoteThis.href = `${form}?${new URLSearchParams({passage: number, article: quoteThis.dataset.article, quote, prefix, suffix})}`;
    if (quoteThis.parentElement !== passage) passage.firstElementChild.after(quoteThis);
    const line = [...range.getClientRects()].at(-1);
    const box = passage.getBoundingClientRect();
    quoteThis.style.top = `${line.bottom - box.top + 8}px`;
    quoteThis.style.left = `${Math.max(0, Math.min(line.right - box.left, box.width) - quoteThis.offsetWidth)}px`;
  };

  let isDown = false;  // the link would get in the way of a selection that is being drawn
  let later = 0;
  const soon = () => {
    clearTimeout(later);
    if (!isDown) later = setTimeout(offer, 100);
  };
  document.addEventListener("selectionchange", soon);
  document.addEventListener("pointerdown", (event) => { isDown = event.target !== quoteThis; });
  for (const end of ["pointerup", "pointercancel"]) document.addEventListener(end, () => { isDown = false; soon(); });
  quoteThis.addEventListener("mousedown", (event) => event.preventDefault());  // the selection stays
  quoteThis.addEventListener("blur", soon);
  document.addEventListener("keydown", (event) => { if (event.key === "Tab") offer(); });  // before it is reached
}

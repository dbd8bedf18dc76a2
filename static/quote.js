/* The article can be answered without this file. Where words of a passage are selected, it offers to quote them, by a
   link beside the selection that the next Tab reaches. */
"use strict";

{
  const CONTEXT = 32;  // characters before and after the words, which tell apart what occurs twice
  const IN_WORD = /[\p{L}\p{M}\p{N}]/u;
  const link = document.querySelector(".quote-this");
  const form = link.href;

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
    if (document.activeElement === link) return;
    const found = find();
    link.hidden = !found || found.quote.length > link.dataset.longest;
    if (link.hidden) return;
    const {range, passage, quote, prefix, suffix} = found;
    const number = passage.id.replace("passage-", "");
    link.href = `${form}?${new URLSearchParams({passage: number, article: link.dataset.article, quote, prefix, suffix})}`;
    if (link.parentElement !== passage) passage.firstElementChild.after(link);
    const line = [...range.getClientRects()].at(-1);
    const box = passage.getBoundingClientRect();
    link.style.top = `${line.bottom - box.top + 8}px`;
    link.style.left = `${Math.max(0, Math.min(line.right - box.left, box.width) - link.offsetWidth)}px`;
  };

  let isDown = false;  // the link would get in the way of a selection that is being drawn
  let later = 0;
  const soon = () => {
    clearTimeout(later);
    if (!isDown) later = setTimeout(offer, 100);
  };
  document.addEventListener("selectionchange", soon);
  document.addEventListener("pointerdown", (event) => { isDown = event.target !== link; });
  for (const end of ["pointerup", "pointercancel"]) document.addEventListener(end, () => { isDown = false; soon(); });
  link.addEventListener("mousedown", (event) => event.preventDefault());  // the selection stays
  link.addEventListener("blur", soon);
  document.addEventListener("keydown", (event) => { if (event.key === "Tab") offer(); });  // before it is reached
}

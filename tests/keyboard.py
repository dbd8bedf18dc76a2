"""Whether people who go through a page with the keyboard see where they are."""

# Goes through all that the keyboard reaches, forth and back; gives what a person does not see of where they are.
#
# Seen is enough where the ring is at least 2 px thick (as WCAG 2.2 has it in 2.4.13) and one whole line of it, above or
# below what has the focus, stands in the window with nothing over it; and next to that line 24 px of what has the
# focus, or all of it if it is lower: as much as the smallest thing that one can be asked to hit (2.5.8). Where it is
# taller than the window and fills it, the lines at both its sides do. 2.4.11 asks for less: that what has the focus is
# not hidden entirely. For more one cannot ask, for a browser brings the line with the cursor into sight, not the whole
# of a tall field. Over something lies what stays in the window while the rest moves, and behind the edge of a part of
# the page that scrolls by itself nothing is seen.
UNSEEN = """() => {
  const stays = e => e && (["sticky", "fixed"].includes(getComputedStyle(e).position) ? e : stays(e.parentElement));
  const layer = e => parseInt(getComputedStyle(e).zIndex) || 0;
  const within = (e, x, y) => {
    for (let above = e.parentElement; above && above !== document.body; above = above.parentElement) {
      const {left, right, top, bottom} = above.getBoundingClientRect();
      const cut = getComputedStyle(above).overflowY !== "visible";
      if (cut && (x < left - 1 || x > right + 1 || y < top - 1 || y > bottom + 1)) return false;
    }
    return true;
  };
  const uncovered = (e, x, y) => {
    const found = document.elementFromPoint(x, y);
    const over = found && stays(found);
    return found && within(e, x, y) && (!over || over.contains(e) || layer(e) > layer(over));
  };
  const hit = (e, x, y) => {
    const found = document.elementFromPoint(x, y);
    return found && e.contains(found);
  };
  const along = (left, right, y, seen) =>
    Array.from({length: 9}, (_, n) => Math.min(Math.max(left + (right - left) * n / 8, 0), innerWidth - 1))
      .every(x => seen(x, y));
  const ringed = e => {
    const {outlineStyle, outlineWidth, outlineOffset} = getComputedStyle(e);
    const thick = outlineStyle === "none" ? 0 : parseFloat(outlineWidth);
    return thick >= 2 && parseFloat(outlineOffset) + thick / 2;
  };
  const enough = (e, out) => [...e.getClientRects()].some(({left, right, top, bottom}) => {
    if (right - left < 1 || bottom - top < 1) return false;
    const deep = Math.min(24, bottom - top) - 1;
    const line = y => along(left - out, right + out, y, (x, y) => uncovered(e, x, y));
    const middle = (Math.max(left, 0) + Math.min(right, innerWidth)) / 2;
    const part = ys => ys.every(y => along(left + 1, right - 1, y, (x, y) => uncovered(e, x, y)) && hit(e, middle, y));
    const aside = x => [...Array(9).keys()].every(n => uncovered(e, x, (innerHeight - 1) * n / 8));
    if (top < 0 && bottom > innerHeight)
      return aside(left - out) && aside(right + out) && hit(e, middle, innerHeight / 2);
    return line(top - out) && part([top + 1, top + deep / 2, top + deep])
      || line(bottom + out) && part([bottom - 1, bottom - deep / 2, bottom - deep]);
  });
  const stops = [...document.querySelectorAll("a, button, input, textarea, select, summary")];
  const reached = stops.filter(e => e.tabIndex >= 0 && e.checkVisibility({visibilityProperty: true}));
  return [...reached, ...reached.reverse()].flatMap(e => {
    e.focus({focusVisible: true});
    const shown = [e, e.closest("label")].find(e => e && ringed(e) !== false);
    const name = e.outerHTML.slice(0, 100);
    if (!shown) return [`no ring: ${name}`];
    return enough(shown, ringed(shown)) ? [] : [`covered: ${name}`];
  });
}"""

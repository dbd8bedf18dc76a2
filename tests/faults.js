/* What is wrong with the look of a page, as a browser sees it: each function gives a line for each fault. */
(() => {
  const all = places => [...document.querySelectorAll(places)].filter(isShown);
  const named = e => `${e.tagName} ${e.getAttribute("class") ?? ""}: ${e.textContent.trim().replace(/\s+/g, " ").slice(0, 40)}`;
  const isClipped = e => e && (getComputedStyle(e).clipPath !== "none" || isClipped(e.parentElement));
  const isShown = e => e.checkVisibility({visibilityProperty: true}) && !e.closest(".skip, svg, option") && !isClipped(e);
  const differ = sizes => Math.max(...sizes) - Math.min(...sizes) > 1;

  const texts = () => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), found = [];
    while (walker.nextNode()) {
      const node = walker.currentNode;
      if (node.data.trim() && isShown(node.parentElement)) found.push(node);
    }
    return found;
  };

  /* The lines of a text; those after the last one that is meant to be shown are none. */
  const shortened = e => e && (getComputedStyle(e).webkitLineClamp !== "none" ? e : shortened(e.parentElement));
  const lines = (node, from = 0, to = node.data.length) => {
    const end = shortened(node.parentElement)?.getBoundingClientRect().bottom ?? Infinity;
    const range = document.createRange();
    range.setStart(node, from);
    range.setEnd(node, to);
    return [...range.getClientRects()].filter(({width, bottom}) => width > 1 && bottom < end + 4);
  };

  const isInline = e => ["inline", "contents"].includes(getComputedStyle(e).display);
  const block = e => isInline(e) ? block(e.parentElement) : e;
  /* All that a text stands in, up to what scrolls by itself; a box without width only holds its middle. */
  const around = e => {
    if (isInline(e)) return around(e.parentElement);
    const isFree = e === document.body || e.clientWidth < 1 || ["auto", "scroll"].includes(getComputedStyle(e).overflowX);
    return isFree ? [] : [e, ...around(e.parentElement)];
  };

  return {
    /* The page can be moved sideways. */
    sideways() {
      const width = document.documentElement.clientWidth;
      if (document.documentElement.scrollWidth <= width) return [];
      return ["sideways", ...all("body *").filter(e => e.getBoundingClientRect().right > width + 1).map(named)].slice(0, 4);
    },

    /* Text that a box cuts off, or that reaches out of its box. What scrolls by itself can be read. */
    cut() {
      const clips = e => ["hidden", "clip"].includes(getComputedStyle(e).overflowX) && e.textContent.trim();
      const isTooTall = e => e.scrollHeight > e.clientHeight + 1 && getComputedStyle(e).webkitLineClamp === "none";
      const cut = all("body *").filter(e => clips(e) && (e.scrollWidth > e.clientWidth + 1 || isTooTall(e)));
      const out = texts().flatMap(node => {
        const found = lines(node);
        const left = Math.min(...found.map(line => line.left)), right = Math.max(...found.map(line => line.right));
        return around(node.parentElement).filter(e => {
          const box = e.getBoundingClientRect();
          return getComputedStyle(e).writingMode === "horizontal-tb" && (right > box.right + 1 || left < box.left - 1);
        }).slice(0, 1);
      });
      return [...cut.map(e => `cut: ${named(e)}`), ...new Set(out.map(e => `out of its box: ${named(e)}`))];
    },

    /* Text and controls that lie on each other. What stays while one scrolls lies on the rest on purpose. */
    overlapping() {
      const stays = e => e && (["sticky", "fixed"].includes(getComputedStyle(e).position) ? e : stays(e.parentElement));
      const item = (element, {left, right, top, bottom}, inset) => (
        {element, layer: stays(element), left: left + 1, right: right - 1, top: top + inset, bottom: bottom - inset});
      const controls = "button, .button, input, select, textarea";
      const holds = (outer, inner) => outer === inner || outer.matches(controls) && outer.contains(inner);
      const items = texts().flatMap(node => lines(node).map(line => item(block(node.parentElement), line, line.height / 4)));
      items.push(...all(controls).map(e => item(e, e.getBoundingClientRect(), 1)));
      items.sort((a, b) => a.top - b.top);
      const found = new Set();
      items.forEach((a, n) => {
        for (let m = n + 1; m < items.length && items[m].top < a.bottom; m += 1) {
          const b = items[m];
          if (b.left >= a.right || b.right <= a.left || a.layer !== b.layer) continue;
          const isFault = !holds(a.element, b.element) && !holds(b.element, a.element);
          if (isFault) found.add(`on each other: ${named(a.element)} | ${named(b.element)}`);
        }
      });
      return [...found];
    },

    /* The two sides, and decisions of one weight, where they stand beside each other: as wide and as high, and so within. */
    unequal() {
      const padding = e => parseFloat(getComputedStyle(e).paddingLeft) + parseFloat(getComputedStyle(e).paddingRight);
      const inner = e => e.clientWidth - padding(e);
      const columns = all(".pairs").filter(list => {
        const {left, right} = list.getBoundingClientRect(), entries = [...list.children].filter(isShown);
        const boxes = entries.map(e => e.getBoundingClientRect());
        const margins = boxes.map((box, n) => entries[n].dataset.stance === "pro" ? box.left - left : right - box.right);
        return boxes.length && (differ(boxes.map(({width}) => width)) || differ(margins));
      });
      const rows = all(".halves, .side-heads, .pages, .choice.halved > div, .acts, .scale").filter(list => {
        const found = Map.groupBy([...list.children].filter(isShown), e => Math.round(e.getBoundingClientRect().top));
        return [...found.values()].some(row => {
          const boxes = row.map(e => e.getBoundingClientRect());
          return [boxes.map(({width}) => width), boxes.map(({height}) => height), row.map(inner)].some(differ);
        });
      });
      return [...columns, ...rows].map(list => `unequal: ${named(list)}`);
    },

    /* Words of a usual length that go on in the next line without a hyphen, where one presses, chooses or looks something up. */
    broken() {
      const pressed = "button, .button";
      const places = `${pressed}, summary, label, legend, th, dt, h1, h2, h3, h4, a, .stance, .n, .empty`;
      return texts().filter(node => node.parentElement.closest(places)).flatMap(node => {
        const hyphens = getComputedStyle(node.parentElement).hyphens === "auto" && !node.parentElement.closest(pressed);
        const words = hyphens ? [] : [...node.data.matchAll(/[^\s\u00ad\-–—/.@]+/g)].filter(([word]) => word.length <= 18);
        const broken = words.filter(({0: word, index}) =>
          new Set(lines(node, index, index + word.length).map(({top}) => Math.round(top))).size > 1);
        return broken.map(([word]) => `broken: ${word} in ${named(node.parentElement)}`);
      });
    },

    headline() {
      const found = all("h1").map(e => e.textContent.trim());
      return found.length === 1 && found[0] ? [] : [`headlines: ${found.join(" | ")}`];
    },
  };
})()

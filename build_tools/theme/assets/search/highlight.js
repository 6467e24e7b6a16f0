// On an article's page, marks what the search was for. The text of the page stays as it is: marks are
// drawn by the CSS Custom Highlight API, or, in a browser without it, not at all.
import { bare, find, variants } from "./fold.js";

const NAME = "digest-search"; // its colours are in digest.css

function ranges(element, wordings, loose) {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  const nodes = [];
  let text = "";
  while (walker.nextNode()) {
    nodes.push([text.length, walker.currentNode]);
    text += walker.currentNode.data;
  }
  const place = (offset, isEnd) => {
    let at = nodes.length - 1;
    while (at > 0 && (isEnd ? nodes[at][0] >= offset : nodes[at][0] > offset)) at -= 1;
    return [nodes[at][1], offset - nodes[at][0]];
  };
  return find(text, wordings, loose).map(([start, end]) => {
    const range = new Range();
    range.setStart(...place(start, false));
    range.setEnd(...place(end, true));
    return range;
  });
}

/** Mark `terms` in the title, decks, headings and paragraphs of the page. */
export function show(terms) {
  if (!globalThis.Highlight || !CSS.highlights) return;
  const parts = [...document.querySelectorAll("article h1, article .digest-deck, article .digest-eyebrow, article [id^='p-'], article [id^='h-']")];
  const found = [...new Set(terms.slice(0, 20))].flatMap((term) => {
    const { now, later } = variants(term);
    const wordings = [...now, ...later];
    const exact = parts.flatMap((part) => ranges(part, wordings, false));
    return exact.length ? exact : parts.flatMap((part) => ranges(part, wordings.map(bare), true));
  });
  if (!found.length) return;
  CSS.highlights.set(NAME, new Highlight(...found));
}

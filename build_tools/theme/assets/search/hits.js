// One result as a reader sees it: title, facts, the paragraph that matches, marked.
import { blocks } from "./catalog.js";
import { bare, find, fold } from "./fold.js";
import { element } from "./suggest.js";

const BEFORE = 36; // characters of context before the first match
const LENGTH = 132;
const SHORT = 60; // of the further paragraphs, which are many
// The words of build_tools/data/captions.yml; a test compares them.
export const LEVELS = { central: "中央", province: "省级", city: "市级", county: "县级", unknown: "层级不明" };
export const SORTS = { meeting: "会议通稿", speech: "讲话", other: "其他" };
export const TRUSTS = { original: "原发", unproved: "待核", repost: "转载", template: "范文", damaged: "受损" };

/**
 * The text with its matches in <mark>, cut around the first one. Text nodes only: nothing can be markup.
 * `shown` is the text as the reader has it, character for character: in the mirror another than what is compared.
 */
function marked({ text, shown }, { wordings, loose }, length = LENGTH) {
  const spans = find(text, wordings, loose);
  let from = 0;
  let to = text.length;
  if (text.length > length) {
    from = Math.max(0, (spans[0]?.[0] ?? 0) - Math.min(BEFORE, length / 4));
    to = Math.min(text.length, Math.max(from + length, (spans[0]?.[1] ?? 0) + BEFORE));
    if (/[\udc00-\udfff]/.test(text[from] ?? "")) from -= 1;
    if (/[\udc00-\udfff]/.test(text[to] ?? "")) to += 1;
  }
  const out = [from > 0 ? "…" : ""];
  let at = from;
  for (const [start, end] of spans) {
    if (start >= to || end <= from) continue;
    out.push(shown.slice(at, start), element("mark", {}, shown.slice(start, Math.min(end, to))));
    at = Math.min(end, to);
  }
  out.push(shown.slice(at, to), to < text.length ? "…" : "");
  return out;
}

/** The terms that a text holds; `loose`: whatever its punctuation. */
function held(text, terms, loose) {
  const folded = loose ? bare(fold(text)) : fold(text);
  return terms.filter((wordings) => wordings.some((one) => folded.includes(one)));
}

/** The blocks of an article that hold terms, those that hold most of them first; `has`: which ones. */
function matching(all, terms, loose) {
  const some = all.map(([anchor, text, shown = text]) => ({ anchor, text, shown, has: held(text, terms, loose) }));
  return some
    .filter((one) => one.has.length)
    .sort((a, b) => b.has.length - a.has.length || Number(b.anchor !== "") - Number(a.anchor !== ""));
}

/** Of these blocks the first, and for each term that neither it nor the title has, the first that has it. */
function leading(found, title, terms, loose) {
  const chosen = found.slice(0, 1);
  const above = held(title, terms, loose);
  for (const term of terms) {
    const shown = above.includes(term) || chosen.some((one) => one.has.includes(term));
    const one = !shown && chosen.length < 3 && found.find(({ has }) => has.includes(term));
    if (one) chosen.push(one);
  }
  return chosen;
}

/** Address of a paragraph with what is to be highlighted there. */
export function address(base, hit, anchor, typed) {
  const url = new URL(`articles/${hit.id}/`, base);
  for (const one of typed) url.searchParams.append("hl", one);
  url.hash = anchor;
  return url.pathname + url.search + url.hash;
}

/** The other paragraphs that match, folded away; made when a reader unfolds them. */
function further(blocks, href, sought) {
  const button = element("button", { type: "button", "aria-expanded": "false" }, `另有 ${blocks.length} 段`);
  const list = element("ul", { hidden: "" });
  button.addEventListener("click", () => {
    if (!list.children.length) {
      list.append(...blocks.map((one) =>
        element("li", {}, element("a", { href: href(one) }, ...marked(one, sought, SHORT)))));
    }
    list.hidden = !list.hidden;
    button.setAttribute("aria-expanded", String(!list.hidden));
  });
  return element("div", { class: "ds-others" }, button, list);
}

/** The list item of a hit, which bears its `terms`, the folded wordings of each; `typed` are the terms as typed. */
export async function item(base, hit, typed) {
  const { terms, loose } = hit;
  const sought = { wordings: terms.flat(), loose };
  let found = [];
  let lost = false;
  if (terms.length) {
    try {
      found = matching(await blocks(base, hit), terms, loose);
    } catch {
      lost = true;
    }
  }
  const chosen = leading(found, hit.title, terms, loose);
  const [first] = chosen;
  const others = found.filter((one) => one.anchor && one.has.length === first.has.length && !chosen.includes(one));
  const to = (one) => address(base, hit, one.anchor, typed);
  const excerpt = (one) => {
    const text = marked(one, sought, chosen.length > 1 ? SHORT : LENGTH);
    return element("p", { class: "ds-excerpt" }, ...(one === first ? text : [element("a", { href: to(one) }, ...text)]));
  };
  const link = element("a", { class: "ds-title", href: address(base, hit, first?.anchor ?? "", typed) }, ...marked({ text: hit.title, shown: hit.shown }, sought, Infinity));
  const facts = [hit.date || "日期不明", hit.organization?.[1], LEVELS[hit.level], SORTS[hit.kind]].filter(Boolean).join(" · ");
  const made = element("li", { class: "ds-hit", "data-article": hit.id, "data-bundle": hit.bundle },
    link, " ", hit.trust === "original" ? null : element("em", { class: "digest-trust" }, TRUSTS[hit.trust]),
    element("p", { class: "ds-facts" }, ...(loose ? [element("span", { class: "ds-kind" }, "标点不同"), " "] : []), facts),
    ...chosen.filter((one) => one.anchor || one.text !== hit.title).map(excerpt),
    lost ? element("p", { class: "ds-lost" }, "摘录没有下载成功。") : null,
    others.length ? further(others, to, sought) : null);
  return { made, lost };
}

// What search takes for the same, and how a query is read: the browser's half of build_tools/fold.py.
// tests/cases/search.yml holds both halves to the same answers.
import { AMBIGUOUS, BORDER, FROM, MARK, MARKS, TO, WHITE } from "./fold-table.js";

const white = new Set(WHITE);
const marks = new Set(MARKS);
const to = [...TO];
const table = new Map([...FROM].map((char, at) => [char, to[at]]));
const SPACE = /[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;
const PLAIN = /^[0-9a-z\u4e00-\u9fff]$/;

export { BORDER, MARK };

/** The text as search compares it: folded, without white space. */
export function fold(text) {
  let out = "";
  for (const char of text) if (!white.has(char)) out += table.get(char) ?? char;
  return out;
}

/** A folded text without its punctuation. */
export const bare = (folded) => [...folded].filter((char) => !marks.has(char)).join("");

/** The folded text (`loose`: without its punctuation), and for each of its code units where that character starts and ends in `text`. */
export function foldMap(text, loose = false) {
  let folded = "";
  const starts = [];
  const ends = [];
  let at = 0;
  for (const char of text) {
    const one = table.get(char) ?? char;
    if (!white.has(char) && !(loose && marks.has(one))) {
      for (let unit = 0; unit < one.length; unit++) {
        starts.push(at);
        ends.push(at + char.length);
      }
      folded += one;
    }
    at += char.length;
  }
  return { folded, starts, ends };
}

/** A folded wording as the index has it: every character a word. */
export const words = (folded) => [...folded].map((char) => (PLAIN.test(char) ? char : `u${char.codePointAt(0).toString(16)}z`));

/** A folded wording as the quoted phrase that Pagefind is asked. */
export const phrase = (folded) => `"${words(folded).join(" ")}"`;

/**
 * What a term may mean: `now` is to be searched, `later` only if that finds nothing.
 * 著 stays 著 in a Simplified query; in a Traditional one it may be 着 as well.
 */
export function variants(term) {
  const chars = [...term].filter((char) => !white.has(char));
  const kept = chars.map((char) => table.get(char) ?? char);
  const choices = chars.map((char, at) => [kept[at], ...(AMBIGUOUS[char] ?? "")]);
  let all = [""];
  const count = choices.reduce((product, some) => product * some.length, 1);
  if (count > 16) all = [kept.join(""), choices.map((some) => some.at(-1)).join("")];
  else for (const some of choices) all = all.flatMap((start) => some.map((char) => start + char));
  const traditional = chars.some((char) => char >= "\u3400" && char < "\uff00" && table.has(char));
  return traditional ? { now: all, later: [] } : { now: all.slice(0, 1), later: all.slice(1) };
}

/**
 * The terms of a query: blanks part them, "…" holds one together, a leading - excludes.
 * A query of exclusions only means its words as they stand (-03-22 is part of a date).
 */
export function parse(query) {
  const terms = [];
  let at = 0;
  while (at < query.length) {
    if (SPACE.test(query[at])) {
      at += 1;
      continue;
    }
    let end = at;
    while (end < query.length && !SPACE.test(query[end])) end += 1;
    const minus = query[at] === "-" && end > at + 1;
    const open = at + (minus ? 1 : 0);
    let text = query.slice(open, end);
    if (query[open] === '"') {
      let close = query.indexOf('"', open + 1);
      while (close > 0 && close + 1 < query.length && !SPACE.test(query[close + 1])) close = query.indexOf('"', close + 1);
      if (close > open + 1 && fold(query.slice(open + 1, close))) {
        text = query.slice(open + 1, close);
        end = close + 1;
      }
    }
    terms.push({ text, not: minus, raw: query.slice(at, end) });
    at = end;
  }
  const literal = !terms.some((term) => !term.not);
  const seen = new Set();
  return terms
    .map((term) => (literal ? { text: term.raw, not: false } : { text: term.text, not: term.not }))
    .filter(({ text, not }) => {
      const key = `${not}${fold(text)}`;
      return fold(text) && !seen.has(key) && seen.add(key);
    });
}

/** Where the folded wordings (`loose`: whatever punctuation is between) stand in a text: [start, end] in the text itself, in order, not overlapping. */
export function find(text, wordings, loose = false) {
  const { folded, starts, ends } = foldMap(text, loose);
  const found = [];
  for (const wording of wordings) {
    for (let at = folded.indexOf(wording); wording && at >= 0; at = folded.indexOf(wording, at + wording.length)) {
      found.push([starts[at], ends[at + wording.length - 1]]);
    }
  }
  found.sort((a, b) => a[0] - b[0] || b[1] - a[1]);
  let last = 0;
  return found.filter(([start, end]) => start >= last && (last = end));
}

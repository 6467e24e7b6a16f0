// Every place of a word, read from the index files themselves (their form: build_tools/postings.py): Pagefind's
// engine tells only the first place of a phrase, or all places of a word in half a millisecond an article.
import { MARK, words } from "./fold.js";

const SIGNATURE = "pagefind_dcd".length;
const TEXT = new TextDecoder();

async function unpacked(url) {
  const got = await self.fetch(url); // engine.js notes what fails
  if (!got.ok) throw new Error(`${got.status} ${url}`);
  const bytes = new Uint8Array(await got.arrayBuffer());
  if (bytes[0] !== 0x1f) return bytes; // a server may have unpacked it
  return new Uint8Array(await new Response(new Response(bytes).body.pipeThrough(new DecompressionStream("gzip"))).arrayBuffer());
}

/** Reads CBOR in its order: `head` is a number, or the length of an array or string. */
function reading(bytes) {
  let at = SIGNATURE;
  const head = () => {
    const value = bytes[at++] & 31;
    if (value < 24) return value;
    if (value === 24) return bytes[at++];
    let long = 0;
    for (let left = 1 << (value - 24); left > 0; left -= 1) long = long * 256 + bytes[at++];
    return long;
  };
  const list = (read) => {
    const out = [];
    for (let left = head(); left > 0; left -= 1) out.push(read());
    return out;
  };
  const string = () => {
    const length = head();
    return TEXT.decode(bytes.subarray(at, (at += length)));
  };
  return { head, list, string };
}

/** [first word, last word, file] of each chunk. */
function chunksOf({ head, list, string }) {
  head();
  string();
  list(() => [head(), string(), head()]);
  return list(() => [head(), string(), string(), string()].slice(1));
}

/** Put the places of the `wanted` words of a chunk into `all`: word → page → places, in order. */
function gather({ head, list, string }, wanted, all) {
  head();
  list(() => {
    head();
    const word = string();
    const pages = new Map();
    let page = 0;
    list(() => {
      head();
      page += head();
      let place = 0;
      pages.set(page, list(() => (place += head())));
      head();
    });
    head();
    if (wanted.has(word)) all.set(word, pages);
  });
}

async function gathered(base, files, wanted, all) {
  await Promise.all(files.map(async (file) => gather(reading(await unpacked(`${base}index/${file}.pf_index`)), wanted, all)));
  return all;
}

/** How rare the words of a chunk are: chunks have one size, so the more words one has, the fewer places each has. */
function rarity([first, last]) {
  return first.length === 1 && last.length === 1 ? last.charCodeAt(0) - first.charCodeAt(0) : 0;
}

const ROW = 24; // marks in a row between two characters: over more a wording does not go on

/** Whether some page has the words in this order and so near that only marks may be between them. */
function near(words, all) {
  let ends = null; // page → places where the words, as far as they are read, may end
  for (const word of words) {
    const next = new Map();
    for (const [page, places] of all.get(word) ?? []) {
      const before = ends?.get(page);
      let at = 0;
      const follows = (place) => {
        while (before[at] < place - ROW - 1) at += 1;
        return before[at] < place;
      };
      const kept = ends ? (before ? places.filter(follows) : []) : places;
      if (kept.length) next.set(page, kept);
    }
    ends = next;
  }
  return ends.size > 0;
}

/**
 * Word → page → places for the words of the wordings, or null where no page can have one of them, whatever marks are
 * between. The file with the rarest words comes first and mostly answers; the file of all marks is not asked for.
 */
export async function possible(base, wordings) {
  const chunks = chunksOf(reading(await unpacked(`${base}pagefind.unknown_meta.pf_meta`)));
  const chunk = (word) => chunks.find(([first, last]) => first <= word && word <= last);
  let open = wordings.map(words).filter((some) => some.every(chunk));
  const wanted = new Set(open.flat());
  const asked = [...new Set([...wanted].map(chunk))].sort((one, other) => rarity(other) - rarity(one));
  const all = new Map();
  for (const part of [asked.slice(0, 1), asked.slice(1)].filter((some) => some.length)) {
    await gathered(base, part.map(([, , file]) => file), wanted, all);
    open = open.filter((some) => {
      const told = some.filter((word) => part[0] !== asked[0] || chunk(word) === asked[0]);
      if (told.length === some.length) return near(some, all);
      const pages = told.map((word) => all.get(word) ?? new Map());
      return !pages.length || [...pages[0].keys()].some((page) => pages.every((one) => one.has(page)));
    });
    if (!open.length) return null;
  }
  return all;
}

/**
 * Pages that have one of the wordings (folded, without punctuation) whatever marks stand between its characters,
 * each with the first place that has it. Exact: places are compared as they are when no mark is counted, and the
 * border between blocks is no mark.
 */
export async function loosely(base, wordings) {
  const all = await possible(base, wordings);
  if (!all) return new Map();
  const spelt = wordings.map(words);
  const chunks = chunksOf(reading(await unpacked(`${base}pagefind.unknown_meta.pf_meta`)));
  const files = chunks.filter(([first, last]) => first <= MARK && MARK <= last).map(([, , file]) => file);
  const marks = (await gathered(base, files, new Set([MARK]), all)).get(MARK);
  const bare = (page, places) => {
    const here = marks?.get(page) ?? [];
    let before = 0;
    return places.map((place) => {
      while (here[before] < place) before += 1;
      return place - before;
    });
  };
  const found = new Map();
  for (const wording of spelt) {
    let ends = null; // page → bare places where the wording, as far as it is read, ends
    for (const word of wording) {
      const next = new Map();
      for (const [page, places] of all.get(word) ?? []) {
        const before = ends?.get(page);
        if (ends && !before) continue;
        const kept = bare(page, places).filter((place) => !ends || before.has(place - 1));
        if (kept.length) next.set(page, new Set(kept));
      }
      ends = next;
    }
    for (const [page, places] of ends) {
      let first = Math.min(...places) - wording.length + 1;
      for (const mark of marks?.get(page) ?? []) if (mark <= first) first += 1;
      found.set(String(page), Math.min(found.get(String(page)) ?? Infinity, first));
    }
  }
  return found;
}

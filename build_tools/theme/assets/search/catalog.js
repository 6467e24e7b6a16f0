// What is there to search: the manifest, names for suggestions, texts for excerpts. Fetched once a page.
import { fold } from "./fold.js";

const fetched = new Map();

function json(url, read = (answer) => answer.json()) {
  if (!fetched.has(String(url))) {
    const got = fetch(url).then((answer) => {
      if (!answer.ok) throw new Error(`${answer.status} ${url}`);
      return read(answer);
    });
    got.catch(() => fetched.delete(String(url)));
    fetched.set(String(url), got);
  }
  return fetched.get(String(url));
}

/** What lies packed at the host; a server may have unpacked it. */
async function unpacked(answer) {
  const bytes = new Uint8Array(await answer.arrayBuffer());
  const body = new Response(bytes);
  return bytes[0] === 0x1f ? new Response(body.body.pipeThrough(new DecompressionStream("gzip"))).json() : body.json();
}

export const root = (base) => new URL("search/data/", base);
export const manifest = (base) => json(new URL("manifest.json", root(base)));
export const blocks = (base, hit) => json(new URL(`text/${hit.id}-${hit.text}.json.gz`, root(base)), unpacked);

const TONES = /[\u0300\u0301\u0304\u030c]/g;
const toneless = (text) => fold(text.normalize("NFD").replace(TONES, "").normalize("NFC"));
/** Pinyin as it is typed: letters only, ü as v, with tones or without. */
export const spelling = (text) => toneless(text).replace(/ü/g, "v").replace(/[^a-z]/g, "").replace(/([ln])yu/g, "$1v");
export const isSpelling = (text) => /^[a-zü'’-]+$/.test(toneless(text)) && spelling(text) !== "";

/** People and organisations whose names may begin so. */
async function shelf(base, text) {
  const { names } = await manifest(base);
  const first = [...fold(text)][0] ?? "";
  const letters = isSpelling(text)
    ? Object.keys(names).filter((letter) => letter === spelling(text)[0])
    : Object.keys(names).filter((letter) => names[letter][1].includes(first));
  const rows = await Promise.all(letters.map((letter) => json(new URL(`names/${letter}.json?${names[letter][0]}`, root(base)))));
  return rows.flat().map(([kind, name, wording, pinyin, initials, path, key, articles]) => ({
    kind, name, wording, pinyin, initials, path, key, articles,
  }));
}

/** Persons whose pinyin or initials are exactly these; else whose pinyin begins so. */
export async function spelt(base, text) {
  const typed = spelling(text);
  const people = (await shelf(base, typed)).filter((one) => one.kind === "person");
  const whole = people.filter((one) => one.pinyin === typed || (typed.length > 1 && one.initials === typed));
  return unique(whole.length || typed.length < 3 ? whole : people.filter((one) => one.pinyin.startsWith(typed))).slice(0, 20);
}

const unique = (rows) => rows.filter((one, at) => rows.findIndex((other) => other.path === one.path) === at);

/** Themes with a label that `wanted(folded label, is it the preferred one)` accepts. */
async function themes(base, wanted) {
  const { themes: all } = await manifest(base);
  const found = [];
  for (const [name, path, articles, others, key = name] of all) {
    const wording = [name, ...others].find((one) => wanted(fold(one), one === name));
    if (wording) found.push({ kind: "theme", name, wording, path, key, articles });
  }
  return found;
}

/** What a reader may be typing: people, themes, organisations; the most frequent first. */
export async function suggest(base, text, limit = 8) {
  const typed = fold(text);
  if (!typed) return [];
  const [named, about] = await Promise.all([shelf(base, text), themes(base, (one) => one.includes(typed))]);
  const latin = isSpelling(text) ? spelling(text) : "";
  const begins = named.filter((one) =>
    latin ? one.pinyin.startsWith(latin) || one.initials.startsWith(latin) : fold(one.wording).startsWith(typed),
  );
  const people = unique(begins.filter((one) => one.kind === "person"));
  const places = unique(begins.filter((one) => one.kind === "organization"));
  const near = (one) => (one.wording !== one.name ? 2 : fold(one.name).startsWith(typed) ? 0 : 1);
  about.sort((a, b) => near(a) - near(b) || b.articles - a.articles);
  return [...people.slice(0, 4), ...about.slice(0, 4), ...places.slice(0, 4)].slice(0, limit);
}

/** Pages that a query names, told apart from what the texts contain. */
export async function named(base, text) {
  const typed = fold(text);
  if (!typed) return [];
  const [found, about] = await Promise.all([
    shelf(base, text),
    themes(base, (one, preferred) => one === typed || (preferred && typed.length > 1 && one.startsWith(typed))),
  ]);
  const latin = isSpelling(text) ? spelling(text) : "";
  const same = found.filter((one) => fold(one.wording) === typed || (latin && (one.pinyin === latin || one.initials === latin)));
  return [...unique(same), ...about].slice(0, 6);
}

// The worker that asks Pagefind, one instance a bundle. In a worker the reader's typing never waits,
// and `fetch` can be wrapped without touching the page's own.
//
// Why wrapped: Pagefind only logs a chunk that does not come and then answers too little; a reader
// must be told instead. And each instance fetches the same WebAssembly again; one is enough.

import { bare, fold } from "./fold.js";
import { loosely, possible } from "./places.js";

const failed = new Set();
const open = new Map(); // bundle → promise of {ask, catalogue, base}
const native = self.fetch.bind(self);
let wasm = null;
let running = false;
let root = "";
let index = ""; // where the bundles' own files are: those of the Traditional mirror are the site's
let engine = "";
let current = 0;
const early = new Map(); // address → answer that is under way before Pagefind asks for it
// Address → promise of the bytes of an index file, for places.js too: asking the HTTP cache cost 2 ms and more a file,
// and two that ask at once must not read one answer.
const kept = new Map();
let goOn = () => {};

self.fetch = async (input) => {
  const url = String(input);
  if (url.includes("/wasm.")) return new Response(running ? "pagefind_dcd" : await program()); // asked for once more, it is not looked at
  const bundle = url.slice((url.startsWith(index) ? index : root).length).split("/")[0];
  const answer = async () => {
    const got = await (early.get(url) ?? native(input));
    early.delete(url);
    return got;
  };
  const bytes = async () => {
    const got = await answer();
    if (!got.ok) throw new Error(`${got.status} ${url}`);
    return got.arrayBuffer();
  };
  try {
    if (!url.includes(".pf_")) {
      const got = await answer();
      if (!got.ok) failed.add(bundle);
      return got;
    }
    if (!kept.has(url)) kept.set(url, bytes());
    return new Response(await kept.get(url));
  } catch (error) {
    kept.delete(url);
    early.delete(url);
    failed.add(bundle);
    throw error;
  }
};

/** Whether WebAssembly may run here: a host's policy can forbid it, and some browsers have none. */
function runs() {
  try {
    return Boolean(new WebAssembly.Module(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0))); // an empty one
  } catch {
    return false;
  }
}

function program() {
  wasm ??= native(`${index}${engine}/wasm.unknown.pagefind`).then((got) => {
    if (!got.ok) throw new Error(`${got.status} wasm`);
    return got.arrayBuffer();
  });
  wasm.catch(() => {}); // told when it is used
  return wasm;
}

function ahead(url) {
  const answer = native(url);
  answer.catch(() => {});
  early.set(url, answer);
}

/** All that a bundle needs is asked for at once: one after the other it would be four ways to the server. */
async function load(bundle, wanted) {
  const base = `${index}${bundle}/`;
  program();
  for (const name of ["pagefind-entry.json?ts=0", "pagefind.unknown_meta.pf_meta"]) ahead(base + name);
  let fetched = null;
  const catalogue = () => (fetched ??= rowsOf(`${root}${bundle}/`)); // half of a bundle's bytes, if nothing is found there
  if (wanted) catalogue().catch(() => {}); // told when it is used
  const { createInstance } = await import(`${index}${engine}/pagefind.js`);
  let instance = null;
  const ask = async (phrase) => {
    instance ??= createInstance({ basePath: base, metaCacheTag: "0", noWorker: true });
    const { results } = await instance.search(phrase);
    running = true;
    return results;
  };
  return { ask, catalogue, base };
}

async function rowsOf(base) {
  const got = await self.fetch(`${base}articles.json`);
  if (!got.ok) throw new Error(`${got.status} ${base}`);
  const { articles, people, names, shown = names } = await got.json();
  const named = names.map((name, at) => [name, shown[at]]);
  return { rows: new Map(articles.map((row, at) => [String(at), row])), people, named }; // a result's id is the row's number
}

/** Ids that have one of the phrases, each with the first place that has it. */
async function places(ask, phrases) {
  const here = new Map();
  for (const one of phrases) {
    for (const { id, words } of await ask(one)) here.set(id, Math.min(here.get(id) ?? Infinity, ...words.slice(0, 1)));
  }
  return here;
}

const opened = (bundle, wanted) => {
  if (!open.has(bundle)) open.set(bundle, load(bundle, wanted));
  return open.get(bundle);
};

/** Whether a bundle can have all positive terms, whatever marks are between their characters: told by few of its files. */
async function may(bundle, terms, wanted) {
  opened(bundle, wanted).catch(() => {}); // told when it is used
  for (const { not, wordings } of terms) if (!not && !(await possible(`${index}${bundle}/`, wordings))) return false;
  return true;
}

/** Rows that match every positive term and no negative one, each with its rank. */
async function searchBundle(bundle, terms, wanted) {
  const { ask, catalogue, base } = await opened(bundle, wanted);
  let found = null; // id → rank
  for (const term of terms.filter((one) => !one.not)) {
    const here = term.loose ? await loosely(base, term.wordings) : await places(ask, term.phrases);
    if (failed.has(bundle)) throw new Error(bundle);
    for (const id of here.keys()) if (found && !found.has(id)) here.delete(id);
    if (!here.size) return [];
    const { rows } = await catalogue();
    for (const [id, location] of here) {
      const [, title, , , , , , , head] = rows.get(id);
      const folded = term.loose ? bare(fold(title)) : fold(title);
      const rank = term.wordings.some((one) => folded.includes(one)) ? 2 : location < head ? 1 : 0;
      here.set(id, (found?.get(id) ?? 0) + rank);
    }
    found = here;
  }
  const { rows, people, named } = await catalogue();
  found ??= new Map([...rows.keys()].map((id) => [id, 0]));
  for (const term of terms.filter((one) => one.not)) {
    for (const id of (await places(ask, term.phrases)).keys()) found.delete(id);
    if (failed.has(bundle)) throw new Error(bundle);
  }
  return [...found].map(([id, rank]) => {
    const [article, title, date, kind, level, organization, who, themes, , trust, text, shown = title] = rows.get(id);
    return {
      bundle, id: article, title, shown, date, kind, level, trust, text, rank,
      organization: named[organization],
      people: who.map((at) => people[at]),
      themes: themes.map((at) => named[at]),
    };
  });
}

// A question, or the word to go on: the newest volume is asked alone, and the others only when its
// results are on the page, so that they neither wait for the network nor share the processor.
// Until a volume answers `terms`, each that does not is asked for `near` at once: a wording that stands
// nowhere as typed would else be looked for in all volumes before its first result is shown.
self.onmessage = async ({ data }) => {
  goOn();
  if (data.goOn) return;
  const { id, bundles, terms } = data;
  let { near } = data;
  ({ root, index, engine } = data);
  current = id;
  const queue = [...bundles];
  const next = async (first) => {
    const bundle = queue.shift();
    let hits = [];
    try {
      if (!near || (await may(bundle, near, first))) {
        hits = await searchBundle(bundle, terms, first);
        if (hits.length) near = null;
        else if (near) hits = (await searchBundle(bundle, near, first)).map((hit) => ({ ...hit, loose: true }));
      }
      self.postMessage({ id, bundle, hits });
    } catch (error) {
      self.postMessage({ id, bundle, error: runs() ? String(error) : "wasm" });
    }
    return hits.length;
  };
  const rest = async () => {
    while (queue.length && id === current) await next(false);
  };
  if (queue.length) {
    const shown = new Promise((resolve) => (goOn = resolve));
    if (await next(true)) await shown;
  }
  await Promise.all([rest(), rest(), rest(), rest()]);
  self.postMessage({ id, done: true });
};

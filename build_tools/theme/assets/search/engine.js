// The worker that asks Pagefind, one instance a bundle. In a worker the reader's typing never waits,
// and `fetch` can be wrapped without touching the page's own.
//
// Why wrapped: Pagefind only logs a chunk that does not come and then answers too little; a reader
// must be told instead. And each instance fetches the same WebAssembly again; one is enough.

import { fold } from "./fold.js";

const failed = new Set();
const open = new Map(); // bundle → promise of {ask, rows, catalogue}
const native = self.fetch.bind(self);
let wasm = null;
let running = false;
let root = "";
let engine = "";
let current = 0;
const early = new Map(); // address → answer that is under way before Pagefind asks for it
let goOn = () => {};

self.fetch = async (input) => {
  const url = String(input);
  if (url.includes("/wasm.")) return new Response(running ? "pagefind_dcd" : await program()); // asked for once more, it is not looked at
  const bundle = url.slice(root.length).split("/")[0];
  try {
    const got = await (early.get(url) ?? native(input));
    early.delete(url);
    if (!got.ok) failed.add(bundle);
    return got;
  } catch (error) {
    failed.add(bundle);
    throw error;
  }
};

function program() {
  wasm ??= native(`${root}${engine}/wasm.unknown.pagefind`).then((got) => {
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
async function load(bundle) {
  const base = `${root}${bundle}/`;
  program();
  for (const name of ["pagefind-entry.json?ts=0", "pagefind.unknown_meta.pf_meta"]) ahead(base + name);
  const [{ createInstance }, got] = await Promise.all([
    import(`${root}${engine}/pagefind.js`),
    self.fetch(`${base}articles.json`),
  ]);
  if (!got.ok) throw new Error(`${got.status} ${bundle}`);
  const catalogue = await got.json();
  let instance = null;
  const ask = async (wanted) => {
    instance ??= createInstance({ basePath: base, metaCacheTag: "0", noWorker: true });
    const { results } = await instance.search(wanted);
    running = true;
    return results;
  };
  const rows = new Map(catalogue.articles.map((row, at) => [String(at), row])); // a result's id is the row's number
  return { ask, rows, catalogue };
}

/** Rows that match every positive term and no negative one, each with its rank. */
async function searchBundle(bundle, terms) {
  if (!open.has(bundle)) open.set(bundle, load(bundle));
  const { ask, rows, catalogue } = await open.get(bundle);
  let found = null;
  const positive = terms.filter((term) => !term.not);
  for (const term of [...positive, ...terms.filter((one) => one.not)]) {
    if (found !== null && found.size === 0) break;
    const here = new Map();
    for (const wanted of term.phrases) {
      for (const { id, words } of await ask(wanted)) {
        here.set(id, Math.min(here.get(id) ?? Infinity, ...words.slice(0, 1)));
      }
    }
    if (failed.has(bundle)) throw new Error(bundle);
    if (term.not) {
      found ??= new Map([...rows.keys()].map((id) => [id, 0]));
      for (const id of here.keys()) found.delete(id);
      continue;
    }
    const next = new Map();
    for (const [id, location] of here) {
      const row = rows.get(id);
      if (!row || (found && !found.has(id))) continue;
      const title = fold(row[1]);
      const rank = term.wordings.some((one) => title.includes(one)) ? 2 : location < row[8] ? 1 : 0;
      next.set(id, (found?.get(id) ?? 0) + rank);
    }
    found = next;
  }
  found ??= new Map([...rows.keys()].map((id) => [id, 0]));
  const { people, names } = catalogue;
  return [...found].map(([id, rank]) => {
    const [article, title, date, kind, level, organization, who, themes] = rows.get(id);
    return {
      bundle, id: article, title, date, kind, level, rank,
      organization: names[organization] ?? "",
      people: who.map((at) => people[at]),
      themes: themes.map((at) => names[at]),
    };
  });
}

// A question, or the word to go on: the newest volume is asked alone, and the others only when its
// results are on the page, so that they neither wait for the network nor share the processor.
self.onmessage = async ({ data }) => {
  goOn();
  if (data.goOn) return;
  const { id, bundles, terms } = data;
  ({ root, engine } = data);
  current = id;
  const queue = [...bundles];
  const next = async () => {
    const bundle = queue.shift();
    let hits = [];
    try {
      hits = await searchBundle(bundle, terms);
      self.postMessage({ id, bundle, hits });
    } catch (error) {
      self.postMessage({ id, bundle, error: String(error) });
    }
    return hits.length;
  };
  const rest = async () => {
    while (queue.length && id === current) await next();
  };
  if (queue.length) {
    const shown = new Promise((resolve) => (goOn = resolve));
    if (await next()) await shown;
  }
  await Promise.all([rest(), rest(), rest(), rest()]);
  self.postMessage({ id, done: true });
};

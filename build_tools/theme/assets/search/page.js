// The search page: reads the address, asks the engine, shows what comes, keeps the address shareable.
import { isSpelling, manifest, named, root, spelt } from "./catalog.js";
import { bare, fold, parse, phrase, variants } from "./fold.js";
import { item, LEVELS, SORTS, TRUSTS } from "./hits.js";
import { addStyle, attach, element, KINDS } from "./suggest.js";

const SHOWN = 10; // at first: so many texts are fetched for excerpts
const MORE = 30;
const PAUSE = 250; // ms: a query that the reader still types shall not fetch every volume
const REAL = ["original", "unproved", "repost"]; // one choice, `real`: neither a model speech nor a damaged text
// Facet → [its name, a hit's values: key and, where no list of words has it, what to call it; the words].
const FACETS = {
  year: ["年份", (hit) => [[/^\d{4}/.exec(hit.date)?.[0] ?? "不明"]]],
  theme: ["主题", (hit) => hit.themes],
  person: ["人物", (hit) => hit.people],
  organization: ["机构", (hit) => (hit.organization ? [hit.organization] : [])],
  level: ["层级", (hit) => [[hit.level]], LEVELS],
  kind: ["类型", (hit) => [[hit.kind]], SORTS],
  trust: ["可信度", (hit) => [[hit.trust], ...(REAL.includes(hit.trust) ? [["real"]] : [])], { ...TRUSTS, real: "原发和转载" }],
};

/** What the address asks for. */
function asked() {
  const given = new URLSearchParams(location.search);
  const filters = {};
  for (const name of Object.keys(FACETS)) if (given.get(name)) filters[name] = given.get(name);
  const shown = Math.min(1000, Math.max(SHOWN, Number.parseInt(given.get("n"), 10) || SHOWN));
  const marks = given.get("marks") === "any"; // punctuation does not count
  return { q: (given.get("q") ?? "").slice(0, 500), filters, sort: given.get("sort") === "date" ? "date" : "relevance", shown, marks };
}

/** A reader who comes back from an article shall find the list where it was; the browser finds an empty page. */
const comesBack = () => performance.getEntriesByType("navigation")[0]?.type === "back_forward";

const newest = (a, b) => {
  const [one, other] = [a.date.replaceAll("X", "0"), b.date.replaceAll("X", "0")];
  return one === other ? (a.id < b.id ? -1 : 1) : one < other ? 1 : -1;
};

/** One worker; a new one after a failed download, because Pagefind remembers failures. */
class Engine {
  #worker = null;
  #asked = 0;

  constructor() {
    this.start(); // its script comes while the manifest does
  }

  start() {
    if (!this.#worker) {
      this.#worker = new Worker(new URL("./engine.js", import.meta.url), { type: "module" });
      this.#worker.onerror = () => this.reset(); // nobody asks yet; the first search tries again
    }
    return this.#worker;
  }

  /** Search for `terms`, or `near` where they are not;
   *  `each(bundle, hits, error)` is called as bundles answer.
   * One that a newer one supersedes never ends. */
  run(base, { bundles, engine, index = "" }, terms, near, each) {
    const id = ++this.#asked;
    const worker = this.start();
    return new Promise((resolve, reject) => {
      worker.onerror = () => {
        this.reset();
        reject(new Error("engine"));
      };
      worker.onmessage = ({ data }) => {
        if (data.id !== id) return;
        if (data.done) resolve();
        else each(data.bundle, data.hits ?? [], data.error);
      };
      worker.postMessage({ id, bundles: bundles.map(([name]) => name), engine, root: root(base).href, index: new URL(index, root(base)).href, terms, near });
    });
  }

  /** What came first is on the page: go on. */
  goOn() {
    this.#worker?.postMessage({ goOn: true });
  }

  reset() {
    this.#worker?.terminate();
    this.#worker = null;
  }
}

/** The terms as the engine takes them; `pick` chooses among the variants of each. */
function plan(terms, pick) {
  return terms.map(({ text, not }) => {
    const wordings = pick(variants(text));
    return { not, wordings, phrases: wordings.map(phrase) };
  });
}

const typed = (terms) => terms.filter((one) => !one.not).map((one) => one.text);

/** The terms for a search that passes over punctuation; what is not to be there stays as typed. */
function loosePlan(terms) {
  const wide = terms.filter(({ not, text }) => not || bare(fold(text)));
  return plan(wide, ({ now, later }) => [...now, ...later]).map((term) =>
    term.not ? term : { ...term, loose: true, wordings: [...new Set(term.wordings.map(bare))] });
}

class SearchPage {
  constructor(base) {
    this.base = base;
    this.engine = new Engine();
    manifest(base).catch(() => {}); // told by the search that needs it
    this.box = document.querySelector("#digest-search");
    this.results = document.querySelector("#search-results");
    // One line, two halves: what has come so far is seen, and only the outcome is read out.
    this.progress = element("span", { "aria-hidden": "true" });
    this.status = element("span", { role: "status" });
    this.told = element("div", { class: "ds-told", hidden: "" });
    this.controls = document.querySelector("#search-filters") ?? element("div", { id: "search-filters" });
    this.controls.hidden = true;
    this.controls.classList.add("ds-controls");
    this.controls.setAttribute("role", "group");
    this.controls.setAttribute("aria-label", "筛选与排序");
    this.more = element("button", { type: "button", class: "ds-more", hidden: "" }, "显示更多");
    this.retry = element("button", { type: "button", class: "ds-retry", hidden: "" }, "重试");
    this.results.replaceChildren();
    this.results.removeAttribute("aria-live"); // the status line speaks; a list read out whole would not end
    this.list = /^[OU]L$/.test(this.results.tagName) ? this.results : element("ol", { class: "ds-list" });
    if (this.list !== this.results) this.results.append(this.list);
    else this.list.classList.add("ds-list");
    this.results.before(element("p", { class: "ds-status" }, this.progress, this.status), this.retry, this.told, this.controls);
    this.results.after(this.more);
    this.title = document.title;
    this.turn = 0;
    this.hits = [];
    this.items = new Map(); // hit → promise of its list item
  }

  start() {
    addStyle(this.base);
    const typedBefore = this.box.value;
    this.box.value ||= asked().q;
    attach(this.box, this.base);
    let timer = 0;
    const later = (event) => {
      if (event?.isComposing) return;
      clearTimeout(timer);
      timer = setTimeout(() => this.ask({ q: this.box.value }, false, PAUSE), 250);
    };
    this.box.addEventListener("input", later);
    this.box.addEventListener("compositionend", () => later());
    this.box.form?.addEventListener("submit", (event) => {
      event.preventDefault();
      clearTimeout(timer);
      this.ask({ q: this.box.value }, true);
    });
    addEventListener("popstate", () => {
      this.box.value = asked().q;
      this.run();
    });
    this.more.addEventListener("click", async () => {
      const before = this.list.children.length;
      this.readdress({ n: asked().shown + MORE }, false);
      await this.show(this.turn);
      this.list.children[before]?.querySelector("a").focus();
    });
    this.retry.addEventListener("click", () => this.run());
    this.box.addEventListener("keydown", (event) => {
      if (event.key === "ArrowDown" && !event.defaultPrevented && !event.isComposing) this.step(event, 0);
    });
    this.list.addEventListener("keydown", (event) => {
      const at = [...this.list.children].indexOf(event.target.closest(".ds-hit"));
      if (event.key === "ArrowDown") this.step(event, at + 1);
      else if (event.key === "ArrowUp") this.step(event, at - 1);
    });
    addEventListener("pagehide", () => sessionStorage.setItem(location.href, scrollY));
    if (typedBefore && !asked().q) return this.ask({ q: typedBefore }, false, PAUSE);
    return this.run().then(() => comesBack() && scrollTo(0, sessionStorage.getItem(location.href)));
  }

  step(event, at) {
    const target = at < 0 ? this.box : this.list.children[at]?.querySelector("a.ds-title");
    if (!target) return;
    event.preventDefault();
    target.focus();
  }

  /** Change the address, then search. Filters stay when the words change: they stand above the results. */
  ask(changes, push, pause = 0) {
    this.readdress(changes, push);
    return this.run(pause);
  }

  readdress(changes, push) {
    const now = new URLSearchParams(location.search);
    if (!("n" in changes)) now.delete("n");
    for (const [name, value] of Object.entries(changes)) {
      if (value) now.set(name, value);
      else now.delete(name);
    }
    const text = now.toString();
    history[push ? "pushState" : "replaceState"](null, "", text ? `?${text}` : location.pathname);
  }

  state(name, articles = null) {
    this.results.dataset.state = name;
    if (articles !== null) this.results.dataset.articles = String(articles);
    this.results.setAttribute("aria-busy", String(name === "loading"));
  }

  /** The line above the results: the outcome, or how far it has come. */
  say(text, finished = true) {
    this.progress.textContent = finished ? "" : text;
    this.status.textContent = finished ? text : "";
  }

  async run(pause = 0) {
    const turn = ++this.turn;
    this.pause = pause;
    const { q, filters } = asked();
    this.hits = [];
    this.items.clear();
    this.failed = [];
    this.note = "";
    this.retry.hidden = true;
    this.told.hidden = true;
    const words = parse(q);
    this.typed = typed(words);
    document.title = words.length ? `${q.trim()} - ${this.title}` : this.title;
    if (!words.length && !Object.keys(filters).length) {
      this.engine.reset();
      this.list.replaceChildren();
      this.controls.hidden = true;
      this.more.hidden = true;
      this.say(q.trim() ? "请输入要查的字词。" : "");
      this.state("idle", 0);
      return;
    }
    this.state("loading", 0);
    this.say("正在查找…", false);
    try {
      await Promise.all([this.tell(turn, q), this.search(turn, q, words)]);
      if (turn === this.turn) await this.show(turn);
    } catch {
      this.failed.push("");
    }
    if (turn === this.turn) this.finish();
  }

  /** What has the query as it stands; if nothing, or if the reader asks for it, what has it but for the punctuation. */
  async search(turn, q, words) {
    const catalogue = await manifest(this.base);
    const wide = loosePlan(words);
    const near = wide.some((term) => !term.not) && globalThis.DecompressionStream ? wide : null; // Safari before 16.4
    await this.exactly(turn, q, words, catalogue, near);
    if (turn !== this.turn) return;
    const exact = this.exact();
    if (exact) this.hits = this.hits.filter((hit) => !hit.loose); // shown until it came
    if (this.failed.length || !near) return;
    if (!exact) {
      this.typed = typed(words);
      if (this.hits.length) this.note = "没有一字不差的字句；不计标点，";
    } else if (asked().marks) await this.pass(turn, catalogue, near);
  }

  exact() {
    return this.hits.some((hit) => !hit.loose);
  }

  /** The query as typed; if nothing has it, what else it may mean: other characters, quotes that only quote, pinyin. */
  async exactly(turn, q, words, catalogue, near) {
    await this.pass(turn, catalogue, plan(words, ({ now }) => now), near);
    if (turn !== this.turn || this.exact() || this.failed.length) return;
    if (words.some(({ text }) => variants(text).later.length)) {
      await this.pass(turn, catalogue, plan(words, ({ now, later }) => [...now, ...later]));
      if (turn !== this.turn || this.exact()) return;
    }
    const unquoted = words.map((one) => ({ ...one, text: /^[“「『‘](.+)[”」』’]$/.exec(one.text)?.[1] ?? one.text }));
    if (unquoted.some(({ text }, at) => text !== words[at].text && fold(text))) {
      this.note = "没有连同引号的字样，按引号内的字句查找。";
      this.typed = typed(unquoted);
      await this.pass(turn, catalogue, plan(unquoted, ({ now }) => now));
      if (turn !== this.turn || this.exact()) return;
      this.note = "";
    }
    if (!isSpelling(q)) return;
    const people = [...new Set((await spelt(this.base, q)).map((one) => one.name))];
    if (turn !== this.turn || !people.length) return;
    this.note = `没有“${q.trim()}”字样，按拼音查找：${people.join("、")}。`;
    this.typed = people;
    const wordings = people.map(fold);
    await this.pass(turn, catalogue, [{ not: false, wordings, phrases: wordings.map(phrase) }]);
  }

  async pass(turn, catalogue, terms, near = null) {
    const traits = (some) => {
      const sought = some.filter((term) => !term.not);
      return { terms: sought.map((term) => term.wordings), loose: sought.some((term) => term.loose) };
    };
    const there = new Set(this.hits.filter((hit) => !hit.loose).map((hit) => hit.id));
    const { shown } = asked();
    let drawing = null;
    let drawn = 0;
    await this.engine.run(this.base, catalogue, terms, near, (bundle, hits, error) => {
      if (turn !== this.turn) return;
      if (error) this.failed.push(error === "wasm" ? error : bundle);
      this.hits.push(...hits.filter((hit) => !there.has(hit.id)).map((hit) => ({ ...hit, ...traits(hit.loose ? near : terms) })));
      this.count();
      if (!this.hits.length || drawn >= shown) return;
      drawn = this.passing().length; // a full page is put in its final order at the end, not volume by volume
      drawing = this.show(turn).catch(() => this.failed.push("")).finally(() => setTimeout(() => turn === this.turn && this.engine.goOn(), this.pause));
    });
    await drawing;
  }

  /** The hits that pass the filters, `but` one facet's, in the order asked for. */
  passing(but = "") {
    const { filters, sort } = asked();
    const wanted = Object.entries(filters).filter(([name]) => name !== but);
    const kept = this.hits.filter((hit) => wanted.every(([name, value]) => FACETS[name][1](hit).some(([key]) => key === value)));
    const order = sort === "date" ? newest : (a, b) => b.rank - a.rank || newest(a, b);
    return but ? kept : kept.sort((a, b) => a.loose - b.loose || order(a, b)); // what is exact comes first
  }

  count() {
    this.state("loading", this.passing().length);
    this.say(`正在查找… 已有 ${this.results.dataset.articles} 篇`, false);
  }

  async show(turn) {
    const { shown } = asked();
    const hits = this.passing();
    const made = await Promise.all(hits.slice(0, shown).map((hit) => this.item(hit)));
    if (turn !== this.turn) return;
    if (made.some((one) => one.lost)) this.failed.push("");
    made.forEach((one, at) => { // what stands there already stays: with hundreds, drawing all again takes a second
      const there = this.list.children[at];
      if (there !== one.made) this.list.insertBefore(one.made, there ?? null);
    });
    while (this.list.children.length > made.length) this.list.lastChild.remove();
    this.more.hidden = hits.length <= shown;
  }

  /** A hit's list item, made once however often the list is drawn. */
  item(hit) {
    if (!this.items.has(hit)) this.items.set(hit, item(this.base, hit, this.typed));
    return this.items.get(hit);
  }

  finish() {
    const hits = this.passing();
    const failed = this.failed.length > 0;
    const refused = this.failed.includes("wasm");
    if (!hits.length) this.list.replaceChildren();
    this.facets();
    this.say(refused
      ? "检索要用 WebAssembly，网站或浏览器的安全设置不许运行它，所以不能检索。网站的编者可在 Content-Security-Policy 的 script-src 里加上 'wasm-unsafe-eval'。"
      : failed
      ? `有一部分没有下载成功，结果不完整（已找到 ${hits.length} 篇）。请检查网络后重试。`
      : this.note + this.found(hits));
    this.retry.hidden = !failed || refused;
    if (failed) this.engine.reset();
    this.state(failed ? "error" : "ready", hits.length);
  }

  found(hits) {
    const [count, all] = [hits.length, this.hits.length];
    if (!all) return "没有找到。可以减少字词，或换一种说法。";
    if (!this.typed.length) return count ? `共 ${count} 篇文章。` : "没有符合筛选的文章。";
    if (!count) return `没有符合筛选的文章；不加筛选有 ${all} 篇。`;
    const loose = hits.filter((hit) => hit.loose).length;
    const among = !asked().marks || this.note ? "" : loose ? `，其中 ${loose} 篇标点不同` : "；不计标点，没有更多";
    return `找到 ${count} 篇文章${all > count ? `（不加筛选有 ${all} 篇）` : ""}${among}。`;
  }

  /** People, themes and organisations of that name, apart from what the texts contain. */
  async tell(turn, q) {
    const found = await named(this.base, q.replaceAll('"', " "));
    if (turn !== this.turn || !found.length) return;
    this.told.replaceChildren(
      element("h2", { class: "ds-told-head" }, "人物、主题、机构"),
      element("ul", { class: "ds-names" }, ...found.map((one) =>
        element("li", { [`data-${one.kind}`]: one.name },
          element("span", { class: "ds-kind" }, KINDS[one.kind]), " ",
          element("a", { href: new URL(one.path, this.base).pathname }, one.name),
          one.wording === one.name ? null : element("span", { class: "ds-also" }, `（又称 ${one.wording}）`),
          element("span", { class: "ds-count" }, ` ${one.articles} 篇`)))));
    this.told.hidden = false;
  }

  facets() {
    const { filters, sort, marks } = asked();
    const made = Object.entries(FACETS).map(([name, [label, of, words = {}]]) => {
      const counts = new Map();
      for (const hit of this.passing(name)) {
        for (const [key, text] of of(hit)) {
          const one = counts.get(key) ?? { text: text ?? words[key] ?? key, count: 0 };
          one.count += 1;
          counts.set(key, one);
        }
      }
      if (filters[name] && !counts.has(filters[name])) counts.set(filters[name], { text: words[filters[name]] ?? filters[name], count: 0 });
      if (name === "trust" && !filters.trust && REAL.filter((one) => counts.has(one)).length < 2) counts.delete("real");
      if (counts.size < 2 && !filters[name]) return null;
      const rows = [...counts].sort((a, b) => (name === "year" ? (a[0] < b[0] ? 1 : -1) : b[1].count - a[1].count || (a[0] < b[0] ? -1 : 1)));
      return this.choice(name, label, filters[name] ?? "", [["", `${label}：全部`],
        ...rows.slice(0, 60).map(([key, { text, count }]) => [key, `${text}（${count}）`])]);
    });
    if (marks || (this.typed.some((one) => bare(fold(one)).length > 1) && this.hits.some((hit) => !hit.loose))) {
      made.push(this.choice("marks", "标点", marks ? "any" : "", [["", "标点：照原样"], ["any", "标点：不计"]], () => this.run()));
    }
    made.push(this.choice("sort", "排序", sort === "date" ? "date" : "", [["", "排序：按相关"], ["date", "排序：按日期"]]));
    if (Object.keys(filters).length) made.push(this.clearing());
    const focused = document.activeElement?.dataset?.facet;
    this.controls.replaceChildren(...made.filter(Boolean));
    if (focused) this.controls.querySelector(`[data-facet="${focused}"]`)?.focus();
    this.controls.hidden = !this.hits.length && !Object.keys(filters).length;
  }

  clearing() {
    const made = element("button", { type: "button", class: "ds-clear" }, "清除筛选");
    made.addEventListener("click", () => {
      this.readdress(Object.fromEntries(Object.keys(FACETS).map((name) => [name, ""])), true);
      this.box.focus();
      this.refine();
    });
    return made;
  }

  choice(name, label, value, options, act = () => this.refine()) {
    const select = element("select", { "aria-label": label, "data-facet": name },
      ...options.map(([key, text]) => element("option", { value: key }, text)));
    select.value = value;
    select.addEventListener("change", () => {
      this.readdress({ [name]: select.value }, true);
      act();
    });
    return select;
  }

  /** Another filter or order over the hits that are already here. */
  async refine() {
    const { q, filters } = asked();
    if (!q.trim() && !Object.keys(filters).length) return this.run();
    if (this.results.dataset.state === "loading") return undefined; // the search ends with them
    const { turn } = this;
    await this.show(turn);
    return turn === this.turn && this.finish();
  }
}

/** Make the search page work. `base` is the site's root as a URL. */
export function start(base) {
  const page = new SearchPage(base);
  globalThis.digestHits = () => page.passing().map((hit) => hit.id); // all matches, shown or not, for scripts
  return page.start();
}

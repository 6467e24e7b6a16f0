// On every page. Nothing more of search is fetched before a reader types, comes with a query in the
// address, or follows a result to its paragraph. No module itself: from a disk, browsers run none.
(() => {
  const base = new URL("../../", document.currentScript.src);
  const load = (name) => import(new URL(`assets/search/${name}.js`, base));
  const given = new URLSearchParams(location.search);
  const box = document.querySelector("#digest-search");
  const results = document.querySelector("#search-results");
  const fail = (why) => {
    results.dataset.state = "error";
    results.textContent = why;
  };
  if (location.protocol === "file:") {
    if (box && results) {
      box.disabled = true;
      fail("这一页是从磁盘上打开的，浏览器不许这样的网页读取索引，所以不能检索。请到网站上检索；在自己的电脑上，可运行 digest serve，再打开它给出的网址。");
    }
    return;
  }
  for (const input of document.querySelectorAll("input[name=q]")) {
    if (input !== box) input.addEventListener("input", () => load("suggest").then((m) => m.attach(input, base)), { once: true });
  }
  if (box && results) {
    const start = () => {
      results.dataset.state = "loading";
      for (const name of ["fold-table", "fold", "catalog", "hits", "suggest"]) load(name).catch(() => {}); // all at once
      load("page").then((m) => m.start(base), () => fail("检索程序没有下载成功，请检查网络后刷新本页。"));
    };
    if (["q", "year", "theme", "person", "organization", "level", "kind", "trust"].some((name) => given.get(name))) start();
    else box.addEventListener("input", start, { once: true });
  }
  if (given.has("hl")) load("highlight").then((m) => m.show(given.getAll("hl")));
})();

// What Material has inline on each page, in one file: its functions, its settings, the switch of colours
// (javascripts/base.html, palette.html, base.html; tests hold their hashes). Nothing of it works without scripts.
// Run in the header, before the first paint.
var __md_scope = new URL("..", document.currentScript.src);
var __md_hash = (text) => [...text].reduce((hash, one) => (hash << 5) - hash + one.charCodeAt(0), 0);
var __md_get = (name, store = localStorage, scope = __md_scope) => JSON.parse(store.getItem(`${scope.pathname}.${name}`));
var __md_set = (name, value, store = localStorage, scope = __md_scope) => {
  try {
    store.setItem(`${scope.pathname}.${name}`, JSON.stringify(value));
  } catch {} // no store: the choice holds for this page
};

document.documentElement.classList.replace("no-js", "js");

// A phone stacks tables of more than three columns: each cell but the first bears the head of its column (digest.css),
// before it is shown, so that nothing moves.
{
  const head = (cell) => {
    const heads = cell.cellIndex && cell.closest("table").tHead?.rows[0].cells;
    if (heads?.length > 3) cell.dataset.head = heads[cell.cellIndex].textContent;
  };
  const all = (node) => (node.matches?.("td") ? head(node) : node.querySelectorAll?.("td").forEach(head));
  const seen = new MutationObserver((records) => records.forEach((one) => one.addedNodes.forEach(all)));
  seen.observe(document.documentElement, { childList: true, subtree: true });
  addEventListener("DOMContentLoaded", () => seen.disconnect());
}
{
  const make = (name, given) => Object.assign(document.createElement(name), given);
  const settings = { base: __md_scope.href, features: ["navigation.top", "toc.follow"], translations: {}, search: "" };
  const toggle = make("input", { id: "__search", type: "checkbox", className: "md-toggle" });
  toggle.dataset.mdToggle = "search";
  document.querySelector("#__drawer").after(
    toggle,
    make("script", { id: "__config", type: "application/json", textContent: JSON.stringify(settings) }),
  );

  const form = make("form", { className: "md-header__option" });
  form.dataset.mdComponent = "palette";
  const titles = document.documentElement.lang === "zh-Hant" ? ["換成深色", "換成淺色"] : ["换成深色", "换成浅色"];
  for (const [at, [media, scheme]] of [["light", "default"], ["dark", "slate"]].entries()) {
    const title = titles[at];
    const input = make("input", { className: "md-option", type: "radio", name: "__palette", id: `__palette_${at}`, ariaLabel: title });
    const told = { media: `(prefers-color-scheme: ${media})`, scheme, primary: "custom", accent: "custom" };
    for (const [name, value] of Object.entries(told)) input.setAttribute(`data-md-color-${name}`, value);
    const label = make("label", { className: `md-header__button md-icon digest-icon digest-to-${media}`, title, hidden: true });
    label.htmlFor = `__palette_${1 - at}`;
    form.append(input, label);
  }
  document.currentScript.before(form);

  const { color } = __md_get("__palette") ?? {};
  if (color?.media === "(prefers-color-scheme)") {
    const scheme = matchMedia("(prefers-color-scheme: light)").matches ? "light" : "dark";
    const input = document.querySelector(`[data-md-color-media="(prefers-color-scheme: ${scheme})"]`);
    for (const name of ["media", "scheme", "primary", "accent"]) color[name] = input.getAttribute(`data-md-color-${name}`);
  }
  for (const [name, value] of Object.entries(color ?? {})) document.body.setAttribute(`data-md-color-${name}`, value);
}

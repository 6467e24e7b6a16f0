// What Material has inline in its templates, in one file, so that a host may forbid inline scripts
// (partials/javascripts/base.html and palette.html; tests hold their hashes). Run in the header, before the first paint.
var __md_scope = new URL("..", document.currentScript.src);
var __md_hash = (text) => [...text].reduce((hash, one) => (hash << 5) - hash + one.charCodeAt(0), 0);
var __md_get = (name, store = localStorage, scope = __md_scope) => JSON.parse(store.getItem(`${scope.pathname}.${name}`));
var __md_set = (name, value, store = localStorage, scope = __md_scope) => {
  try {
    store.setItem(`${scope.pathname}.${name}`, JSON.stringify(value));
  } catch {} // no store: the choice holds for this page
};

{
  const { color } = __md_get("__palette") ?? {};
  if (color?.media === "(prefers-color-scheme)") {
    const scheme = matchMedia("(prefers-color-scheme: light)").matches ? "light" : "dark";
    const input = document.querySelector(`[data-md-color-media="(prefers-color-scheme: ${scheme})"]`);
    for (const name of ["media", "scheme", "primary", "accent"]) color[name] = input.getAttribute(`data-md-color-${name}`);
  }
  for (const [name, value] of Object.entries(color ?? {})) document.body.setAttribute(`data-md-color-${name}`, value);
}

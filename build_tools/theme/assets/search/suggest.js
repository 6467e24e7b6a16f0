// Suggestions of people, themes and organisations below a search box (WAI-ARIA combobox).
import { suggest } from "./catalog.js";

export const KINDS = { person: "人物", theme: "主题", organization: "机构" };
let boxes = 0;

export function addStyle(base) {
  const href = new URL("assets/search/search.css", base).href;
  if (document.querySelector(`link[href="${href}"]`)) return;
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = href;
  document.head.append(link);
}

export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children.filter((child) => child !== null));
  return made;
}

/** Suggest below `box` from now on. */
export function attach(box, base) {
  if (box.getAttribute("role") === "combobox") return;
  addStyle(base);
  const id = `digest-suggestions-${++boxes}`;
  const list = element("ul", { id, role: "listbox", class: "ds-suggestions", "aria-label": "建议", hidden: "" });
  const holder = box.parentElement;
  holder.classList.add("ds-holder");
  box.after(list);
  for (const [name, value] of Object.entries({
    role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": id, autocomplete: "off",
  })) box.setAttribute(name, value);
  let chosen = -1;
  let asked = 0;
  let timer = 0;

  const close = () => {
    asked += 1;
    clearTimeout(timer);
    list.hidden = true;
    chosen = -1;
    box.setAttribute("aria-expanded", "false");
    box.removeAttribute("aria-activedescendant");
  };
  const choose = (at) => {
    const options = [...list.children];
    chosen = at === options.length ? -1 : at < -1 ? options.length - 1 : at;
    options.forEach((option, i) => option.setAttribute("aria-selected", String(i === chosen)));
    if (chosen < 0) box.removeAttribute("aria-activedescendant");
    else {
      box.setAttribute("aria-activedescendant", options[chosen].id);
      options[chosen].scrollIntoView({ block: "nearest" });
    }
  };
  const propose = async () => {
    const mine = ++asked;
    let found = [];
    try {
      found = await suggest(base, box.value.trim());
    } catch {
      // Suggestions are a help; the search itself says what failed.
    }
    if (mine !== asked) return;
    list.replaceChildren(...found.map((one, at) =>
      element("li", { role: "option", id: `${id}-${at}`, "aria-selected": "false", "data-kind": one.kind },
        element("a", { href: new URL(one.path, base).href, tabindex: "-1" },
          element("span", { class: "ds-kind" }, KINDS[one.kind]), " ", one.name,
          one.wording === one.name ? null : element("span", { class: "ds-also" }, `（${one.wording}）`),
          element("span", { class: "ds-count" }, ` ${one.articles} 篇`)))));
    chosen = -1;
    box.removeAttribute("aria-activedescendant");
    list.hidden = found.length === 0;
    box.setAttribute("aria-expanded", String(found.length > 0));
  };
  const later = (event) => {
    if (event?.isComposing) return;
    clearTimeout(timer);
    timer = setTimeout(propose, 120);
  };

  box.addEventListener("input", later);
  box.addEventListener("compositionend", () => later());
  box.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === "Escape" && !list.hidden) {
      close();
      event.preventDefault();
      event.stopPropagation();
    } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && !list.hidden) {
      choose(event.key === "ArrowDown" ? chosen + 1 : chosen - 1);
      event.preventDefault();
    } else if (event.key === "Enter") {
      if (chosen >= 0) {
        event.preventDefault();
        location.assign(list.children[chosen].querySelector("a").href);
      }
      close();
    }
  });
  list.addEventListener("mousedown", (event) => event.preventDefault());
  box.addEventListener("blur", close);
  if (document.activeElement === box) later();
}

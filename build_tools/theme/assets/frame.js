// What Material's frame lacks for the keyboard: the menu, the switch of colours, tables that scroll;
// and what style sheets cannot say of line breaks.
// Without scripts the labels still work by touch, and the menu comes out when focus enters it (digest.css).
(() => {
  "use strict"

  const operable = (label, act) => {
    label.setAttribute("role", "button")
    label.tabIndex = 0
    if (label.title) label.setAttribute("aria-label", label.title)
    label.addEventListener("keydown", (event) => {
      if ((event.key !== "Enter" && event.key !== " ") || event.target !== label) return
      event.preventDefault()
      event.stopPropagation() // Material's form of colours would take Enter a second time
      act()
    })
  }

  const make = (name, given, ...inside) => {
    const one = Object.assign(document.createElement(name), given)
    one.append(...inside)
    return one
  }

  // --- what Material's bundle, which begins when this is done, has on each page ----------
  const heading = document.querySelector("h1")
  if (heading) {
    const topic = make("div", { className: "md-header__topic" }, make("span", { className: "md-ellipsis" }, heading.textContent))
    topic.dataset.mdComponent = "header-topic"
    document.querySelector(".md-header__ellipsis").append(topic)
  }
  const up = make("button", { className: "md-top md-icon digest-icon", type: "button", hidden: true }, "回到页面顶部")
  up.dataset.mdComponent = "top"
  document.querySelector(".md-main").append(up)

  // --- the table of contents beside the text ----------------------------------------
  const beside = make("div", { className: "md-sidebar__inner" })
  document.querySelector(".md-sidebar").append(make("div", { className: "md-sidebar__scrollwrap" }, beside))
  const heads = [...document.querySelectorAll(".md-content__inner > :is(h2, h3, h4)[id]")]
  if (heads.length) {
    const list = () => make("ul", { className: "md-nav__list" })
    const levels = [[1, list()]]
    for (const head of heads) {
      const level = Number(head.tagName[1])
      while (levels.length > 1 && levels.at(-1)[0] >= level) levels.pop()
      const inside = list()
      const link = make("a", { className: "md-nav__link", href: `#${head.id}` }, make("span", { className: "md-ellipsis" }, head.textContent))
      levels.at(-1)[1].append(make("li", { className: "md-nav__item" }, link, make("nav", { className: "md-nav", ariaLabel: head.textContent }, inside)))
      levels.push([level, inside])
    }
    const whole = levels[0][1]
    for (const one of whole.querySelectorAll("nav:has(> ul:empty)")) one.remove()
    whole.dataset.mdComponent = "toc"
    whole.dataset.mdScrollfix = ""
    const name = make("div", { className: "md-nav__title" }, "目录")
    beside.append(make("nav", { className: "md-nav md-nav--secondary", ariaLabel: "目录" }, name, whole))
  }

  // --- the menu of narrow screens ----------------------------------------------
  const box = document.querySelector("#__drawer")
  const menu = document.querySelector('.md-header__button[for="__drawer"]')
  const drawer = document.querySelector(".digest-menu")
  const told = () => menu.setAttribute("aria-expanded", String(box.checked))
  const close = () => box.checked && box.click()
  drawer.id = "digest-menu"
  menu.setAttribute("aria-controls", drawer.id)
  box.addEventListener("change", told)
  addEventListener("pageshow", told)
  operable(menu, () => {
    box.click()
    if (box.checked) drawer.querySelector("a").focus()
  })
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !box.checked) return
    close()
    menu.focus()
  })
  drawer.addEventListener("focusout", ({ relatedTarget }) => {
    if (relatedTarget && relatedTarget !== menu && !drawer.contains(relatedTarget)) close()
  })
  told()

  // --- light and dark ------------------------------------------------------------
  const colours = document.querySelector("[data-md-component=palette]")
  if (colours) {
    // One button in place of two radios: Material shows the label that leads to the other scheme.
    for (const input of colours.querySelectorAll("input")) input.hidden = true
    for (const label of colours.querySelectorAll("label")) {
      operable(label, () => {
        label.click()
        colours.querySelector("label:not([hidden])")?.focus()
      })
    }
  }

  // --- line breaks: a number stays with its unit, no line begins with a point --------
  const glued = (text) =>
    text
      .replaceAll(" · ", "\u00a0· ")
      .replace(/(\d) (?=\p{Script=Han})|(\p{Script=Han}) (?=\d)/gu, "$1$2\u00a0")
      .replace(/^ (?=\d)/, "\u00a0")
  const outside = ".md-content__inner > p:not([id]), .digest-at, .md-content__inner > ul > li:has(> strong:first-child)"
  for (const one of document.querySelectorAll(outside)) {
    const dates = one.tagName === "LI" && one.textContent.length <= 30 && /\d年/.test(one.textContent)
    if (dates) one.classList.add("digest-dates")
    for (const node of [...one.childNodes]) {
      if (node.nodeType !== Node.TEXT_NODE) continue
      const text = glued(node.data)
      if (text !== node.data) node.data = text
      const until = dates ? text.indexOf("至") + 1 : 0
      if (until) node.splitText(until).before(document.createElement("wbr"))
    }
  }

  // --- a list of articles, newest first: oldest first on demand ------------------
  const dated = document.querySelector("h2#articles + ul")
  if (dated && dated.children.length > 1 && dated.querySelector(":scope > li > .digest-date")) {
    const turn = document.createElement("button")
    turn.type = "button"
    turn.className = "digest-button"
    turn.textContent = "从早到晚"
    turn.setAttribute("aria-pressed", "false")
    turn.addEventListener("click", () => {
      dated.append(...[...dated.children].reverse())
      turn.setAttribute("aria-pressed", String(turn.getAttribute("aria-pressed") !== "true"))
    })
    dated.before(turn)
  }

  // --- tables wider than the page: the keyboard scrolls what it can focus ----------
  const nameOf = (box) => {
    const summary = box.closest("details")?.querySelector("summary")
    let one = summary ?? box.previousElementSibling
    while (one && one !== summary && !/^H[1-6]$/.test(one.tagName)) one = one.previousElementSibling
    return `${one ? `${one.textContent.trim()}：` : ""}表格，可左右滚动`
  }
  const mark = (box) => {
    if (box.scrollWidth > box.clientWidth + 1) {
      box.tabIndex = 0
      box.setAttribute("role", "region")
      box.setAttribute("aria-label", nameOf(box))
    } else {
      for (const name of ["tabindex", "role", "aria-label"]) box.removeAttribute(name)
    }
  }
  addEventListener("load", () =>
    requestAnimationFrame(() => {
      const sizes = new ResizeObserver((entries) => entries.forEach(({ target }) => mark(target)))
      for (const one of document.querySelectorAll(".md-typeset__scrollwrap, .digest-apparatus > div:has(table)")) {
        sizes.observe(one)
      }
    }),
  )
})()

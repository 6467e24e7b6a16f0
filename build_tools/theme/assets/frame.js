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
  const shown = (element) => element.getClientRects().length > 0
  const enter = (part) => [...part.querySelectorAll("a[href], label[tabindex]")].find(shown)?.focus()

  // --- the menu of narrow screens ----------------------------------------------
  const box = document.querySelector("#__drawer")
  const menu = document.querySelector('.md-header__button[for="__drawer"]')
  const drawer = document.querySelector(".md-sidebar--primary")
  if (box && menu && drawer) {
    const told = () => menu.setAttribute("aria-expanded", String(box.checked))
    const close = () => box.checked && box.click()
    drawer.id ||= "digest-menu"
    menu.setAttribute("aria-controls", drawer.id)
    box.addEventListener("change", told)
    addEventListener("pageshow", told)
    operable(menu, () => {
      box.click()
      if (box.checked) enter(drawer.querySelector(".md-nav__list"))
    })
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !box.checked) return
      close()
      menu.focus()
    })
    drawer.addEventListener("focusout", ({ relatedTarget }) => {
      if (relatedTarget && relatedTarget !== menu && !drawer.contains(relatedTarget)) close()
    })
    // The contents of the page, one level down in the menu: a way in and a way back.
    const contents = drawer.querySelector("#__toc")
    const into = drawer.querySelector('.md-nav__link[for="__toc"]')
    const back = drawer.querySelector('.md-nav__title[for="__toc"]')
    if (contents && into && back) {
      const level = into.parentElement.querySelector(".md-nav")
      const open = () => into.setAttribute("aria-expanded", String(contents.checked))
      contents.addEventListener("change", open)
      open()
      for (const [label, next] of [[into, () => enter(level)], [back, () => into.focus()]]) {
        operable(label, () => {
          contents.click()
          next()
        })
      }
    }
    told()
  }

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

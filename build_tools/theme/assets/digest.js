// Paragraph links and citations, without dependencies and without requests.
// Everything works from the page itself: JSON-LD, the canonical address, the paragraphs' ids.
(() => {
  "use strict"

  const canonical = document.querySelector('link[rel="canonical"]')?.href ?? location.href.split("#")[0]
  // A local or mirrored copy cites the address that the reader sees.
  const cited_at = document.querySelector('meta[name="citation_public_url"]')?.content ?? canonical // the mirror cites itself
  const home = new URL(canonical).origin === location.origin ? canonical : location.href.split(/[?#]/)[0]
  const ld = (() => {
    for (const script of document.querySelectorAll('script[type="application/ld+json"]')) {
      try {
        return JSON.parse(script.textContent)
      } catch {
        return null
      }
    }
    return null
  })()

  // --- search box: `/` jumps into it -----------------------------------------
  const find = document.querySelector("[data-digest-find]")
  document.addEventListener("keydown", (event) => {
    const typing = event.target instanceof Element && event.target.closest("input, textarea, select, [contenteditable]")
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey && find) {
      event.preventDefault()
      const box = document.querySelector("#digest-search") ?? find
      box.focus()
      box.select()
    }
  })

  // --- citation formats: the page has them all (引用); the day of reading and a paragraph are put in here ----
  const given = new Map([...document.querySelectorAll("pre[data-cite]")].map((one) => [one.dataset.cite, one.textContent]))
  if (!given.size) return
  const title = document.querySelector('meta[name="citation_title"]')?.content ?? document.title
  const source = ld?.publisher?.name ?? ""
  const published = ld?.datePublished ?? ""
  const today = () => {
    const now = new Date()
    const two = (n) => String(n).padStart(2, "0")
    return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`
  }
  const place = (at) => (at ? `第${at.number}段` : "")
  const address = (at) => (at ? `${home}#${at.id}` : home)
  // What the page says of a model text or a damaged one goes with its citation.
  const caution = document.querySelector(".md-content .digest-template, .md-content .digest-damaged")?.textContent.trim() ?? ""
  const gbt = (text, at) => `${text.replace("[引用日期]", `[${today()}]`)}${at ? `（${place(at)}）` : ""}`
  const filled = {
    "GB/T 7714—2025": gbt,
    "GB/T 7714—2015": gbt,
    APA: (text, at) => (at ? text.replace(title, () => `${title} (para. ${at.number})`) : text),
    BibTeX: (text, at) => {
      const note = at && text.includes("\n  note = {") ? text.replace("\n  note = {", `\n  note = {${place(at)}；`) : text
      const more = `${at && note === text ? `  note = {${place(at)}},\n` : ""}  urldate = {${today()}},\n`
      return note.replace("  langid", `${more}  langid`).replace(/^(@online\{[^,]*)/, at ? `$1-${at.id}` : "$1")
    },
    RIS: (text, at) => text.replace("\nUR  - ", `${at ? `\nN1  - ${place(at)}` : ""}\nY2  - ${today().replaceAll("-", "/")}\nUR  - `),
    "CSL-JSON": (text, at) => {
      const item = JSON.parse(text)[0]
      item.accessed = { "date-parts": [today().split("-").map(Number)] }
      if (at) Object.assign(item, { id: `${item.id}-${at.id}`, note: [place(at), item.note].filter(Boolean).join("；") })
      return JSON.stringify([item], null, 2)
    },
  }
  const cited = (name, at) => filled[name](given.get(name).replaceAll(cited_at, address(at)), at)
  const quoted = (at) =>
    at ? `“${at.element.textContent}”（${[source, published].filter(Boolean).join("，")}《${title}》，${address(at)}${caution && `；${caution}`}）` : ""

  // --- the dialog ------------------------------------------------------------
  let dialog = null
  let area = null
  let current = null
  let format = given.keys().next().value

  const button = (text, act) => {
    const one = document.createElement("button")
    one.type = "button"
    one.className = "digest-button"
    one.textContent = text
    one.addEventListener("click", () => act(one))
    return one
  }

  const copy = async (text, one) => {
    const said = one.textContent
    try {
      await navigator.clipboard.writeText(text)
      one.textContent = "已复制"
    } catch {
      area.value = text
      area.select()
      one.textContent = "请按 Ctrl+C"
    }
    setTimeout(() => (one.textContent = said), 1500)
  }

  const show = () => {
    area.value = cited(format, current)
    for (const one of dialog.querySelectorAll("[aria-pressed]")) {
      one.setAttribute("aria-pressed", String(one.textContent === format))
    }
    dialog.querySelector("h2").textContent = current ? `引用第${current.number}段` : "引用本文"
    dialog.querySelector("[data-quote]").hidden = !current
  }

  const open = (at) => {
    current = at
    if (!dialog) {
      dialog = document.createElement("dialog")
      dialog.className = "digest-cite"
      dialog.setAttribute("aria-labelledby", "digest-cite-title")
      const heading = document.createElement("h2")
      heading.id = "digest-cite-title"
      const kinds = document.createElement("div")
      kinds.className = "digest-cite__row"
      for (const name of given.keys()) {
        const one = button(name, () => {
          format = name
          show()
        })
        one.setAttribute("aria-pressed", "false")
        kinds.append(one)
      }
      area = document.createElement("textarea")
      area.readOnly = true
      area.setAttribute("aria-label", "引文")
      const acts = document.createElement("div")
      acts.className = "digest-cite__row"
      const quote = button("复制原文及出处", (one) => copy(quoted(current), one))
      quote.dataset.quote = ""
      acts.append(
        button("复制引文", (one) => copy(area.value, one)),
        button("复制链接", (one) => copy(address(current), one)),
        quote,
        button("关闭", () => dialog.close()),
      )
      dialog.append(heading, kinds)
      if (caution) {
        const warning = document.createElement("p")
        warning.className = "digest-cite__caution"
        warning.textContent = caution
        dialog.append(warning)
      }
      dialog.append(area, acts)
      dialog.addEventListener("click", (event) => event.target === dialog && dialog.close())
      document.body.append(dialog)
    }
    show()
    dialog.showModal()
  }

  // --- the number beside a paragraph is its link; here it opens the dialog, too -------
  for (const mark of document.querySelectorAll("a.digest-anchor")) {
    mark.title = `${mark.getAttribute("aria-label")}：链接与引用`
    mark.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return
      event.preventDefault()
      const element = document.getElementById(mark.hash.slice(1))
      history.replaceState(null, "", mark.hash)
      document.querySelectorAll(".digest-here").forEach((one) => one.classList.remove("digest-here"))
      element.classList.add("digest-here")
      open({ id: element.id, number: Number(mark.textContent), element })
    })
  }
  const facts = document.querySelector(".md-content h1 ~ ul")
  facts?.after(button("引用本文", () => open(null)))

  // --- what is shown of the text: one speaker alone; names and themes as links or plain ----
  const head = document.querySelector("h2#text")
  if (!head) return
  const tools = document.createElement("div")
  tools.className = "digest-tools"
  tools.setAttribute("role", "group")
  tools.setAttribute("aria-label", "正文的显示")
  const sides = [...document.querySelectorAll(".digest-side")]
  const speakers = (side) => [...side.querySelectorAll(".digest-who")].map((one) => one.textContent)
  const everybody = [...new Set(sides.flatMap(speakers))]
  const toggle = (text, on, act) => {
    const one = button(text, () => {
      const now = one.getAttribute("aria-pressed") !== "true"
      one.setAttribute("aria-pressed", String(now))
      act(now, one)
    })
    one.setAttribute("aria-pressed", String(on))
    return one
  }
  const choose = (name) => {
    for (const side of sides) {
      const away = name !== null && !speakers(side).includes(name)
      for (const one of [side, side.nextElementSibling]) one.classList.toggle("digest-away", away)
    }
    for (const one of tools.querySelectorAll("[data-speaker]")) {
      one.setAttribute("aria-pressed", String(one.dataset.speaker === name))
    }
  }
  if (everybody.length > 1) {
    tools.append("只看：")
    for (const name of everybody) {
      const one = toggle(name, false, (on) => choose(on ? name : null))
      one.dataset.speaker = name
      tools.append(one)
    }
  }
  const KEY = "digest-links"
  let plain = false
  try {
    plain = localStorage.getItem(KEY) === "off"
  } catch {
    // no storage: links are shown
  }
  const show_links = (on) => document.body.classList.toggle("digest-plain", !on)
  tools.append(
    toggle("文内链接", !plain, (on) => {
      show_links(on)
      try {
        localStorage.setItem(KEY, on ? "on" : "off")
      } catch {
        // for this page alone
      }
    }),
  )
  show_links(!plain)
  head.after(tools)
})()

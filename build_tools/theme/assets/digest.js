// Paragraph links and citations, without dependencies and without requests.
// Everything works from the page itself: JSON-LD, the canonical address, the paragraphs' ids.
(() => {
  "use strict"

  const canonical = document.querySelector('link[rel="canonical"]')?.href ?? location.href.split("#")[0]
  // A local or mirrored copy cites the address that the reader sees.
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

  if (ld?.["@type"] !== "NewsArticle") return

  // --- citation formats ------------------------------------------------------
  const list = (value) => (Array.isArray(value) ? value : value ? [value] : [])
  const authors = list(ld.author)
  const names = authors.map((one) => one.name)
  const title = ld.headline
  const source = ld.publisher?.name ?? ""
  const published = ld.datePublished ?? ""
  const site = document.querySelector('meta[property="og:site_name"]')?.content ?? ""
  const today = () => {
    const now = new Date()
    const two = (n) => String(n).padStart(2, "0")
    return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`
  }
  const [year, month, day] = published.split("-")
  const place = (at) => (at ? `第${at.number}段` : "")
  const address = (at) => (at ? `${home}#${at.id}` : home)
  const slug = decodeURIComponent(home).replace(/\/$/, "").split("/").pop()
  // What the page says of a model text or a damaged one goes with its citation.
  const caution = document.querySelector(".md-content .digest-template, .md-content .digest-damaged")?.textContent.trim() ?? ""
  const notes = (at) => [place(at), caution].filter(Boolean).join("；")
  const tex = (text) => text.replace(/[\\{}$&#^_%~]/g, (c) => (c === "\\" ? "\\textbackslash{}" : `\\${c}`))

  const formats = {
    // GB/T 7714-2025: 主要责任者. 题名[文献类型/载体]. 出版者, (公布日期)[引用日期]. 获取路径.
    "GB/T 7714": (at) => {
      const who = names.length > 3 ? `${names.slice(0, 3).join("，")}，等` : names.join("，")
      const out = published ? `(${published})` : ""
      return `${who ? `${who}. ` : ""}${title}[EB/OL]. ${source && source !== who ? `${source}, ` : ""}${out}[${today()}]. ${address(at)}.${
        at ? `（${place(at)}）` : ""
      }`
    },
    APA: (at) => {
      const months = "January February March April May June July August September October November December".split(" ")
      const when = published ? [year, month && `${months[month - 1]}${day ? ` ${Number(day)}` : ""}`].filter(Boolean).join(", ") : "n.d."
      const who = names.join(", ") || source
      return `${who ? `${who}. ` : ""}(${when}). ${title}${at ? ` (para. ${at.number})` : ""}. ${source && source !== who ? `${source}. ` : ""}${address(at)}`
    },
    BibTeX: (at) =>
      [
        `@online{${slug}${at ? `-${at.id}` : ""},`,
        names.length && `  author = {${names.map((n) => `{${tex(n)}}`).join(" and ")}},`,
        `  title = {${tex(title)}},`,
        source && `  organization = {${tex(source)}},`,
        published && `  date = {${published}},`,
        `  url = {${address(at)}},`,
        `  urldate = {${today()}},`,
        notes(at) && `  note = {${tex(notes(at))}},`,
        "  langid = {chinese}",
        "}",
      ]
        .filter(Boolean)
        .join("\n"),
    RIS: (at) =>
      [
        "TY  - NEWS",
        ...names.map((n) => `AU  - ${n}`),
        `TI  - ${title}`,
        source && `T2  - ${source}`,
        published && `DA  - ${published.replaceAll("-", "/")}`,
        published && `PY  - ${year}`,
        at && `SP  - ${place(at)}`,
        caution && `N1  - ${caution}`,
        `UR  - ${address(at)}`,
        `Y2  - ${today().replaceAll("-", "/")}`,
        "LA  - zh-CN",
        "ER  - ",
      ]
        .filter(Boolean)
        .join("\n"),
    "CSL-JSON": (at) => {
      const parts = (date) => ({ "date-parts": [date.split("-").map(Number)] })
      return JSON.stringify(
        [
          {
            id: slug + (at ? `-${at.id}` : ""),
            type: "article-newspaper",
            title,
            author: names.length ? names.map((literal) => ({ literal })) : undefined,
            "container-title": source || site,
            issued: published ? parts(published) : undefined,
            accessed: parts(today()),
            locator: at ? place(at) : undefined,
            note: caution || undefined,
            URL: address(at),
            language: "zh-CN",
          },
        ],
        null,
        2,
      )
    },
  }
  const quoted = (at) =>
    at ? `“${at.element.textContent}”（${[source, published].filter(Boolean).join("，")}《${title}》，${address(at)}${caution && `；${caution}`}）` : ""

  // --- the dialog ------------------------------------------------------------
  let dialog = null
  let area = null
  let current = null
  let format = "GB/T 7714"

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
    area.value = formats[format](current)
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
      for (const name of Object.keys(formats)) {
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

  // --- marks beside the paragraphs, never inside them --------------------------
  document.querySelectorAll('.md-content p[id^="p-"]').forEach((element, at) => {
    const mark = document.createElement("button")
    mark.type = "button"
    mark.className = "digest-anchor"
    mark.textContent = "¶"
    mark.title = `第${at + 1}段：链接与引用`
    mark.setAttribute("aria-label", mark.title)
    mark.addEventListener("click", () => {
      history.replaceState(null, "", `#${element.id}`)
      document.querySelectorAll(".digest-here").forEach((one) => one.classList.remove("digest-here"))
      element.classList.add("digest-here")
      open({ id: element.id, number: at + 1, element })
    })
    element.before(mark)
  })
  const facts = document.querySelector(".md-content h1 ~ ul")
  facts?.after(button("引用本文", () => open(null)))
})()

// The ledger of numbers and deadlines: filters over the whole site. Its rows are asked for when a filter is first used;
// without scripts the lists by year and theme hold the same.
(() => {
  "use strict"

  const source = document.querySelector('.md-content a[href$="commitments.jsonl"]')
  const form = document.querySelector(".digest-filter")
  const table = document.querySelector(".digest-filter ~ table, .digest-filter ~ * table")
  if (!source || !form || !table) return
  const SHOWN = 100
  const controls = form.elements
  const count = form.querySelector("p")
  for (const kind of ["数量", "时限"]) controls.kind.append(new Option(kind, kind))

  let all = null
  const load = () =>
    (all ??= fetch(source.href)
      .then((answer) => (answer.ok ? answer.text() : Promise.reject(new Error(answer.status))))
      .then((text) => {
        const rows = text.trim().split("\n").filter(Boolean).map((line) => JSON.parse(line)).filter((row) => row.attests)
        rows.sort((a, b) => (b.date ?? "").localeCompare(a.date ?? "") || a.article.localeCompare(b.article) || a.number - b.number)
        const fill = (name, values) => {
          const kept = controls[name].value
          for (const value of [...new Set(values)].filter(Boolean)) controls[name].append(new Option(value, value))
          controls[name].value = kept
        }
        const sorted = (values) => [...values].sort((a, b) => a.localeCompare(b, "zh"))
        fill("theme", sorted(rows.flatMap((row) => row.themes)))
        fill("organization", sorted(rows.map((row) => row.organization ?? "")))
        fill("year", rows.map((row) => (row.date ?? "").slice(0, 4)).filter((year) => /^\d{4}$/.test(year)))
        return rows
      }))
  const day = (edtf) => {
    const [year, month, date] = (edtf ?? "").split("-")
    return /^\d{4}$/.test(year) ? `${year}年${month ? `${+month}月` : ""}${date ? `${+date}日` : ""}` : "日期不详"
  }
  const cell = (...parts) => {
    const td = document.createElement("td")
    td.append(...parts)
    return td
  }
  const link = (text, href) => Object.assign(document.createElement("a"), { textContent: text, href })
  const shown = (row) => {
    const page = new URL(`../articles/${row.article}/`, source.href).href
    const about = document.createElement("em")
    about.className = "digest-at"
    about.textContent = [row.organization, ...row.themes].filter(Boolean).join(" · ")
    const tr = document.createElement("tr")
    tr.append(
      cell(`${row.text} `, about), cell(row.quantity ?? "—"), cell(row.deadline ?? "—"),
      cell(Object.assign(link(day(row.date), page), { className: "digest-whole" }), " ", link(`第${row.number}段`, `${page}#${row.paragraph}`)),
    )
    ;[...tr.cells].slice(1).forEach((one, at) => (one.dataset.head = table.tHead.rows[0].cells[at + 1].textContent)) // phones
    return tr
  }
  const filter = async () => {
    let rows
    try {
      rows = await load()
    } catch {
      all = null
      count.textContent = "数据没有取到，请稍后再试；下表不受影响。"
      return
    }
    const wanted = Object.fromEntries([...controls].map((element) => [element.name, element.value.trim()]))
    const words = wanted.text.split(/\s+/).filter(Boolean)
    const found = rows.filter(
      (row) =>
        (!wanted.theme || row.themes.includes(wanted.theme)) &&
        (!wanted.organization || row.organization === wanted.organization) &&
        (!wanted.year || (row.date ?? "").startsWith(wanted.year)) &&
        (!wanted.kind || (wanted.kind === "数量" ? row.quantity : row.deadline)) &&
        words.every((word) => `${row.text}${row.organization ?? ""}${row.themes}`.includes(word)),
    )
    table.tBodies[0].replaceChildren(...found.slice(0, SHOWN).map(shown))
    count.textContent = `全站 ${found.length} 项${found.length > SHOWN ? `，列出最近 ${SHOWN} 项` : ""}`
  }
  form.addEventListener("submit", (event) => {
    event.preventDefault()
    filter()
  })
  form.addEventListener("focusin", () => load().catch(() => (all = null)))
  form.addEventListener("input", filter)
})()

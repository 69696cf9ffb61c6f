// What a page must hold for people who do not see it, see little of it, or use it without a mouse.
//
// Every function runs inside the page and gives a list of faults in words; an empty list is a good page.
// The measures are those of WCAG 2.2, level AA; the criterion stands before each.

/** 1.1.1, 1.3.1, 2.4.1, 2.4.2, 2.4.6, 3.1.1, 4.1.2: names, labels, headings, landmarks. */
export function structure() {
  const faults = [];
  const shown = (e) => e.checkVisibility();
  const tell = (e) => e.outerHTML.replace(/\s+/g, " ").slice(0, 120);
  const words = (ids) => ids.split(/\s+/).map((id) => document.getElementById(id)?.textContent ?? "").join(" ").trim();
  const named = (e) => {
    if (e.hasAttribute("aria-labelledby")) return words(e.getAttribute("aria-labelledby"));
    if (e.getAttribute("aria-label")) return e.getAttribute("aria-label").trim();
    if (e.labels?.length) return [...e.labels].map((l) => l.textContent).join(" ").trim();
    if (e.tagName === "IMG") return (e.getAttribute("alt") ?? "").trim();
    if (e.namespaceURI.endsWith("svg")) return (e.querySelector(":scope > title")?.textContent ?? "").trim();
    const pictures = [...e.querySelectorAll("img[alt], svg[role=img]")].map(named).join(" ");
    return `${e.textContent} ${pictures}`.trim() || (e.getAttribute("title") ?? "").trim();
  };
  for (const field of document.querySelectorAll("input:not([type=hidden]), select, textarea")) {
    const plain = !field.labels?.length && !field.hasAttribute("aria-label") && !field.hasAttribute("aria-labelledby");
    if (plain || !named(field)) faults.push(`a field without a label: ${tell(field)}`);
  }
  for (const e of document.querySelectorAll("a[href], button, summary")) {
    if (shown(e) && !named(e)) faults.push(`a link or button without a name: ${tell(e)}`);
  }
  for (const e of document.querySelectorAll("img")) {
    if (!e.hasAttribute("alt")) faults.push(`a picture without alt: ${tell(e)}`);
  }
  for (const e of document.querySelectorAll("svg")) {
    const decoration = e.closest("[aria-hidden=true]");
    if (!decoration && (e.getAttribute("role") !== "img" || !named(e))) faults.push(`a drawing without a name: ${tell(e)}`);
  }
  const headings = [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")].filter(shown);
  const levels = headings.map((h) => Number(h.tagName[1]));
  if (levels.filter((l) => l === 1).length !== 1) faults.push(`${levels.filter((l) => l === 1).length} headings of level 1`);
  levels.forEach((level, i) => {
    if (i > 0 && level > levels[i - 1] + 1) faults.push(`level ${level} follows level ${levels[i - 1]}: ${tell(headings[i])}`);
  });
  for (const h of headings) if (!h.textContent.trim()) faults.push(`an empty heading: ${tell(h)}`);
  for (const [name, selector] of [["main", "main"], ["banner", "body > header"], ["contentinfo", "body > footer"]]) {
    const found = document.querySelectorAll(selector).length;
    if (found !== 1) faults.push(`${found} landmarks "${name}"`);
  }
  if (!document.querySelector("nav")) faults.push("no navigation");
  for (const kind of ["nav", "aside", "[role=search]"]) {
    const several = [...document.querySelectorAll(kind)].filter(shown);
    const names = several.map((e) => e.getAttribute("aria-label") ?? words(e.getAttribute("aria-labelledby") ?? ""));
    if (several.length > 1 && new Set(names.filter(Boolean)).size !== several.length) {
      faults.push(`several ${kind} that are not told apart by names: ${names.join(" | ")}`);
    }
  }
  const skip = document.querySelector("a[href]");
  if (!skip?.getAttribute("href").startsWith("#")) faults.push("the first link does not skip to the content");
  if (!document.documentElement.lang) faults.push("the language is not told");
  if (!document.title.trim()) faults.push("no title");
  const ids = [...document.querySelectorAll("[id]")].map((e) => e.id);
  for (const id of new Set(ids.filter((id, i) => ids.indexOf(id) !== i))) faults.push(`the id "${id}" stands twice`);
  for (const e of document.querySelectorAll("[aria-labelledby], [aria-describedby], [aria-controls], label[for]")) {
    for (const name of ["aria-labelledby", "aria-describedby", "aria-controls", "for"]) {
      const lost = (e.getAttribute(name) ?? "").split(/\s+/).filter((id) => id && !document.getElementById(id));
      if (lost.length) faults.push(`${name} points to nothing (${lost}): ${tell(e)}`);
    }
  }
  for (const table of document.querySelectorAll("table")) {
    if (!table.querySelector("th")) faults.push(`a table without heads: ${tell(table)}`);
    const unnamed = !table.caption && !table.hasAttribute("aria-label") && !table.hasAttribute("aria-labelledby");
    if (unnamed) faults.push(`a table without a caption: ${tell(table)}`);
  }
  for (const group of document.querySelectorAll("fieldset")) {
    if (!group.querySelector(":scope > legend")?.textContent.trim()) faults.push(`a group without a legend: ${tell(group)}`);
  }
  for (const link of document.querySelectorAll('a[href^="#"]')) {
    if (!shown(link)) continue;
    const id = decodeURIComponent(link.getAttribute("href").slice(1));
    if (id && !document.getElementById(id)) faults.push(`a link to a place that is not there: #${id}`);
  }
  return faults;
}

/** 1.4.3: every text against what lies behind it, as computed; what is folded away is opened first. */
export function contrast() {
  for (const e of document.querySelectorAll("details")) e.open = true;
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const seen = new Map();
  const rgba = (color) => {
    if (!seen.has(color)) {
      canvas.clearRect(0, 0, 1, 1);
      canvas.fillStyle = color;
      canvas.fillRect(0, 0, 1, 1);
      const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
      seen.set(color, [r, g, b, a / 255]);
    }
    return seen.get(color);
  };
  const over = ([r, g, b, a], [R, G, B]) => [r * a + R * (1 - a), g * a + G * (1 - a), b * a + B * (1 - a), 1];
  const light = ([r, g, b]) => {
    const part = (v) => ((v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
  };
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  const behind = (e) => {
    const layers = [];
    for (let at = e; at; at = at.parentElement) {
      const style = getComputedStyle(at);
      if (style.backgroundImage !== "none") return null;
      layers.push(rgba(style.backgroundColor));
      if (layers.at(-1)[3] === 1) break;
    }
    return layers.reverse().reduce((under, layer) => over(layer, under), dark ? [18, 18, 18, 1] : [255, 255, 255, 1]);
  };
  const faults = new Set();
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  let looked = 0;
  while (walk.nextNode()) {
    const text = walk.currentNode.data.trim();
    const e = walk.currentNode.parentElement;
    if (!text || e.closest("script, style, title, desc, [disabled]") || !e.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
    const box = e.getBoundingClientRect();
    if (box.width <= 1 || box.height <= 1 || box.right <= 0) continue;
    const style = getComputedStyle(e);
    const back = behind(e);
    if (!back) continue;
    let ink = [...rgba(e.namespaceURI.endsWith("svg") ? style.fill : style.color)];
    for (let at = e; at; at = at.parentElement) ink[3] *= Number(getComputedStyle(at).opacity);
    const [a, b] = [light(over(ink, back)), light(back)];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    const size = parseFloat(style.fontSize);
    const least = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700) ? 3 : 4.5;
    looked += 1;
    if (ratio < least) faults.add(`${ratio.toFixed(2)} for ${e.tagName.toLowerCase()}.${e.getAttribute("class") ?? ""} "${text.slice(0, 40)}"`);
  }
  if (looked === 0) faults.add("no text was found");
  return [...faults];
}

/** 2.4.7 and 1.4.11: whether what has the focus shows it, by an outline of at least 2 px and 3:1 against the page. */
export function focus() {
  const e = document.activeElement;
  if (!e || e === document.body) return { end: true };
  const style = getComputedStyle(e);
  const box = e.getBoundingClientRect();
  const canvas = document.createElement("canvas").getContext("2d");
  const paper = matchMedia("(prefers-color-scheme: dark)").matches ? "#121212" : "#fff";
  const light = (color) => {
    for (const layer of [paper, color]) {
      canvas.fillStyle = layer;
      canvas.fillRect(0, 0, 1, 1);
    }
    const [r, g, b] = [...canvas.getImageData(0, 0, 1, 1).data].map((v) => ((v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const [a, b] = [light(style.outlineColor), light(getComputedStyle(document.body).backgroundColor)];
  const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2 && ratio >= 3;
  const inside = box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  const what = e.outerHTML.replace(/\s+/g, " ").slice(0, 100);
  return { end: false, what, fault: !ring ? "no visible focus" : !inside ? "the focus is out of sight" : null };
}

/** 2.5.8: what is pressed is 24 by 24 px, unless it stands in a line of text or its label is as large. */
export function targets() {
  const faults = [];
  for (const e of document.querySelectorAll("button, input:not([type=hidden]), select, summary")) {
    if (!e.checkVisibility()) continue;
    const boxes = [e, ...(e.labels ?? [])].map((b) => b.getBoundingClientRect());
    if (boxes.some((b) => b.width >= 24 && b.height >= 24)) continue;
    faults.push(`${Math.round(boxes[0].width)} by ${Math.round(boxes[0].height)} px: ${e.outerHTML.slice(0, 100)}`);
  }
  return faults;
}

/** 1.4.10: by how many pixels the page is wider than the window, and what sticks out. */
export function overflow() {
  const width = document.documentElement.clientWidth;
  const wide = document.documentElement.scrollWidth - width;
  if (wide <= 0) return [];
  const out = [...document.querySelectorAll("body *")].filter((e) => {
    const box = e.getBoundingClientRect();
    for (let at = e.parentElement; at; at = at.parentElement) if (getComputedStyle(at).overflowX !== "visible") return false;
    return box.right > width + 1 && box.width > 1;
  });
  return [`${wide} px too wide; sticking out: ${out.slice(0, 4).map((e) => e.outerHTML.replace(/\s+/g, " ").slice(0, 80)).join(" ; ")}`];
}

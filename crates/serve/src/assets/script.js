// Comforts only: every page works without this file.
"use strict";

// "/" goes to the search box, as in many reading rooms.
document.addEventListener("keydown", (event) => {
  const box = document.getElementById("q");
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || typing || !box) return;
  event.preventDefault();
  box.focus();
  box.select();
});

// Buttons that copy the text of another element; hidden until this script can serve them.
for (const button of document.querySelectorAll("button[data-copy]")) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const source = document.getElementById(button.dataset.copy);
    const words = button.textContent;
    try {
      await navigator.clipboard.writeText(source.textContent.trim());
      button.textContent = "Copied";
    } catch {
      button.textContent = "Not copied";
    }
    setTimeout(() => { button.textContent = words; }, 1500);
  });
}

// Facets and the order apply at once; their button stays for those without this script.
for (const form of document.querySelectorAll("form[data-at-once]")) {
  form.addEventListener("change", () => form.requestSubmit());
}

// What was understood of a criterion shows its words in the text beside it.
if (globalThis.Highlight && CSS.highlights) {
  const show = (event) => {
    const part = event.target.closest?.("[data-at]");
    CSS.highlights.delete("said");
    const said = part?.closest(".items > li").querySelector(".said");
    if (!said) return;
    const ends = part.dataset.at.split(",").map((at) => place(said, Number(at)));
    CSS.highlights.set("said", new Highlight(new StaticRange({
      startContainer: ends[0][0], startOffset: ends[0][1], endContainer: ends[1][0], endOffset: ends[1][1],
    })));
  };
  // The text node and the offset within it of a place in an element's text.
  const place = (element, at) => {
    const walk = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    let node = walk.nextNode();
    while (node && at > node.length && walk.nextNode()) {
      at -= node.length;
      node = walk.currentNode;
    }
    return [node, Math.min(at, node.length)];
  };
  document.addEventListener("pointerover", show);
  document.addEventListener("focusin", show);
}

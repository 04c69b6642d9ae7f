"use strict";
// What pages do beyond links and forms; each works without this, by a button.

// A form or an element with data-keys="a b" is clicked by these keys, where nobody types.
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const typing = event.target.closest("input, textarea, select");
  if (event.key === "Escape" && typing) { typing.blur(); return; }
  if (typing) return;
  if (walks(event.key)) { event.preventDefault(); return; }
  for (const element of document.querySelectorAll("[data-keys]")) {
    if (element.dataset.keys.split(" ").includes(event.key)) {
      event.preventDefault();
      if (element.matches("input, textarea, select")) element.focus(); else element.click();
      return;
    }
  }
});

// Through the links with data-walk go j and k and the arrows; Enter opens one, and where one is open the next is opened.
function walks(key) {
  const step = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 }[key];
  const links = [...document.querySelectorAll("[data-walk]")];
  if (!step || !links.length) return false;
  const open = links.findIndex((link) => link.getAttribute("aria-current"));
  const at = links.includes(document.activeElement) ? links.indexOf(document.activeElement) : open;
  const next = links[at < 0 ? 0 : Math.min(Math.max(at + step, 0), links.length - 1)];
  next.focus();
  if (open >= 0 && next !== links[open]) next.click();
  return true;
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-walk]");
  if (!link) return;
  for (const other of document.querySelectorAll("[data-walk][aria-current]")) other.removeAttribute("aria-current");
  link.setAttribute("aria-current", "true");
});

// Files and folders dropped onto .dropzone go into its file input.
for (const zone of document.querySelectorAll(".dropzone")) {
  const input = zone.querySelector("input[type=file]");
  const over = (is) => (event) => { event.preventDefault(); zone.classList.toggle("over", is); };
  zone.addEventListener("dragover", over(true));
  zone.addEventListener("dragleave", over(false));
  zone.addEventListener("drop", async (event) => {
    over(false)(event);
    const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
    const files = entries.length ? (await Promise.all(entries.map(filesOf))).flat() : [...event.dataTransfer.files];
    const transfer = new DataTransfer();
    for (const file of files) transfer.items.add(file);
    input.files = transfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
}

function filesOf(entry) {
  if (entry.isFile) return new Promise((done) => entry.file((file) => done([file]), () => done([])));
  const reader = entry.createReader();
  const rest = (known) => new Promise((done) => reader.readEntries(async (more) => {
    done(more.length ? await rest(known.concat(more)) : (await Promise.all(known.map(filesOf))).flat());
  }, () => done([])));
  return rest([]);
}

// A form with data-auto is sent when something in it changes: its button stays for those without scripts.
document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-auto]");
  if (form && !form.matches("[hx-get], [hx-post]")) form.requestSubmit();
});

// A slider shows its value in the output beside it, and both fields of a pair say the same.
document.addEventListener("input", (event) => {
  const twin = event.target.dataset.twin && document.getElementById(event.target.dataset.twin);
  if (twin) twin.value = event.target.value;
});

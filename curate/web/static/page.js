"use strict";
// What pages do beyond links and forms; each works without this, by a button.

// A form or an element with data-keys="a b" is clicked by these keys, where nobody types; what is not to be seen is not
// clicked. Where two take a key, one within data-keys-first goes before. data-then names what has the focus afterwards.
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input:not([type=radio]):not([type=checkbox]), textarea, select");
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && typing?.form) { typing.form.requestSubmit(); return; }
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.key === "Escape" && typing) { typing.blur(); return; }
  if (typing || isOwnKey(event)) return;
  if (walks(event.key)) { event.preventDefault(); return; }
  const found = [...document.querySelectorAll("[data-keys]")].filter(
    (element) => element.dataset.keys.split(" ").includes(event.key) && !element.disabled && isSeen(element));
  const element = found.find((one) => one.closest("[data-keys-first]")) ?? found[0];
  if (!element) return;
  event.preventDefault();
  if (event.repeat && element.matches("button")) return; // who holds a key down sends once
  if (element.matches("input:not([type=radio]):not([type=checkbox]), textarea, select")) element.focus();
  else element.click();
  document.getElementById(element.dataset.then)?.focus();
});

// What a link, a button or a choice does with a key by itself it goes on doing.
function isOwnKey(event) {
  if (event.target.closest("a, button, summary")) return event.key === "Enter" || event.key === " ";
  return event.target.matches("input") && (event.key === " " || event.key.startsWith("Arrow"));
}

function isSeen(element) {
  return element.checkVisibility ? element.checkVisibility() : element.offsetParent !== null;
}

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

// Small comforts for every page; each works without them too.
"use strict";

// A form that was sent is not sent again by a second press.
for (const form of document.querySelectorAll("form[method=post]")) {
  form.addEventListener("submit", () => {
    for (const button of form.querySelectorAll("button")) setTimeout(() => { button.disabled = true; });
  });
}
// Coming back by the back button, what was disabled is usable again.
addEventListener("pageshow", () => {
  for (const button of document.querySelectorAll("form button[disabled]")) button.disabled = false;
});

// A document's SHA-256 is computed here; the document goes nowhere.
for (const input of document.querySelectorAll("input[data-digest]")) {
  if (!crypto.subtle) continue;
  const chooser = document.createElement("input");
  chooser.type = "file";
  chooser.setAttribute("aria-label", input.labels[0]?.textContent ?? "");
  chooser.addEventListener("change", async () => {
    const file = chooser.files[0];
    if (!file) return;
    const hash = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
    input.value = [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  });
  input.after(chooser);
}

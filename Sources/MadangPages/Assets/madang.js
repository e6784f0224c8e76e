// Small comforts for every page; each works without them too.
"use strict";

// A form that was sent is not sent again by a second press.
addEventListener("submit", ({ target: form }) => {
  if (form.method !== "post") return;
  for (const button of form.querySelectorAll("button")) setTimeout(() => { button.disabled = true; });
});
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

// What is chosen brings its fields at once, without the page in between; what was typed into one of
// the same name stays.
for (const form of document.querySelectorAll("form[data-brings]")) {
  const id = form.dataset.brings;
  let newest = 0;
  for (const button of form.querySelectorAll("button")) button.hidden = true;
  document.getElementById(id).setAttribute("aria-live", "polite");
  form.addEventListener("change", async () => {
    const mine = ++newest;
    const address = form.action.replace(/#.*/, "") + "?" + new URLSearchParams(new FormData(form));
    const answer = await fetch(address).catch(() => null);
    const page = answer?.ok && new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page && page.getElementById(id);
    if (mine !== newest) return;
    // Signed out meanwhile, or out of reach: the page itself says so.
    if (!fresh) return form.submit();
    const place = document.getElementById(id);
    for (const field of place.querySelectorAll("[name]:not([type=hidden])")) {
      const same = fresh.querySelector(`[name="${field.name}"]:not([type=hidden])`);
      if (same) same.value = field.value;
    }
    place.replaceChildren(...fresh.childNodes);
  });
}

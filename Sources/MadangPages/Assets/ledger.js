// Verifies an event in the browser: leaf, path, root, signature. RFC 6962 and RFC 9162.
"use strict";

(() => {
  const button = document.getElementById("verify");
  const list = document.getElementById("verified");
  if (!button || !crypto.subtle) return;
  button.hidden = false;
  const ko = document.documentElement.lang === "ko";

  const bytes = (hex) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));
  const hex = (data) => [...data].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const hash = async (...parts) => {
    const data = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of parts) { data.set(part, at); at += part.length; }
    return new Uint8Array(await crypto.subtle.digest("SHA-256", data));
  };

  // RFC 9162, 2.1.3.2.
  async function root(leaf, index, size, path) {
    let node = index, last = size - 1n, sum = leaf;
    for (const step of path) {
      if (last === 0n) return null;
      if ((node & 1n) === 1n || node === last) {
        sum = await hash([1], step, sum);
        while ((node & 1n) === 0n && node !== 0n) { node >>= 1n; last >>= 1n; }
      } else {
        sum = await hash([1], sum, step);
      }
      node >>= 1n;
      last >>= 1n;
    }
    return last === 0n ? sum : null;
  }

  async function signed(head) {
    const kinds = {
      ed25519: [{ name: "Ed25519" }, { name: "Ed25519" }],
      "ecdsa-p256-sha256": [{ name: "ECDSA", namedCurve: "P-256" }, { name: "ECDSA", hash: "SHA-256" }],
    };
    const kind = kinds[head.algorithm];
    if (!kind) return null;
    try {
      const key = await crypto.subtle.importKey("raw", bytes(head.key), kind[0], false, ["verify"]);
      return await crypto.subtle.verify(kind[1], key, bytes(head.signature), new TextEncoder().encode(head.signed));
    } catch {
      return null;
    }
  }

  function say(good, text) {
    const item = document.createElement("li");
    item.textContent = `${good === null ? "–" : good ? "✓" : "✗"} ${text}`;
    list.append(item);
  }

  button.addEventListener("click", async () => {
    list.replaceChildren();
    const event = button.dataset.event;
    // What this page shows is what is proved, whatever else the server may send.
    const shown = document.querySelector("pre.leaf").textContent;
    const proof = await (await fetch(`/api/v1/ledger/events/${event}`)).json();
    const leaf = await hash([0], new TextEncoder().encode(shown));
    const isThis = String(proof.event) === event && proof.leaf === shown;
    say(isThis && hex(leaf) === proof.leafHash, `${ko ? "잎의 해시" : "hash of the leaf"} ${hex(leaf).slice(0, 16)}…`);
    if (!proof.head) {
      return say(null, ko
        ? "이 사건은 아직 서명 전입니다. 1분쯤 뒤에 다시 누르십시오."
        : "this event is not signed yet: press again in a minute");
    }
    const found = await root(leaf, BigInt(event), BigInt(proof.head.size), proof.inclusion.map(bytes));
    say(found !== null && hex(found) === proof.head.root,
      `${ko ? "증명이 이르는 뿌리" : "root that the proof leads to"} ${found ? hex(found).slice(0, 16) : "–"}…`);
    const holds = proof.head.signed.includes(proof.head.root) && await signed(proof.head);
    say(holds, holds === null
      ? (ko ? "이 브라우저는 서명 방식을 모름" : "this browser does not know the signature's algorithm")
      : (ko ? "사무국의 서명" : "the office's signature"));
  });
})();

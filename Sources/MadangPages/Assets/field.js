// Every promised GPU is one dot. The page has them drawn already, a shape a group; here they are
// drawn again as dots that can be moved and looked into.
"use strict";

(() => {
  const box = document.getElementById("field");
  const shapes = [...(box?.querySelectorAll("path") ?? [])];
  if (shapes.length === 0) return;
  const tip = box.querySelector(".tip");
  const canvas = document.createElement("canvas");
  tip.before(canvas);
  const ends = [];
  let total = 0;
  for (const shape of shapes) ends.push(total += Number(shape.dataset.gpus));
  let view = { x: 0, y: 0, zoom: 1 };
  let sheet = "", palette = [];
  let columns = 1, cell = 1, width = 0, height = 0, scale = 1;

  // Asked for once a scheme: asking makes the browser work out all styles.
  function colours() {
    sheet = getComputedStyle(box).backgroundColor;
    palette = shapes.map((shape) => getComputedStyle(shape).fill);
  }

  function measure() {
    scale = Math.min(devicePixelRatio || 1, 2);
    width = box.clientWidth;
    height = box.clientHeight;
    canvas.width = width * scale;
    canvas.height = height * scale;
    // The largest square cells with which all dots fit.
    cell = Math.sqrt((width * height) / total);
    columns = Math.max(1, Math.floor(width / cell));
    while (Math.ceil(total / columns) * cell > height) columns++, cell = width / columns;
  }

  function draw() {
    const pen = canvas.getContext("2d", { alpha: false });
    const size = cell * view.zoom;
    pen.setTransform(scale, 0, 0, scale, 0, 0);
    pen.fillStyle = sheet;
    pen.fillRect(0, 0, width, height);
    const firstRow = Math.max(0, Math.floor(-view.y / size));
    const lastRow = Math.min(Math.ceil(total / columns), Math.ceil((height - view.y) / size));
    const firstColumn = Math.max(0, Math.floor(-view.x / size));
    const lastColumn = Math.min(columns, Math.ceil((width - view.x) / size));
    // To whole pixels, or the seams between rows would show.
    const down = (y) => Math.floor((view.y + y * size) * scale) / scale;
    const across = (x) => Math.floor((view.x + x * size) * scale) / scale;
    for (let row = firstRow; row < lastRow; row++) {
      let at = row * columns + firstColumn;
      const end = Math.min(row * columns + lastColumn, total);
      let group = at < total ? place(at) : 0;
      // A run of one colour is one rectangle.
      while (at < end) {
        const stop = Math.min(end, ends[group]);
        pen.fillStyle = palette[group];
        const left = across(at - row * columns);
        const right = across(stop - row * columns);
        pen.fillRect(left, down(row), right - left, down(row + 1) - down(row));
        at = stop;
        group++;
      }
    }
    if (size <= 3) return;
    // Large enough to be seen apart: the gaps are drawn, which are far fewer than the dots.
    const gap = Math.max(0.5, size * 0.14);
    pen.fillStyle = sheet;
    for (let row = firstRow; row <= lastRow; row++) {
      pen.fillRect(0, down(row) - gap, width, gap);
    }
    for (let column = firstColumn; column <= lastColumn; column++) {
      pen.fillRect(across(column) - gap, 0, gap, height);
    }
  }

  function place(dot) {
    let low = 0, high = ends.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (ends[middle] <= dot) low = middle + 1; else high = middle;
    }
    return low;
  }

  let asked = false;
  function redraw() {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => { asked = false; draw(); });
  }

  function zoom(by, x = width / 2, y = height / 2) {
    const next = Math.min(40, Math.max(1, view.zoom * by));
    const ratio = next / view.zoom;
    view = { zoom: next, x: x - (x - view.x) * ratio, y: y - (y - view.y) * ratio };
    keep();
  }

  function keep() {
    const rows = Math.ceil(total / columns);
    view.x = Math.min(0, Math.max(width - columns * cell * view.zoom, view.x));
    view.y = Math.min(0, Math.max(Math.min(0, height - rows * cell * view.zoom), view.y));
    redraw();
  }

  function tell(x, y) {
    const size = cell * view.zoom;
    const column = Math.floor((x - view.x) / size);
    const dot = Math.floor((y - view.y) / size) * columns + column;
    if (column < 0 || column >= columns || dot < 0 || dot >= total) return void (tip.textContent = "");
    tip.textContent = shapes[place(dot)].textContent;
  }

  // Whoever only scrolls past is not held up: the wheel zooms once the picture was chosen.
  box.addEventListener("wheel", (event) => {
    if (document.activeElement !== box && !event.ctrlKey) return;
    event.preventDefault();
    const area = canvas.getBoundingClientRect();
    zoom(event.deltaY < 0 ? 1.2 : 1 / 1.2, event.clientX - area.left, event.clientY - area.top);
  }, { passive: false });
  let held = null;
  canvas.addEventListener("pointerdown", (event) => {
    box.focus({ preventScroll: true });
    held = { x: event.clientX - view.x, y: event.clientY - view.y };
    canvas.setPointerCapture(event.pointerId);
  });
  canvas.addEventListener("pointermove", (event) => {
    const area = canvas.getBoundingClientRect();
    if (held) {
      view.x = event.clientX - held.x;
      view.y = event.clientY - held.y;
      keep();
    }
    tell(event.clientX - area.left, event.clientY - area.top);
  });
  canvas.addEventListener("pointerup", () => { held = null; });
  box.addEventListener("keydown", (event) => {
    const step = 60;
    const moves = { ArrowLeft: [step, 0], ArrowRight: [-step, 0], ArrowUp: [0, step], ArrowDown: [0, -step] };
    if (event.key === "+" || event.key === "=") zoom(1.5);
    else if (event.key === "-") zoom(1 / 1.5);
    else if (event.key === "0") zoom(0.001);
    else if (moves[event.key]) {
      view.x += moves[event.key][0];
      view.y += moves[event.key][1];
      keep();
    } else return;
    event.preventDefault();
    tell(width / 2, height / 2);
  });
  colours();
  // Within the same frame: a canvas that was resized is empty.
  new ResizeObserver(() => { measure(); keep(); draw(); }).observe(box);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    colours();
    redraw();
  });
})();

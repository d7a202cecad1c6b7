"use strict";
// Without this the figures are whole; with it, they can be looked at closely: wheel with Ctrl, drag, keys + - 0 and arrows.
for (const drawing of document.querySelectorAll(".drawing")) {
  const svg = drawing.querySelector("svg");
  const whole = svg.viewBox.baseVal;
  const full = [whole.x, whole.y, whole.width, whole.height];
  let view = full.slice();
  const show = () => {
    view[2] = Math.min(full[2], Math.max(full[2] / 40, view[2]));
    view[3] = view[2] * full[3] / full[2];
    view[0] = Math.min(full[0] + full[2] - view[2], Math.max(full[0], view[0]));
    view[1] = Math.min(full[1] + full[3] - view[3], Math.max(full[1], view[1]));
    svg.setAttribute("viewBox", view.join(" "));
    drawing.classList.toggle("zoomed", view[2] < full[2]);
  };
  const zoom = (factor, x, y) => {
    const width = Math.min(full[2], Math.max(full[2] / 40, view[2] * factor));
    const height = width * full[3] / full[2];
    view = [view[0] + (view[2] - width) * x, view[1] + (view[3] - height) * y, width, height];
    show();
  };
  const move = (x, y) => { view[0] += x * view[2]; view[1] += y * view[3]; show(); };
  drawing.addEventListener("wheel", event => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    const box = svg.getBoundingClientRect();
    zoom(event.deltaY > 0 ? 1.25 : 0.8, (event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height);
  }, { passive: false });
  drawing.addEventListener("dblclick", event => {
    const box = svg.getBoundingClientRect();
    if (view[2] < full[2]) { view = full.slice(); show(); }
    else zoom(0.25, (event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height);
  });
  drawing.addEventListener("pointermove", event => {
    if (event.buttons !== 1 || view[2] >= full[2]) return;
    const box = svg.getBoundingClientRect();
    move(-event.movementX / box.width, -event.movementY / box.height);
  });
  drawing.addEventListener("keydown", event => {
    const keys = {
      "+": () => zoom(0.8, 0.5, 0.5), "=": () => zoom(0.8, 0.5, 0.5), "-": () => zoom(1.25, 0.5, 0.5),
      "0": () => { view = full.slice(); show(); },
      ArrowLeft: () => move(-0.1, 0), ArrowRight: () => move(0.1, 0), ArrowUp: () => move(0, -0.1), ArrowDown: () => move(0, 0.1),
    };
    if (event.ctrlKey || event.metaKey || event.altKey || !(event.key in keys)) return;
    if (event.key.startsWith("Arrow") && view[2] >= full[2]) return;
    event.preventDefault();
    keys[event.key]();
  });
}

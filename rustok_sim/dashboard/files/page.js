"use strict";
// Moves the cursor of every panel to the slider's moment, and writes what was true then beside it.
(() => {
  const data = JSON.parse(document.getElementById("rd-data").textContent);
  const slider = document.getElementById("rd-time");
  const play = document.getElementById("rd-play");
  const told = document.getElementById("rd-moment");
  const faults = document.getElementById("rd-faults");
  const rows = [...document.querySelectorAll(".rd-panel")].map((panel) => ({
    cells: [...panel.querySelectorAll(".rd-readings b")],
    texts: data.panels[panel.dataset.panel],
  }));
  const WHOLE_MS = 20000;
  let timer = null;

  function show() {
    const place = Number(slider.value);
    document.documentElement.style.setProperty("--share", data.shares[place]);
    told.textContent = data.moments[place];
    slider.setAttribute("aria-valuetext", data.moments[place]);
    faults.textContent = data.faults[place];
    for (const row of rows) {
      row.cells.forEach((cell, i) => { cell.textContent = row.texts[i][place]; });
    }
  }

  function stop() {
    clearInterval(timer);
    timer = null;
    play.textContent = "Play";
    play.setAttribute("aria-pressed", "false");
  }

  function start() {
    if (Number(slider.value) >= Number(slider.max)) slider.value = 0;
    timer = setInterval(() => {
      slider.value = Number(slider.value) + 1;
      show();
      if (Number(slider.value) >= Number(slider.max)) stop();
    }, WHOLE_MS / data.moments.length);
    play.textContent = "Pause";
    play.setAttribute("aria-pressed", "true");
    show();
  }

  play.addEventListener("click", () => (timer === null ? start() : stop()));
  slider.addEventListener("input", show);
  show();
})();

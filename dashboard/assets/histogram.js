/* The histogram over the date slider. The server makes its bars, for all days; which of them are chosen is shown here,
   so that other days need no other figure: plotly takes several times as long for one as for the map's marks. */
(function () {
  "use strict";

  const COLUMNS = "columns"; /* the trace that is pointed at, COLUMNS in figures/timeline.py */
  const PALE = 0.25; /* the opacity of a bar outside the chosen days */
  let chosen = [0, Infinity]; /* the slots [a, b) */
  let heard = null; /* the plot that is listened to */
  let waiting = 0;

  const plot = () => document.querySelector("#timeline .js-plotly-plot");

  /* slots: [a, b), the chosen ones */
  function dim(slots) {
    chosen = slots;
    show();
  }

  /* Plotly draws bars anew for its own reasons, too, such as another width. */
  function show() {
    cancelAnimationFrame(waiting);
    const gd = plot();
    if (!gd || !gd.on) {
      waiting = requestAnimationFrame(show);
      return;
    }
    if (gd !== heard) {
      heard = gd;
      gd.on("plotly_afterplot", show);
      gd.on("plotly_click", choose);
    }
    gd.querySelectorAll(".barlayer .trace.bars").forEach(function (trace) {
      if (trace.__data__[0].trace.name === COLUMNS) return; /* not seen */
      trace.querySelectorAll(".point").forEach(function (point) {
        const slot = point.__data__.p;
        point.style.opacity = slot >= chosen[0] && slot < chosen[1] ? 1 : PALE;
      });
    });
  }

  /* A click on a bar chooses its slot, as a brush over it would. */
  function choose(click) {
    const x = click.points[0].x;
    window.dash_clientside.set_props("timeline", { selectedData: { range: { x: [x, x] } } });
  }

  /* What a brush leaves: its outline, and bars that plotly made pale. A click on a bar leaves nothing. */
  function deselect() {
    const gd = plot();
    const outlines = gd && gd.layout.selections;
    if (outlines && outlines.length) window.Plotly.update(gd, { selectedpoints: null }, { selections: [] });
  }

  /* The slots in which something matches. */
  function full() {
    const gd = plot();
    const columns = gd && gd.data && gd.data.find((trace) => trace.name === COLUMNS);
    return columns ? Array.from(columns.x) : [];
  }

  window.contactHistogram = { dim: dim, deselect: deselect, full: full };
})();

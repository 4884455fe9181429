// Plotly with the kinds of trace that the page draws, and no others: dashboard/figures.
'use strict';

const Plotly = require('plotly.js/lib/core');
const maplibre = require('maplibre-gl/dist/maplibre-gl.mjs');

Plotly.register([
  require('plotly.js/lib/bar'),
  require('plotly.js/lib/choroplethmap'),
  require('plotly.js/lib/scattermap'),
]);

// The map's worker begins now, while the page is put together, and not once there is a map.
maplibre.setWorkerUrl(
  URL.createObjectURL(new Blob([require('plotly.js/build/maplibre_worker')], { type: 'text/javascript' })),
);
maplibre.prewarm();

module.exports = Plotly;

// Plotly with the kinds of trace that the page draws, and no others: dashboard/figures.
'use strict';

const Plotly = require('plotly.js/lib/core');

Plotly.register([
  require('plotly.js/lib/bar'),
  require('plotly.js/lib/choroplethmap'),
  require('plotly.js/lib/scattermap'),
]);

module.exports = Plotly;

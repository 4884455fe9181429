// node build.mjs FOLDER: plotly.js without what the page does not draw, what Dash needs of its polyfill, and the
// licences of all that is in both.
//
// What plotly's sources need of a bundler is told in its own BUILDING.md.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import { build } from 'esbuild';

const require = createRequire(import.meta.url);
const { environmentPlugin } = require('esbuild-plugin-environment');
const { glsl } = require('esbuild-plugin-glsl');
const inlineCss = require('esbuild-plugin-inline-css');

const folder = process.argv[2];
const installed = (name) => JSON.parse(readFileSync(`node_modules/${name}/package.json`, 'utf8'));

// plotly gives a new map its traces once it has drawn it without them. Here they come as soon as the style can take
// them, as when a style is changed: all is loaded in one go, and drawn once.
const tracesAtOnce = {
  name: 'traces-at-once',
  setup({ onLoad }) {
    onLoad({ filter: /plotly\.js\/src\/plots\/map\/map\.js$/ }, ({ path }) => {
      const parts = readFileSync(path, 'utf8').split("map.once('load', resolve)");
      if (parts.length !== 2) throw new Error(`${path} waits for its map in another way: mend tracesAtOnce`);
      return { contents: parts.join("map.once('style.load', resolve)") };
    });
  },
};

// The comments that licences ask for are all in the other file.
const one = { bundle: true, minify: true, format: 'iife', metafile: true, legalComments: 'none' };

const built = await build({
  ...one,
  entryPoints: ['plotly.js'],
  outfile: `${folder}/plotly.min.js`,
  globalName: 'Plotly',
  target: 'es2016',
  define: { global: 'window', 'define.amd': 'false' },
  alias: { regl: '@plotly/regl', stream: 'stream-browserify' },
  plugins: [tracesAtOnce, inlineCss(), glsl({ minify: true }), environmentPlugin({ NODE_DEBUG: false })],
  banner: {
    js: `/**
* plotly.js v${installed('plotly.js').version}, the traces bar, choroplethmap and scattermap alone
* Copyright Plotly, Inc. Licensed under the MIT license
* With maplibre-gl v${installed('maplibre-gl').version}, copyright MapLibre contributors, BSD-3-Clause, and what both rest upon
* Made by contact-line's tools/plotly
*/`,
  },
});

// Dash loads @babel/polyfill, which is for browsers that no longer live, and calls this part of it alone.
const runtime = await build({
  ...one,
  entryPoints: ['regenerator-runtime'],
  outfile: `${folder}/regenerator.min.js`,
  banner: { js: `/* regenerator-runtime v${installed('regenerator-runtime').version}, copyright Facebook, Inc., MIT */` },
});

// A package within a package is told once, by its own name.
const inputs = Object.keys({ ...built.metafile.inputs, ...runtime.metafile.inputs });
const names = inputs.map((path) => path.match(/.*node_modules\/((?:@[^/]+\/)?[^/]+)\//)?.[1]);
const licence = (name) => {
  const { version, license } = installed(name);
  const file = readdirSync(`node_modules/${name}`).find((entry) => /^licen[cs]e/i.test(entry));
  const text = file ? readFileSync(`node_modules/${name}/${file}`, 'utf8').trim() : `Licence: ${license}`;
  return `${name} ${version}\n\n${text}\n`;
};
const used = [...new Set(names)].filter((name) => name && existsSync(`node_modules/${name}/package.json`)).sort();
writeFileSync(`${folder}/LICENCES.txt`, used.map(licence).join(`\n${'-'.repeat(80)}\n\n`));

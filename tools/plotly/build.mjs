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

const built = await build({
  entryPoints: ['plotly.js'],
  outfile: `${folder}/plotly.min.js`,
  metafile: true,
  bundle: true,
  minify: true,
  format: 'iife',
  globalName: 'Plotly',
  target: 'es2016',
  define: { global: 'window', 'define.amd': 'false' },
  alias: { regl: '@plotly/regl', stream: 'stream-browserify' },
  plugins: [inlineCss(), glsl({ minify: true }), environmentPlugin({ NODE_DEBUG: false })],
  legalComments: 'none', // all of them are in the other file
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
  entryPoints: ['regenerator-runtime'],
  outfile: `${folder}/regenerator.min.js`,
  metafile: true,
  bundle: true,
  minify: true,
  format: 'iife',
  legalComments: 'none',
  banner: { js: `/* regenerator-runtime v${installed('regenerator-runtime').version}, copyright Facebook, Inc., MIT */` },
});

// A package within a package is told once, by its own name.
const names = Object.keys({ ...built.metafile.inputs, ...runtime.metafile.inputs }).map((path) => path.match(/.*node_modules\/((?:@[^/]+\/)?[^/]+)\//)?.[1]);
const licence = (name) => {
  const { version, license } = installed(name);
  const file = readdirSync(`node_modules/${name}`).find((entry) => /^licen[cs]e/i.test(entry));
  const text = file ? readFileSync(`node_modules/${name}/${file}`, 'utf8').trim() : `Licence: ${license}`;
  return `${name} ${version}\n\n${text}\n`;
};
const used = [...new Set(names)].filter((name) => name && existsSync(`node_modules/${name}/package.json`)).sort();
writeFileSync(`${folder}/LICENCES.txt`, used.map(licence).join(`\n${'-'.repeat(80)}\n\n`));

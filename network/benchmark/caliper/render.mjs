// Draws Vega-Lite plots as SVG: standard input is a JSON array of {file, spec}; each file is written. Run by ../report.ts.
import { writeFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { parse, View } from 'vega';
import { compile } from 'vega-lite';

for (const { file, spec } of JSON.parse(await text(process.stdin)))
  writeFileSync(file, `${await new View(parse(compile(spec).spec), { renderer: 'none' }).toSVG()}\n`);

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { caliperDir, ensureCaliper } from './install.ts';
import type { Plot } from './plots.ts';
import { themes } from './theme.ts';

/** Draws each plot for light and dark pages, as `<name>-light.svg` and `<name>-dark.svg`. Throws where one cannot be drawn. */
export async function drawPlots(plots: readonly Plot[], folder: string): Promise<void> {
  await ensureCaliper((text) => process.stdout.write(`${text}\n`));
  const files = plots.flatMap(({ name, spec }) =>
    (['light', 'dark'] as const).map((theme) => ({
      ...{ file: join(folder, `${name}-${theme}.svg`), spec: spec(themes[theme]) },
    })),
  );
  const child = spawn(process.execPath, [join(caliperDir, 'render.mjs')], { stdio: ['pipe', 'inherit', 'inherit'] });
  child.stdin.end(JSON.stringify(files));
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`the plots could not be drawn: the renderer ended with code ${code}`);
}

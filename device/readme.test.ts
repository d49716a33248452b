import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

it('the README shows the very example that runs, in ten lines at most', () => {
  const example = readFileSync(new URL('example.ts', import.meta.url), 'utf8');
  expect(readFileSync(new URL('README.md', import.meta.url), 'utf8')).toContain(`\`\`\`ts\n${example}\`\`\``);
  expect(example.trimEnd().split('\n').length).toBeLessThanOrEqual(10);
});

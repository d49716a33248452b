import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { findSchemathesis, fuzz } from './schemathesis.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'medloom-check-test-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A program of that name which prints a line. */
function program(name: string, line: string, code = 0): void {
  writeFileSync(join(folder, name), `#!/bin/sh\n${line}\nexit ${code}\n`);
  chmodSync(join(folder, name), 0o755);
}

it('finds Schemathesis 4 on PATH, or in Python, and nothing else', () => {
  const env = { ...process.env, PATH: folder };
  expect(findSchemathesis(env)).toBeUndefined();
  program('schemathesis', 'echo schemathesis, version 3.39.0');
  expect(findSchemathesis(env)).toBeUndefined();
  program('python3', '[ "$2" = schemathesis.cli ] && echo schemathesis, version 4.1.0');
  expect(findSchemathesis(env)).toEqual(['python3', '-m', 'schemathesis.cli']);
  program('schemathesis', 'echo schemathesis, version 4.32.5');
  expect(findSchemathesis(env)).toEqual(['schemathesis']);
});

it('hands the token over where no list of processes shows it, and ends as Schemathesis does', async () => {
  program('fake', `echo "$@" > ${folder}/args; cat "$2" > ${folder}/config; echo $EPCIS_TOKEN > ${folder}/token`, 3);
  const asked = { url: 'http://127.0.0.1:1/openapi.json', token: 'mlpt_secret', examples: 7, seconds: 9 };
  expect(await fuzz([join(folder, 'fake')], asked)).toBe(3);
  const read = (name: string) => readFileSync(join(folder, name), 'utf8');
  expect(read('args')).not.toContain('mlpt_secret');
  expect(read('args')).toContain('--max-examples 7 --max-time 9');
  expect(read('config')).toContain(`Authorization = "Bearer \${EPCIS_TOKEN}"`);
  expect(read('token').trim()).toBe('mlpt_secret');
});

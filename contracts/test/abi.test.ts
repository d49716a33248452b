import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { renderAbi } from '../generate/abi.ts';

describe('the committed ABI', () => {
  for (const [name, text] of Object.entries(renderAbi())) {
    it(`${name} is that of the compiled contract`, () => {
      const committed = readFileSync(new URL(`../abi/${name}`, import.meta.url), 'utf8');
      assert.ok(committed === text, 'run `node contracts/generate/main.ts` and commit what it writes');
    });
  }
});

import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addressOf, ensureSecrets } from './secrets.ts';

let dir = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'medloom-secrets-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

describe('ensureSecrets', () => {
  it('makes each once, different from all others, for its owner only', async () => {
    const first = await ensureSecrets(dir);
    expect(await ensureSecrets(dir)).toEqual(first);
    for (const name of readdirSync(dir)) expect(statSync(join(dir, name)).mode & 0o777).toBe(0o600);
    const values = readdirSync(dir).map((name) => readFileSync(join(dir, name), 'utf8'));
    expect(new Set(values).size).toBe(values.length);
    expect(Buffer.from(first.personalDataKey, 'base64')).toHaveLength(32);
    expect(first.notaries.map(({ mspId }) => mspId)).toEqual(['HospitalMSP', 'PharmacyMSP', 'RegulatorMSP']);
    expect(addressOf(first.deployerKey)).toMatch(/^0x[0-9a-fA-F]{40}$/);
  });

  it('never replaces a damaged one', async () => {
    await ensureSecrets(dir);
    const file = join(dir, 'personal-data-key');
    writeFileSync(file, 'half');
    await expect(ensureSecrets(dir)).rejects.toThrow(`${file} is damaged`);
    expect(readFileSync(file, 'utf8')).toBe('half');
  });
});

import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, it, vi } from 'vitest';
import { followLedgerProfile } from './profile.ts';

vi.stubEnv('LOG_LEVEL', 'silent');
const dir = mkdtempSync(join(tmpdir(), 'medloom-profile-'));
const file = join(dir, 'profile.json');
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const channel = (name: string) => ({ name, kind: 'care', contracts: [], organisations: [] });
function replace(content: unknown): void {
  writeFileSync(`${file}.new`, typeof content === 'string' ? content : JSON.stringify(content));
  renameSync(`${file}.new`, file);
}
const profileOf = (...names: string[]) => ({
  ...{ ledger: 'devnet', channels: names.map(channel), withoutPeers: [], organisations: {} },
});
const namesOf = (profile: ReturnType<ReturnType<typeof followLedgerProfile>>) =>
  profile.channels.map(({ name }) => name);

beforeEach(() => replace(profileOf('care-0')));

it('takes up a file that was replaced', () => {
  const profile = followLedgerProfile(file, 0);
  expect(namesOf(profile())).toEqual(['care-0']);
  replace(profileOf('care-0', 'care-1'));
  expect(namesOf(profile())).toEqual(['care-0', 'care-1']);
});

it('keeps the profile before while the file is damaged or away', () => {
  const profile = followLedgerProfile(file, 0);
  replace('{');
  expect(namesOf(profile())).toEqual(['care-0']);
  rmSync(file);
  expect(namesOf(profile())).toEqual(['care-0']);
  replace(profileOf('care-7'));
  expect(namesOf(profile())).toEqual(['care-7']);
});

it('does not begin without a profile', () => {
  replace('{}');
  expect(() => followLedgerProfile(file)).toThrow();
});

it('looks at the file once in a while only', () => {
  const profile = followLedgerProfile(file, 60_000);
  replace(profileOf('care-7'));
  expect(namesOf(profile())).toEqual(['care-0']);
});

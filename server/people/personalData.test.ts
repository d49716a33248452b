import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { nameMatches, normaliseEmail, normaliseIdentifier, PersonalData } from './personalData.ts';

const data = new PersonalData(randomBytes(32));

describe('personal data', () => {
  it('comes back only under its own context and key', () => {
    const sealed = data.seal('people.name:1', 'Ada Berg');
    expect(data.open('people.name:1', sealed, z.string())).toBe('Ada Berg');
    expect(sealed.includes('Ada')).toBe(false);
    expect(() => data.open('people.name:2', sealed, z.string())).toThrow();
    expect(() => new PersonalData(randomBytes(32)).open('people.name:1', sealed, z.string())).toThrow();
  });

  it('is refused when a byte was changed', () => {
    const sealed = data.seal('x', 'value');
    sealed[14] = (sealed[14] ?? 0) ^ 1;
    expect(() => data.open('x', sealed, z.string())).toThrow();
  });

  it('has indexes that differ by use and key and are equal for equal values', () => {
    expect(data.index('email', 'a@b.c').equals(data.index('email', 'a@b.c'))).toBe(true);
    expect(data.index('email', 'a@b.c').equals(data.index('identifier', 'a@b.c'))).toBe(false);
    expect(new PersonalData(randomBytes(32)).index('email', 'a').equals(data.index('email', 'a'))).toBe(false);
  });

  it('finds a name by beginnings of its words, within one institution', () => {
    const tokens = new Set(data.nameTokens('inst-a', 'Åsa Nordström').map((token) => token.toString('hex')));
    const all = (query: string, institution = 'inst-a') =>
      data.queryTokens(institution, query).every((token) => tokens.has(token.toString('hex')));
    expect(all('as nord')).toBe(true);
    expect(all('NORDSTROM')).toBe(true);
    expect(all('ström')).toBe(false);
    expect(all('asa', 'inst-b')).toBe(false);
  });

  it('tells longer beginnings apart after decryption', () => {
    expect(nameMatches('Åsa Nordström', 'nordstr')).toBe(true);
    expect(nameMatches('Åsa Nordström', 'nordlund')).toBe(false);
  });

  it('compares e-mails and identifiers in one form', () => {
    expect(normaliseEmail(' A@B.org ')).toBe('a@b.org');
    expect(normaliseIdentifier('ab-12 34.5')).toBe('AB12345');
  });
});

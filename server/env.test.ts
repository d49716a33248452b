import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { readEnv } from './env.ts';

const good = {
  MEDLOOM_MODE: 'production',
  MEDLOOM_URL: 'https://portal.example.org',
  MEDLOOM_PROXIES: '1',
  NEXTAUTH_URL: 'https://portal.example.org',
  NEXTAUTH_SECRET: randomBytes(32).toString('base64'),
  DATABASE_URL: 'postgres://medloom@db/medloom',
  LEDGER_PROFILE: '/etc/medloom/ledger.json',
  IPFS_API_URL: 'http://ipfs:5001',
  ETHEREUM_RPC_URL: 'https://chain.example.org',
  PRESCRIPTION_TOKEN_ADDRESS: `0x${'1a'.repeat(20)}`,
  CARE_SETTLEMENT_ADDRESS: `0x${'1b'.repeat(20)}`,
  ASSISTANCE_FUND_ADDRESS: `0x${'1c'.repeat(20)}`,
  SETTLEMENT_COIN_ADDRESS: `0x${'1d'.repeat(20)}`,
  SETTLEMENT_CURRENCY: 'EUR',
  ETHEREUM_SUBMITTER_KEY: `0x${randomBytes(32).toString('hex')}`,
  CONNECTOR_URL: 'http://connector:8080',
  CONNECTOR_TOKEN: randomBytes(24).toString('base64url'),
  PERSONAL_DATA_KEY: randomBytes(32).toString('base64'),
};

describe('settings', () => {
  it('are taken when all are there', () => {
    expect(readEnv(good).LOG_LEVEL).toBe('info');
  });

  it('name every setting that is missing or wrong, at once', () => {
    const { DATABASE_URL: _, ...rest } = good;
    expect(() => readEnv({ ...rest, PERSONAL_DATA_KEY: 'c2hvcnQ=', IPFS_API_URL: 'nowhere' })).toThrow(
      /DATABASE_URL: is missing[\s\S]*IPFS_API_URL[\s\S]*PERSONAL_DATA_KEY: must be base64 of at least 32 bytes/,
    );
  });

  it('name the adjudicator of each insurer, and none where nothing is said', () => {
    const one = { insurer: 'inst-northern-mutual', url: 'http://adjudicator:8090', token: 't'.repeat(32) };
    expect(readEnv(good).ADJUDICATORS).toEqual([]);
    expect(readEnv({ ...good, ADJUDICATORS: JSON.stringify([one]) }).ADJUDICATORS).toEqual([one]);
    for (const wrong of ['{', '{}', JSON.stringify([{ ...one, token: 'short' }]), JSON.stringify([one, one])])
      expect(() => readEnv({ ...good, ADJUDICATORS: wrong }), wrong).toThrow('ADJUDICATORS');
  });

  it.each([
    ['ETHEREUM_SUBMITTER_KEY', '0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80'],
    ['NEXTAUTH_SECRET', 'demonstration-secret-that-everybody-knows'],
    ['PERSONAL_DATA_KEY', Buffer.from('medloom demonstration key, public').toString('base64')],
    ['CONNECTOR_TOKEN', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'],
  ])('refuse a demonstration secret in %s in production only', (name, value) => {
    expect(() => readEnv({ ...good, [name]: value })).toThrow(`${name}: is a demonstration secret`);
    expect(readEnv({ ...good, [name]: value, MEDLOOM_MODE: 'demonstration' }).MEDLOOM_MODE).toBe('demonstration');
  });

  it('want the number of proxies in production, without which all callers would be one', () => {
    const { MEDLOOM_PROXIES: _, ...rest } = good;
    expect(readEnv(good).MEDLOOM_PROXIES).toBe(1);
    expect(() => readEnv(rest)).toThrow('MEDLOOM_PROXIES: must be at least 1');
    expect(() => readEnv({ ...good, MEDLOOM_PROXIES: 'one' })).toThrow('MEDLOOM_PROXIES');
    expect(readEnv({ ...rest, MEDLOOM_MODE: 'demonstration' }).MEDLOOM_PROXIES).toBe(0);
  });

  it('want https in production', () => {
    expect(() => readEnv({ ...good, NEXTAUTH_URL: 'http://portal.example.org' })).toThrow('NEXTAUTH_URL');
  });
});

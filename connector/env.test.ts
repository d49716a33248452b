import { describe, expect, it } from 'vitest';
import { readEnvironment } from './env.ts';

const complete = {
  CONNECTOR_PROFILE: '/etc/medloom/connector.json',
  CONNECTOR_TOKEN: 'a-token-of-at-least-thirty-two-characters',
  CONNECTOR_PORT: '8080',
  ETHEREUM_RPC_URL: 'http://127.0.0.1:8545',
  PRESCRIPTION_TOKEN_ADDRESS: `0x${'Ab'.repeat(20)}`,
  CARE_SETTLEMENT_ADDRESS: `0x${'Ac'.repeat(20)}`,
  ASSISTANCE_FUND_ADDRESS: `0x${'Ad'.repeat(20)}`,
  SETTLEMENT_COIN_ADDRESS: `0x${'Ae'.repeat(20)}`,
};

describe('readEnvironment', () => {
  it('reads the settings', () => {
    expect(readEnvironment(complete)).toMatchObject({ CONNECTOR_PORT: 8080, LOG_LEVEL: 'info' });
  });

  it('names everything that is missing at once, without a value', () => {
    const read = () => readEnvironment({ CONNECTOR_TOKEN: 'too-short', ETHEREUM_RPC_URL: 'ftp://x' });
    expect(read).toThrow(/CONNECTOR_PROFILE.*CONNECTOR_TOKEN.*ETHEREUM_RPC_URL.*PRESCRIPTION_TOKEN_ADDRESS/s);
    expect(read).not.toThrow(/too-short/);
  });
});

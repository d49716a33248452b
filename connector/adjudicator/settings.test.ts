import { expect, it } from 'vitest';
import { readAdjudicatorSettings } from './settings.ts';

const address = `0x${'ab'.repeat(20)}`;
const complete = {
  ...{
    CONNECTOR_PROFILE: 'connector.json',
    ADJUDICATOR_MSP: 'InsurerMSP',
    ADJUDICATOR_DEVICE: `dev-${'a'.repeat(26)}`,
  },
  ...{ ADJUDICATOR_TOKEN: 't'.repeat(32), ADJUDICATOR_KEY_FILE: 'key', IPFS_API_URL: 'http://127.0.0.1:5001' },
  ...{ ETHEREUM_RPC_URL: 'http://127.0.0.1:8545', PRESCRIPTION_TOKEN_ADDRESS: address },
  ...{ CARE_SETTLEMENT_ADDRESS: address, SETTLEMENT_COIN_ADDRESS: address, SETTLEMENT_CURRENCY: 'EUR' },
};

it('reads the settings, with what is usual where nothing is said', () => {
  expect(readAdjudicatorSettings(complete)).toMatchObject({
    ...{
      ADJUDICATOR_PORT: 0,
      ADJUDICATOR_EVERY_MS: 500,
      SETTLEMENT_CONFIRMATIONS: 12,
      SETTLEMENT_FROM_BLOCK: 0,
      LOG_LEVEL: 'info',
    },
  });
});

it.each([
  ['ADJUDICATOR_DEVICE', 'dev-1'],
  ['ADJUDICATOR_TOKEN', 'too-short-a-secret'],
  ['CARE_SETTLEMENT_ADDRESS', 'nowhere'],
  ['SETTLEMENT_CURRENCY', 'euro'],
  ['ADJUDICATOR_EVERY_MS', '1'],
  ['IPFS_API_URL', 'nowhere'],
])('names %s where it is wrong or missing, without its value', (name, wrong) => {
  const { [name as keyof typeof complete]: _, ...without } = complete;
  expect(() => readAdjudicatorSettings({ ...complete, [name]: wrong })).toThrow(name);
  expect(() => readAdjudicatorSettings({ ...complete, [name]: wrong })).not.toThrow(wrong);
  if (name in complete) expect(() => readAdjudicatorSettings(without)).toThrow(name);
});

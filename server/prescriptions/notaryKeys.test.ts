import { computeAddress } from 'ethers';
import { expect, it } from 'vitest';
import { notaryKeysIn } from './notaryKeys.ts';

const key = `0x${'22'.repeat(32)}`;
const chainWith = (...notaries: string[]) => ({ isNotary: async (account: string) => notaries.includes(account) });

it('finds a notary’s key by its account, whatever the setting is called, and by the name of the setting', async () => {
  const settings = { ETHEREUM_SUBMITTER_KEY: key, PATH: '/bin', NOTHING: undefined, ZERO: `0x${'00'.repeat(32)}` };
  expect(await notaryKeysIn(settings, chainWith(computeAddress(key)))).toEqual(['ETHEREUM_SUBMITTER_KEY']);
  expect(await notaryKeysIn(settings, chainWith())).toEqual([]);
  expect(await notaryKeysIn({ HOSPITAL_NOTARY_KEY: key }, chainWith())).toEqual(['HOSPITAL_NOTARY_KEY']);
});

import { BaseError, UserRejectedRequestError } from 'viem';
import { describe, expect, it } from 'vitest';
import { mintErrorOf, type mintErrors } from './mint.ts';
import { ChainUnavailable } from './rpc.ts';

const wrapped = (cause: BaseError) => new BaseError('failed', { cause });
const named = (name: string) => Object.assign(new Error('x'), { name });

describe('a wallet that does not mint is told by name', () => {
  it.each<[keyof typeof mintErrors, string, unknown]>([
    ['REJECTED', 'declined in the wallet', wrapped(new UserRejectedRequestError(new Error('no')))],
    ['REJECTED', "declined, in the wallet's own error", Object.assign(new Error('User denied'), { code: 4001 })],
    ['WRONG_CHAIN', 'on another chain than asked for', named('ConnectorChainMismatchError')],
    ['WRONG_CHAIN', 'on another chain when it sends', named('ChainMismatchError')],
    ['VAULT_LOCKED', 'with the vault locked', Object.assign(new Error('locked'), { code: 'VAULT_LOCKED' })],
    ['ETHEREUM_UNAVAILABLE', 'with the chain down', new ChainUnavailable('ETHEREUM_UNAVAILABLE', 'down')],
    ['ETHEREUM_UNAVAILABLE', 'with the portal out of reach', new ChainUnavailable('OFFLINE', 'gone')],
    ['FAILED', 'that throws a text', 'no'],
    ['FAILED', 'that throws nothing', undefined],
    ['FAILED', 'that throws something unknown', new Error('what?')],
  ])('%s: %s', (code, _, error) => {
    expect(mintErrorOf(error)).toBe(code);
  });
});

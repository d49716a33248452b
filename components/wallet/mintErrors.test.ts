import {
  BaseError,
  ContractFunctionExecutionError,
  ContractFunctionRevertedError,
  encodeErrorResult,
  InsufficientFundsError,
  UserRejectedRequestError,
} from 'viem';
import { describe, expect, it } from 'vitest';
import { prescriptionTokenAbi } from '#contracts/abi/prescriptionToken.ts';
import { mintErrorOf, type mintErrors } from './mint.ts';
import { ChainUnavailable } from './rpc.ts';

const account = `0x${'ab'.repeat(20)}` as const;
const role = `0x${'cd'.repeat(32)}` as const;

const wrapped = (cause: BaseError) => {
  const args = [1n, account, role, 1n];
  return new ContractFunctionExecutionError(cause, { abi: prescriptionTokenAbi, functionName: 'mint', args });
};
const reverted = (data: `0x${string}`) => {
  return wrapped(new ContractFunctionRevertedError({ abi: prescriptionTokenAbi, data, functionName: 'mint' }));
};
const named = (name: string) => Object.assign(new Error('x'), { name });

describe('a wallet that does not mint is told by name', () => {
  it.each<[keyof typeof mintErrors, string, unknown]>([
    ['REJECTED', 'declined in the wallet', wrapped(new UserRejectedRequestError(new Error('no')))],
    ['REJECTED', "declined, in the wallet's own error", Object.assign(new Error('User denied'), { code: 4001 })],
    ['WRONG_CHAIN', 'on another chain than asked for', named('ConnectorChainMismatchError')],
    ['WRONG_CHAIN', 'on another chain when it sends', named('ChainMismatchError')],
    ['NO_FUNDS', 'without ether', wrapped(new InsufficientFundsError({ cause: new BaseError('x') }))],
    ['VAULT_LOCKED', 'with the vault locked', Object.assign(new Error('locked'), { code: 'VAULT_LOCKED' })],
    ['ETHEREUM_UNAVAILABLE', 'with the chain down', new ChainUnavailable('ETHEREUM_UNAVAILABLE', 'down')],
    ['ETHEREUM_UNAVAILABLE', 'with the portal out of reach', new ChainUnavailable('OFFLINE', 'gone')],
    ['TIMEOUT', 'whose transaction is not mined', named('WaitForTransactionReceiptTimeoutError')],
    ['FAILED', 'that throws a text', 'no'],
    ['FAILED', 'that throws nothing', undefined],
    ['FAILED', 'that throws something unknown', new Error('what?')],
  ])('%s: %s', (code, _, error) => {
    expect(mintErrorOf(error)).toBe(code);
  });

  it('NOT_PRESCRIBER: an account without the role', () => {
    const data = encodeErrorResult({
      abi: prescriptionTokenAbi,
      errorName: 'AccessControlUnauthorizedAccount',
      args: [account, role],
    });
    expect(mintErrorOf(reverted(data))).toBe('NOT_PRESCRIBER');
  });

  it('ALREADY_MINTED: a token that exists', () => {
    const data = encodeErrorResult({ abi: prescriptionTokenAbi, errorName: 'TokenExists', args: [1n] });
    expect(mintErrorOf(reverted(data))).toBe('ALREADY_MINTED');
  });

  it('REVERTED: any other refusal of the contract', () => {
    const data = encodeErrorResult({ abi: prescriptionTokenAbi, errorName: 'ERC721NonexistentToken', args: [1n] });
    expect(mintErrorOf(reverted(data))).toBe('REVERTED');
  });
});

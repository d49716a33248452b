import { BaseError, encodeErrorResult, InsufficientFundsError, RpcRequestError, UserRejectedRequestError } from 'viem';
import { describe, expect, it } from 'vitest';
import { VaultError } from '#components/vault/errors.ts';
import { ChainUnavailable } from '#components/wallet/rpc.ts';
import { careSettlementAbi } from '#contracts/abi/careSettlement.ts';
import { testCoinAbi } from '#contracts/abi/testCoin.ts';
import { WalletProblem, walletProblemOf } from './walletProblem.ts';

const wrapped = (cause: Error) => new BaseError('failed', { cause });
const named = (name: string) => Object.assign(new Error('x'), { name });
const reverted = (data: unknown, message = 'execution reverted') =>
  wrapped(new RpcRequestError({ body: {}, url: '/api/ethereum', error: { code: 3, message, data } }));

describe('what an error of wallet or chain means', () => {
  it.each<[string, string, unknown]>([
    ['REJECTED', 'declined', wrapped(new UserRejectedRequestError(new Error('no')))],
    ['REJECTED', 'declined, in the wallet’s own error', Object.assign(new Error('User denied'), { code: 4001 })],
    ['WRONG_CHAIN', 'on another chain than asked for', named('ConnectorChainMismatchError')],
    ['WRONG_CHAIN', 'on another chain when it sends', wrapped(named('ChainMismatchError'))],
    ['VAULT_LOCKED', 'with the vault locked', wrapped(new VaultError('VAULT_LOCKED', ''))],
    ['WALLET_LIMITED', 'that the portal’s own wallet does not do', wrapped(new VaultError('WALLET_REFUSED', ''))],
    ['WALLET_REFUSED', 'that the vault finds to be of another bill', new VaultError('WALLET_REFUSED', '')],
    ['ETHEREUM_UNAVAILABLE', 'with the chain down', wrapped(new ChainUnavailable('ETHEREUM_UNAVAILABLE', 'down'))],
    ['OFFLINE', 'with the portal out of reach', wrapped(new ChainUnavailable('OFFLINE', 'gone'))],
    ['RATE_LIMITED', 'asked too often', new ChainUnavailable('RATE_LIMITED', 'slow down')],
    ['NO_GAS', 'without ether', wrapped(new InsufficientFundsError())],
    ['NO_GAS', 'without ether, in words', reverted(undefined, 'insufficient funds for gas * price + value')],
    ['REFUSED', 'that the contract refuses without an error', reverted('0x')],
    ['REFUSED', 'that the node says is refused', reverted(undefined)],
    ['NOT_FOUND', 'that the portal refuses', new VaultError('NOT_FOUND', '')],
    ['WALLET_FAILED', 'with a number of its own', Object.assign(new Error('x'), { code: -32_603 })],
    ['WALLET_FAILED', 'that throws a text', 'no'],
    ['WALLET_FAILED', 'that throws nothing', undefined],
  ])('%s: %s', (code, _, error) => {
    expect(walletProblemOf(error).code).toBe(code);
  });

  it('is the contract’s own error where it gave one, however the node brings it', () => {
    const args = [`0x${'12'.repeat(32)}`, 5n, 6n] as const;
    const owed = encodeErrorResult({ abi: careSettlementAbi, errorName: 'NotOwed', args });
    for (const data of [owed, { data: owed }])
      expect(walletProblemOf(reverted(data))).toMatchObject({ code: 'REFUSED', refusal: 'NotOwed' });
    const short = [`0x${'34'.repeat(20)}`, 1n, 2n] as const;
    const coin = encodeErrorResult({ abi: testCoinAbi, errorName: 'ERC20InsufficientBalance', args: short });
    expect(walletProblemOf(reverted(coin)).refusal).toBe('ERC20InsufficientBalance');
    expect(walletProblemOf(reverted('0x12345678'))).toMatchObject({ code: 'REFUSED', refusal: undefined });
  });

  it('stays what it is named already', () => {
    const known = new WalletProblem('NO_COIN', { shortage: { has: 1n, needed: 2n } });
    expect(walletProblemOf(known)).toBe(known);
  });
});

import { BaseError, ContractFunctionRevertedError } from 'viem';
import { ConnectorError } from '../errors.ts';

/** The contract's own error; undefined where a node failed. */
export function refusalOf(error: unknown): string | undefined {
  const cause = error instanceof ConnectorError ? error.cause : error;
  const reverted =
    cause instanceof BaseError ? cause.walk((one) => one instanceof ContractFunctionRevertedError) : null;
  return reverted instanceof ContractFunctionRevertedError
    ? (reverted.data?.errorName ?? reverted.reason ?? 'reverted')
    : undefined;
}

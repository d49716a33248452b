import { type Address, getAddress, isAddress, zeroAddress } from 'viem';

/** An address of Ethereum as a person types it; undefined for what is none, and for zero, which is nobody's. */
export function readAddress(typed: string): Address | undefined {
  const address = typed.trim();
  return isAddress(address) && address !== zeroAddress ? getAddress(address) : undefined;
}

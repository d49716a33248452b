import { computeAddress } from 'ethers';
import type { EthereumGateway } from '../gateways/ethereum/ethereum.ts';

const ethereumKey = /^0x[0-9a-fA-F]{64}$/;

/**
 * Names of settings that hold a notary's key: by their name, or because the contract knows the key's account as a notary's. A portal
 * that could sign attestations itself would make the notaries' word its own. Throws ETHEREUM_UNAVAILABLE.
 */
export async function notaryKeysIn(
  settings: Record<string, string | undefined>,
  ethereum: Pick<EthereumGateway, 'isNotary'>,
): Promise<string[]> {
  const found: string[] = [];
  for (const [name, value] of Object.entries(settings)) {
    if (value === undefined || !ethereumKey.test(value)) continue;
    if (/NOTARY/i.test(name) || (await ethereum.isNotary(accountOf(value)))) found.push(name);
  }
  return found;
}

/** Some 32 bytes are no key: nobody's account then. */
function accountOf(key: string): string {
  try {
    return computeAddress(key);
  } catch {
    return `0x${'00'.repeat(20)}`;
  }
}

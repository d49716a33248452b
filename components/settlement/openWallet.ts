import type { Address } from 'viem';
import type { Connector } from 'wagmi';
import { connect, getConnections, switchChain } from 'wagmi/actions';
import type { WalletConfig } from '#components/wallet/config.ts';
import { WalletProblem } from './walletProblem.ts';

/** A wallet on the portal's chain, with the account that it shows. */
export interface OpenWallet {
  account: Address;
  connector: Connector;
}

/**
 * Connects a wallet and has it change to the portal's chain. `only` is the address that alone will do. Throws a `WalletProblem`, or what
 * the wallet throws: REJECTED, WRONG_CHAIN, WRONG_ACCOUNT.
 */
export async function openWallet(
  config: WalletConfig,
  connector: Connector,
  { only, onStep = () => {} }: { only?: Address | undefined; onStep?: (step: 'connecting' | 'switching') => void } = {},
): Promise<OpenWallet> {
  onStep('connecting');
  const account = await accountOf(config, connector);
  if (only !== undefined && account.toLowerCase() !== only.toLowerCase()) throw new WalletProblem('WRONG_ACCOUNT');
  const [chain] = config.chains;
  if ((await connector.getChainId()) !== chain.id) {
    onStep('switching');
    try {
      await switchChain(config, { chainId: chain.id, connector });
    } catch (cause) {
      throw new WalletProblem('WRONG_CHAIN', { cause });
    }
    // Some wallets answer before they have changed, or without changing.
    if ((await connector.getChainId()) !== chain.id) throw new WalletProblem('WRONG_CHAIN');
  }
  return { account, connector };
}

/** The account that the wallet shows now: a person may have chosen another one since it was connected. */
async function accountOf(config: WalletConfig, connector: Connector): Promise<Address> {
  const isKnown = getConnections(config).some((connection) => connection.connector.uid === connector.uid);
  const accounts: readonly Address[] = isKnown ? await connector.getAccounts() : [];
  const [account] = accounts.length > 0 ? accounts : await connected(config, connector);
  if (account === undefined) throw new WalletProblem('REJECTED');
  return account;
}

async function connected(config: WalletConfig, connector: Connector): Promise<readonly Address[]> {
  try {
    return (await connect(config, { connector })).accounts as readonly Address[];
  } catch (error) {
    // It was connected, and has locked itself since: it is asked again.
    if (error instanceof Error && error.name === 'ConnectorAlreadyConnectedError')
      return (await connector.connect()).accounts as readonly Address[];
    throw error;
  }
}

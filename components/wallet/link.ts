import type { Address } from 'viem';
import { createSiweMessage } from 'viem/siwe';
import type { Connector } from 'wagmi';
import { connect, getConnections, signMessage } from 'wagmi/actions';
import { isRejection } from '#components/ui/errors.ts';
import { expectData, VaultError } from '#components/vault/errors.ts';
import { linkWallet } from '#server/people/actions.ts';
import { linkStatement } from '#server/people/schema.ts';
import { walletNonce } from '#server/session/actions.ts';
import { builtInWalletId } from './builtInConnector.ts';
import type { WalletConfig } from './config.ts';

/** Wallets of this browser that announce themselves, or else the one injected without a name. */
export function foreignWallets(config: WalletConfig): Connector[] {
  const others = config.connectors.filter(({ id }) => id !== builtInWalletId);
  const announced = others.filter(({ id }) => id !== 'injected');
  if (announced.length > 0) return announced;
  return typeof window !== 'undefined' && Reflect.get(window, 'ethereum') ? others : [];
}

/** Words of the portal that mean something else where a wallet is linked. */
const codes: Record<string, string> = {
  CONFLICT: 'WALLET_TAKEN',
  SIGNATURE_INVALID: 'WALLET_UNPROVED',
  WRONG_STATE: 'WALLET_LIMIT',
};

/**
 * Proves to the portal that a wallet is the person's: the wallet signs an EIP-4361 message with the portal's challenge
 * that names the person. Answers the address in lower case. Throws a `VaultError`: REJECTED, WALLET_TAKEN,
 * WALLET_UNPROVED, WALLET_LIMIT, WALLET_FAILED, or the portal's own codes.
 */
export async function proveWallet(
  config: WalletConfig,
  connector: Connector,
  subjectId: string,
  onSigning: () => void = () => {},
): Promise<string> {
  try {
    const address = await accountOf(config, connector);
    const nonce = expectData(await walletNonce(undefined));
    onSigning();
    const message = createSiweMessage({
      address,
      chainId: await connector.getChainId(),
      domain: window.location.host,
      uri: window.location.origin,
      nonce,
      version: '1',
      issuedAt: new Date(),
      statement: linkStatement(subjectId),
    });
    const signature = await signMessage(config, { account: address, connector, message });
    return expectData(await linkWallet({ message, signature })).address;
  } catch (error) {
    if (isRejection(error)) throw new VaultError('REJECTED', '', { cause: error });
    if (error instanceof VaultError) throw new VaultError(codes[error.code] ?? error.code, error.message);
    throw new VaultError('WALLET_FAILED', '', { cause: error });
  }
}

/** The wallet's chosen account, connecting where it is not connected yet. */
async function accountOf(config: WalletConfig, connector: Connector): Promise<Address> {
  const known = getConnections(config).find((connection) => connection.connector.uid === connector.uid);
  const accounts = known?.accounts ?? ((await connect(config, { connector })).accounts as readonly Address[]);
  const [address] = accounts;
  if (address === undefined) throw new VaultError('REJECTED', '');
  return address;
}

import type { Hex, SignableMessage, TransactionSerializable } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { type Issue, issueTypes, type TokenDomain, tokenDomain } from '#contracts/typedData.ts';
import { toHex } from '#crypto/bytes.ts';
import { VaultError } from './errors.ts';
import type { OpenState } from './openVault.ts';

/** The built-in wallet: signs for Ethereum with the key in the vault. */
export function walletOperations(opened: () => OpenState) {
  const account = () => privateKeyToAccount(`0x${toHex(opened().walletKey)}`);

  return {
    /** Address of the built-in wallet. Throws `VAULT_LOCKED`. */
    async walletAddress(): Promise<Hex> {
      return opened().wallet;
    },

    /** Signs a transaction. It only ever calls a contract: it sends no value and creates nothing. */
    async signWalletTransaction(input: { transaction: TransactionSerializable }): Promise<Hex> {
      const { transaction } = input;
      if (transaction.to === undefined || transaction.to === null || (transaction.value ?? 0n) !== 0n) {
        throw new VaultError('WALLET_REFUSED', 'The built-in wallet calls contracts and sends no money.');
      }
      if (transaction.chainId === undefined) {
        throw new VaultError('WALLET_REFUSED', 'The built-in wallet signs for a named chain only.');
      }
      return account().signTransaction(transaction);
    },

    /** Signs a prescription's token for whoever brings it to the chain (EIP-712). No other structure is signed. */
    async signWalletIssue(input: { domain: TokenDomain; issue: Issue }): Promise<Hex> {
      return account().signTypedData({
        domain: tokenDomain(input.domain.chainId, input.domain.verifyingContract),
        types: issueTypes,
        primaryType: 'Issue',
        message: input.issue,
      });
    },

    /** Signs a message (EIP-191). */
    async signWalletMessage(input: { message: SignableMessage }): Promise<Hex> {
      return account().signMessage({ message: input.message });
    },
  };
}

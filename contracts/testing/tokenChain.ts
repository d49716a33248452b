import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Address,
  createPublicClient,
  createTestClient,
  createWalletClient,
  type Hex,
  http,
  keccak256,
  toHex,
} from 'viem';
import { mnemonicToAccount, type PrivateKeyAccount, privateKeyToAccount } from 'viem/accounts';
import { anvil as anvilChain } from 'viem/chains';
import { type Anvil, startAnvil } from '../../network/ethereum/anvil.ts';
import { prescriptionTokenAbi } from '../abi/prescriptionToken.ts';
import { deployContracts } from '../deploy/deploy.ts';
import { attestationTypes, issueTypes, tokenDomain } from '../typedData.ts';

const mnemonic = 'test test test test test test test test test test test junk';
const keyOf = (addressIndex: number): Hex =>
  toHex(mnemonicToAccount(mnemonic, { addressIndex }).getHdKey().privateKey ?? new Uint8Array());
const accountOf = (addressIndex: number) => privateKeyToAccount(keyOf(addressIndex));
const abi = prescriptionTokenAbi;
const day = 86_400;

/** The hash of the licences that `license` puts on the chain. */
export const licenceHash: Hex = `0x${'ab'.repeat(32)}`;

/** Anvil with the token's contract, two notaries of whom both must sign, and a doctor with a licence. */
export class TokenChain {
  readonly registrar = accountOf(1);
  readonly doctor = accountOf(2);
  readonly notaries = [accountOf(3), accountOf(4)];
  /** Has no role, and brings what others signed. */
  readonly relay = accountOf(5);
  readonly #folder: string;
  readonly #anvil: Anvil;
  readonly token: Address;

  private constructor(folder: string, anvil: Anvil, token: Address) {
    this.#folder = folder;
    this.#anvil = anvil;
    this.token = token;
  }

  static async start(): Promise<TokenChain> {
    const folder = mkdtempSync(join(tmpdir(), 'medloom-token-chain-'));
    const anvil = await startAnvil({ stateFile: join(folder, 'chain'), logFile: join(folder, 'log'), mnemonic });
    const { prescriptionToken } = await deployContracts({
      rpcUrl: anvil.rpcUrl,
      deployerKey: keyOf(0),
      registrar: accountOf(1).address,
      notaries: [accountOf(3).address, accountOf(4).address],
      threshold: 2,
      file: join(folder, 'contracts.json'),
    });
    const chain = new TokenChain(folder, anvil, prescriptionToken);
    await chain.license(chain.doctor.address);
    return chain;
  }

  async stop(): Promise<void> {
    await this.#anvil.stop();
    rmSync(this.#folder, { recursive: true });
  }

  get url() {
    return this.#anvil.rpcUrl;
  }
  get reader() {
    return createPublicClient({ chain: anvilChain, transport: http(this.url), pollingInterval: 20 });
  }
  get time() {
    return createTestClient({ mode: 'anvil', chain: anvilChain, transport: http(this.url) });
  }

  /** What an account sends to the contract, not waited for. */
  as(account: PrivateKeyAccount) {
    return createWalletClient({ account, chain: anvilChain, transport: http(this.url) });
  }
  get contract() {
    return { address: this.token, abi } as const;
  }
  async mined(hash: Hex): Promise<void> {
    const { status } = await this.reader.waitForTransactionReceipt({ hash });
    if (status !== 'success') throw new Error(`reverted: ${hash}`);
  }

  async license(prescriber: Address, validTo = 4_000_000_000n): Promise<void> {
    const args = [prescriber, licenceHash, validTo] as const;
    await this.mined(await this.as(this.registrar).writeContract({ ...this.contract, functionName: 'license', args }));
  }

  /** Takes the role; answers the transaction, not waited for. */
  revoke(prescriber: Address): Promise<Hex> {
    const args = [keccak256(toHex('PRESCRIBER_ROLE')), prescriber] as const;
    return this.as(this.registrar).writeContract({ ...this.contract, functionName: 'revokeRole', args });
  }

  /** Brings a prescriber's signed issue; answers the transaction, not waited for. Throws what the contract refuses. */
  async bring(prescriber: PrivateKeyAccount, tokenId: bigint, commitment: Hex, seconds = day): Promise<Hex> {
    const { timestamp } = await this.reader.getBlock();
    const holder: Address = `0x${'11'.repeat(20)}`;
    const message = { tokenId, holder, commitment, expires: timestamp + BigInt(seconds), deadline: timestamp + 600n };
    const domain = tokenDomain(this.#anvil.chainId, this.token);
    const signature = await prescriber.signTypedData({ domain, types: issueTypes, primaryType: 'Issue', message });
    const args = [[message], [signature]] as const;
    return this.as(this.relay).writeContract({ ...this.contract, functionName: 'mintBatch', args });
  }

  async issue(tokenId: bigint, commitment: Hex, seconds = day): Promise<void> {
    await this.mined(await this.bring(this.doctor, tokenId, commitment, seconds));
  }

  /** An attestation that both notaries signed. */
  async attest(tokenId: bigint, state: number, version: bigint) {
    const { timestamp } = await this.reader.getBlock();
    const [channel, blockHash] = [keccak256(toHex('care-0')), keccak256(toHex(`block ${version}`))];
    const message = { tokenId, channel, blockHash, state, version, deadline: timestamp + 600n };
    const domain = tokenDomain(this.#anvil.chainId, this.token);
    const typed = { domain, types: attestationTypes, primaryType: 'Attestation', message } as const;
    return { message, signatures: await Promise.all(this.notaries.map((notary) => notary.signTypedData(typed))) };
  }

  /** Records states in one transaction, as the relay does. */
  async record(...attested: Awaited<ReturnType<TokenChain['attest']>>[]): Promise<void> {
    const args = [attested.map(({ message }) => message), attested.map(({ signatures }) => signatures)] as const;
    await this.mined(await this.as(this.relay).writeContract({ ...this.contract, functionName: 'recordStates', args }));
  }
}

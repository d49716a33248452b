import { createWalletClient, custom, defineChain, type Hex, toHex } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { z } from 'zod';
import { prescriptionTokenAbi } from '#contracts/abi/prescriptionToken.ts';
import { fromBase64Url, toBase64Url } from '#crypto/bytes.ts';
import { createEnrolment } from '#crypto/enrolment.ts';
import { checkProposal } from '#crypto/fabric/proposal.ts';
import { checkStatusRequest } from '#crypto/fabric/status.ts';
import { checkTransaction } from '#crypto/fabric/transaction.ts';
import { derivePassword, newPasswordSalt, passwordParameters } from '#crypto/password.ts';
import { assertByPin, createPin } from '#crypto/pin.ts';
import type { ComposedIssue } from '#crypto/prescription.ts';
import { recoveryKeyOf, recoverySecretOf } from '#crypto/recovery.ts';
import { importSigningKey, signMessage } from '#crypto/signingKey.ts';
import { tokenIdOf } from '#crypto/token.ts';
import { findLock, openLock, openVault, parseVaultRecord, putLock, replaceContents } from '#crypto/vault.ts';
import type { VaultContents } from '#crypto/vaultContents.ts';
import { AppError } from '#server/errors.ts';
import { listAuthorities } from '../people/authorities.ts';
import { enrolPerson, readInvitation } from '../people/enrolment.ts';
import { finishRecovery, startRecovery } from '../people/recovery.ts';
import type { Actor } from '../people/schema.ts';
import { readVault, saveVault } from '../people/vaults.ts';
import { findActor, signInSalt, signInWithPassword } from '../session/service.ts';
import { recordMint } from '../transactions/minting.ts';
import { evaluateRead, prepareRead } from '../transactions/reading.ts';
import {
  ledgerCall,
  type ReadIntent,
  type Receipt,
  secondFactorOf,
  type TransactionIntent,
  withSecondFactor,
} from '../transactions/schema.ts';
import { endorseTransaction, prepareTransaction, submitTransaction } from '../transactions/service.ts';
import { forwardRpc } from '../wallet/service.ts';
import type { RecordedServer } from './recording.ts';

const caller = { address: '203.0.113.7' };
const rpcAnswer = z.object({
  result: z.unknown(),
  error: z.object({ code: z.number(), message: z.string() }).optional(),
});

/** What a browser never sends, kept aside so that a test can look for it. */
export interface BrowserSecrets {
  password: string;
  recoveryPhrase: string;
  wrappingKey: Uint8Array;
  vaultKey: Uint8Array;
  contents: VaultContents;
}

/** Makes keys for an invitation, as its page does. Answers the secrets, of which nothing was sent. */
export async function enrolInBrowser(
  server: RecordedServer,
  token: string,
  email: string,
  password: string,
): Promise<BrowserSecrets> {
  const { subjectId } = await server.ask(readInvitation, caller, token);
  const made = await createEnrolment({ password, commonName: subjectId });
  const { salt, signInSecret, recoverySecret, record, csrPem, readingKey, wallet, walletProof } = made;
  const { recoveryPhrase, vaultKey, contents } = made;
  const sent = { token, email, salt, signInSecret, recoverySecret, record, csrPem, readingKey, wallet, walletProof };
  await server.ask(enrolPerson, caller, sent);
  const { wrappingKey } = await derivePassword(password, fromBase64Url(salt));
  return { password, recoveryPhrase, wrappingKey, vaultKey, contents };
}

/**
 * Replaces a forgotten password by the recovery phrase, as the page for it does. Answers the key that the new password
 * gives, which was not sent.
 */
export async function recoverInBrowser(
  server: RecordedServer,
  email: string,
  phrase: string,
  password: string,
): Promise<Uint8Array> {
  const recoverySecret = recoverySecretOf(phrase);
  const { token, version, record } = await server.ask(startRecovery, caller, { email, recoverySecret });
  const vault = parseVaultRecord(record);
  const vaultKey = await openLock(findLock(vault, 'recovery'), recoveryKeyOf(phrase));
  const salt = newPasswordSalt();
  const { signInSecret, wrappingKey } = await derivePassword(password, salt);
  const opener = { kind: 'password' as const, salt, parameters: passwordParameters, key: wrappingKey };
  const changed = JSON.stringify(await putLock(vault, vaultKey, opener));
  const sent = { token, baseVersion: version, record: changed, salt: toBase64Url(salt), signInSecret };
  await server.ask(finishRecovery, caller, sent);
  return wrappingKey;
}

/** A person's browser, signed in and with the vault open: keys stay here, and only what pages send is sent. */
export class PersonBrowser {
  readonly actor: Actor;
  readonly certificatePem: string;
  readonly vaultKey: Uint8Array;
  keys: VaultContents;
  /** JSON of the vault's record, and its version at the server. */
  record: string;
  #version: number;
  #pin = '';
  readonly #server: RecordedServer;

  private constructor(
    server: RecordedServer,
    actor: Actor,
    certificatePem: string,
    vault: { record: string; version: number; vaultKey: Uint8Array; keys: VaultContents },
  ) {
    this.#server = server;
    this.actor = actor;
    this.certificatePem = certificatePem;
    this.vaultKey = vault.vaultKey;
    this.keys = vault.keys;
    this.record = vault.record;
    this.#version = vault.version;
  }

  /**
   * Signs in with e-mail and password, opens the vault, and puts the certificate into it, and whom it trusts, where they are not
   * there yet.
   */
  static async signIn(server: RecordedServer, email: string, password: string): Promise<PersonBrowser> {
    const { salt } = await server.ask(signInSalt, caller, { email });
    const { signInSecret, wrappingKey } = await derivePassword(password, fromBase64Url(salt));
    const signedIn = await server.ask(signInWithPassword, caller, { email, signInSecret });
    const actor = signedIn === undefined ? null : await findActor(signedIn.sessionId, server.portal);
    if (actor === null) throw new AppError('UNAUTHENTICATED', email);
    const read = (who: Actor, _: undefined, portal: RecordedServer['portal']) => readVault(who, portal);
    const { record, version, certificatePem } = await server.ask(read, actor, undefined);
    const vault = parseVaultRecord(record);
    const { key, contents } = await openVault(vault, findLock(vault, 'password'), wrappingKey);
    const opened = { record, version, vaultKey: key, keys: contents };
    const browser = new PersonBrowser(server, actor, certificatePem, opened);
    if (contents.certificate === '') {
      const roots = await server.ask(listAuthorities, actor, undefined);
      await browser.#save({ ...contents, certificate: certificatePem, roots });
    }
    return browser;
  }

  async #save(keys: VaultContents): Promise<void> {
    const record = JSON.stringify(await replaceContents(parseVaultRecord(this.record), this.vaultKey, keys));
    const { version } = await this.#server.ask(saveVault, this.actor, { baseVersion: this.#version, record });
    Object.assign(this, { keys, record });
    this.#version = version;
  }

  /** Makes a signing PIN and has the ledger record it. It confirms from then on what wants confirming. */
  async setPin(pin: string): Promise<void> {
    const { role, subjectId } = this.actor;
    const { credential, kept } = await createPin(pin, new URL(this.#server.portal.settings.url).hostname);
    await this.#save({ ...this.keys, pin: kept });
    await this.transact(
      role === 'patient'
        ? { kind: 'patients:addCredential', pseudonym: subjectId, credential }
        : { kind: 'addCredential', subject: subjectId, credential },
    );
    this.#pin = pin;
  }

  async #confirmed(intent: TransactionIntent): Promise<TransactionIntent> {
    if (secondFactorOf(intent) !== 'always' || this.keys.pin === undefined || this.#pin === '') return intent;
    const { origin } = new URL(this.#server.portal.settings.url);
    return withSecondFactor(intent, await assertByPin(this.keys.pin, this.#pin, ledgerCall(intent), origin));
  }

  get identity(): { mspId: string; certificatePem: string } {
    return { mspId: this.actor.mspId, certificatePem: this.certificatePem };
  }

  async sign(message: Uint8Array): Promise<string> {
    const { privateKey } = await importSigningKey(this.keys.signingKey);
    return toBase64Url(await signMessage(privateKey, message));
  }

  /** Prepare, check, sign, endorse, check, sign, submit: as the page does it. */
  async transact(wanted: TransactionIntent): Promise<Receipt> {
    const server = this.#server;
    const intent = await this.#confirmed(wanted);
    const { sagaId, proposal, status } = await server.ask(prepareTransaction, this.actor, intent);
    const checked = checkProposal(fromBase64Url(proposal), ledgerCall(intent), this.identity);
    const statusSignature = await this.sign(checkStatusRequest(fromBase64Url(status), checked).message);
    const proposalSignature = await this.sign(checked.message);
    const { transaction } = await server.ask(endorseTransaction, this.actor, { sagaId, proposal, proposalSignature });
    const transactionSignature = await this.sign(checkTransaction(fromBase64Url(transaction), checked).message);
    const signed = { sagaId, transaction, transactionSignature, status, statusSignature };
    return server.ask(submitTransaction, this.actor, signed);
  }

  /** Asks what only this person's key may ask. */
  async read(intent: ReadIntent): Promise<Uint8Array> {
    const { proposal } = await this.#server.ask(prepareRead, this.actor, intent);
    const checked = checkProposal(fromBase64Url(proposal), ledgerCall(intent), this.identity);
    const proposalSignature = await this.sign(checked.message);
    const { result } = await this.#server.ask(evaluateRead, this.actor, { proposal, proposalSignature });
    return fromBase64Url(result);
  }

  /** Issues and mints with the built-in wallet, whose calls go through the portal. */
  async issue(token: Hex, { issue, envelope, tokenHolder, resumePacket, secrets }: ComposedIssue): Promise<void> {
    const { sagaId } = await this.transact({ kind: 'issue', issue, envelope, tokenHolder, resumePacket, secrets });
    const rpc = async ({ method, params }: { method: string; params?: unknown }) => {
      const request = { jsonrpc: '2.0', id: 1, method, params: params ?? [] };
      const { result, error } = rpcAnswer.parse(await this.#server.ask(forwardRpc, this.actor, request));
      if (error !== undefined) throw new Error(`${method}: ${error.message}`);
      return result;
    };
    const id = Number(await rpc({ method: 'eth_chainId' }));
    const nativeCurrency = { name: 'Ether', symbol: 'ETH', decimals: 18 };
    const chain = defineChain({ id, name: 'test', nativeCurrency, rpcUrls: { default: { http: [] } } });
    const account = privateKeyToAccount(toHex(this.keys.walletKey));
    const wallet = createWalletClient({ account, chain, transport: custom({ request: rpc }) });
    const expires = BigInt(Math.floor(Date.parse(issue.expires) / 1000));
    const args = [tokenIdOf(issue.id), tokenHolder, issue.commitment, expires] as const;
    const transactionHash = await wallet.writeContract({
      address: token,
      abi: prescriptionTokenAbi,
      functionName: 'mint',
      args,
    });
    await this.#server.ask(recordMint, this.actor, { sagaId, transactionHash });
  }
}

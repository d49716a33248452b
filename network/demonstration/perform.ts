import { createWalletClient, type Hex, http, toHex } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { z } from 'zod';
import type { Prescription } from '#chaincode/model/prescription.ts';
import { openChain } from '#connector/ethereum/chain.ts';
import { prescriptionTokenAbi } from '#contracts/abi/prescriptionToken.ts';
import { fromUtf8, toBase64Url } from '#crypto/bytes.ts';
import { openDocument, requireContent } from '#crypto/envelope.ts';
import { redeemKeyOf } from '#crypto/redeem.ts';
import { tokenIdOf } from '#crypto/token.ts';
import { unwrapUnderCode } from '#crypto/wrap.ts';
import { type MedicationRequest, parseMedicationRequest } from '#fhir/medicationRequest.ts';
import type { Portal } from '#server/portal.ts';
import { recordMint } from '#server/transactions/minting.ts';
import type { TransactionIntent } from '#server/transactions/schema.ts';
import type { Participant, Signer } from './accounts.ts';
import { composeDispense, composeIssue } from './compose.ts';
import type { DemonstrationPatient } from './people.ts';
import type { ScenarioItem } from './scenario.ts';
import { readAs, transact } from './transact.ts';

type IssueIntent = Extract<TransactionIntent, { kind: 'issue' }>;

/** Where the doctors' built-in wallets mint. */
export interface TokenContract {
  rpcUrl: string;
  address: Hex;
}

export interface Cast {
  doctor: Signer;
  patient: Participant & { details: DemonstrationPatient };
  /** Absent where no pharmacy has seen the prescription. */
  pharmacist: Signer | undefined;
}

/** Issues a prescription as its doctor: ciphertext, ledger, token. Answers what the patient and the ledger now have. */
export async function issue(
  portal: Portal,
  token: TokenContract,
  item: ScenarioItem,
  { doctor, patient }: Cast,
): Promise<{ intent: IssueIntent; code: Uint8Array }> {
  const composed = await composeIssue(item, doctor, patient);
  const { sagaId } = await transact(portal, doctor, composed.intent);
  const transactionHash = await mint(token, doctor, composed.intent);
  await recordMint(doctor.actor, { sagaId, transactionHash }, portal);
  return composed;
}

async function mint(token: TokenContract, doctor: Signer, { issue, tokenHolder }: IssueIntent): Promise<Hex> {
  const client = await openChain(token.rpcUrl);
  const account = privateKeyToAccount(toHex(doctor.keys.walletKey));
  const wallet = createWalletClient({ account, chain: client.chain, transport: http(token.rpcUrl) });
  const expires = BigInt(Math.floor(Date.parse(issue.expires) / 1000));
  const hash = await wallet.writeContract({
    ...{ address: token.address, abi: prescriptionTokenAbi, functionName: 'mint' },
    args: [tokenIdOf(issue.id), hex(tokenHolder), hex(issue.commitment), expires],
  });
  await client.waitForTransactionReceipt({ hash });
  return hash;
}

/** What became of a prescription after it was issued. */
export async function follow(
  portal: Portal,
  item: ScenarioItem,
  { doctor, pharmacist }: Cast,
  issued: { intent: IssueIntent; code: Uint8Array },
): Promise<void> {
  const { id } = issued.intent.issue;
  if (item.cancelled) await transact(portal, doctor, { kind: 'cancel', id, reason: item.cancelled });
  if (!item.pharmacy || !pharmacist) return;
  const redeemKey = toBase64Url(redeemKeyOf(issued.code));
  await transact(portal, pharmacist, { kind: 'accept', id, redeemKey });
  const { request, dataKey } = await openAsHolder(portal, pharmacist, issued.intent.issue, issued.code, doctor);
  for (const quantity of item.pharmacy.dispensed) {
    await transact(portal, pharmacist, await composeDispense(request, dataKey, pharmacist, quantity));
  }
  if (item.pharmacy.closed) await transact(portal, pharmacist, { kind: 'close', id, reason: item.pharmacy.closed });
}

const release = z.object({ codeWrap: z.string(), releaseShare: z.string() });

/** Opens the prescription with the access code and the share that the ledger gives to its holder. */
async function openAsHolder(
  portal: Portal,
  pharmacist: Signer,
  { id, cid, contentHash }: Pick<Prescription, 'id' | 'cid' | 'contentHash'>,
  code: Uint8Array,
  doctor: Signer,
): Promise<{ request: MedicationRequest; dataKey: Uint8Array }> {
  const answer = fromUtf8(await readAs(portal, pharmacist, { kind: 'readRelease', id }));
  const dataKey = await unwrapUnderCode(id, code, release.parse(JSON.parse(answer)));
  const bytes = await portal.ipfs.read(cid);
  requireContent(bytes, { cid, contentHash });
  const context = { documentId: id, version: 1, author: doctor.actor.subjectId };
  return { request: parseMedicationRequest(await openDocument(dataKey, context, bytes)), dataKey };
}

function hex(text: string): Hex {
  return `0x${text.slice(2)}`;
}

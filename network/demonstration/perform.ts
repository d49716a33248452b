import { createWalletClient, type Hex, http, toHex } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { z } from 'zod';
import type { Prescription } from '#chaincode/model/prescription.ts';
import type { Seen } from '#components/safety/readSeen.ts';
import { openChain } from '#connector/ethereum/chain.ts';
import { prescriptionTokenAbi } from '#contracts/abi/prescriptionToken.ts';
import { fromUtf8, toBase64Url } from '#crypto/bytes.ts';
import { type ComposedIssue, openContent } from '#crypto/prescription.ts';
import { redeemKeyOf } from '#crypto/redeem.ts';
import { tokenIdOf } from '#crypto/token.ts';
import { unwrapUnderCode } from '#crypto/wrap.ts';
import { type MedicationRequest, parseMedicationRequest } from '#fhir/medicationRequest.ts';
import type { Portal } from '#server/portal.ts';
import { readRegisterAuthority } from '#server/prescriptions/register.ts';
import { recordMint } from '#server/transactions/minting.ts';
import type { Participant, Signer } from './accounts.ts';
import { composeHandOver, composePrescription } from './compose.ts';
import type { DemonstrationPatient } from './people.ts';
import type { ScenarioItem } from './scenario.ts';
import { readAs, transact } from './transact.ts';

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
  /** What the doctor sees of the patient's record. */
  seen: () => Promise<Seen>;
}

export type Issued = ComposedIssue & { code: Uint8Array };

/** Issues a prescription as its doctor: ciphertext, ledger, token. Answers what patient and ledger now have. */
export async function issue(
  portal: Portal,
  token: TokenContract,
  item: ScenarioItem,
  { doctor, patient, seen }: Cast,
): Promise<Issued> {
  const { id, reading } = await readRegisterAuthority(doctor.actor, undefined, portal);
  const authority = { id, readingKey: reading.readingKey, generation: reading.generation };
  const issued = await composePrescription(item, doctor, patient, await seen(), authority);
  const { issue, envelope, tokenHolder, resumePacket, secrets, register } = issued;
  const sent = { issue, envelope, tokenHolder, resumePacket, secrets, ...(register && { register }) };
  const intent = { kind: 'issue', ...sent } as const;
  const { sagaId } = await transact(portal, doctor, intent);
  const transactionHash = await mint(token, doctor, issued);
  await recordMint(doctor.actor, { sagaId, transactionHash }, portal);
  return issued;
}

async function mint(token: TokenContract, doctor: Signer, { issue, tokenHolder }: Issued): Promise<Hex> {
  const client = await openChain(token.rpcUrl);
  const account = privateKeyToAccount(toHex(doctor.keys.walletKey));
  const wallet = createWalletClient({ account, chain: client.chain, transport: http(token.rpcUrl) });
  const expires = BigInt(Math.floor(Date.parse(issue.expires) / 1000));
  const hash = await wallet.writeContract({
    ...{ address: token.address, abi: prescriptionTokenAbi, functionName: 'mint' },
    args: [tokenIdOf(issue.id), tokenHolder, issue.commitment, expires],
  });
  await client.waitForTransactionReceipt({ hash });
  return hash;
}

/** What became of a prescription after it was issued. */
export async function follow(
  portal: Portal,
  item: ScenarioItem,
  { doctor, pharmacist }: Cast,
  issued: Issued,
): Promise<void> {
  const { id } = issued.issue;
  if (item.cancelled) await transact(portal, doctor, { kind: 'cancel', id, reason: item.cancelled });
  if (!item.pharmacy || !pharmacist) return;
  const redeemKey = toBase64Url(redeemKeyOf(issued.code));
  await transact(portal, pharmacist, { kind: 'accept', id, redeemKey });
  const { request, dataKey } = await openAsHolder(portal, pharmacist, issued.issue, issued.code, doctor);
  for (const quantity of item.pharmacy.dispensed) {
    await transact(portal, pharmacist, await composeHandOver(request, dataKey, pharmacist, quantity));
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
  const recorded = { id, cid, contentHash, author: doctor.actor.subjectId };
  const document = await openContent(dataKey, await portal.ipfs.read(cid), recorded);
  return { request: parseMedicationRequest(document), dataKey };
}

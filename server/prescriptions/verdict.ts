import { eq } from 'drizzle-orm';
import type { Prescription } from '#chaincode/model/prescription.ts';
import type { PublicKeys, Standing } from '#chaincode/model/registry.ts';
import { licenceCovers } from '#chaincode/model/standing.ts';
import { tokenStateOf } from '#chaincode/model/token.ts';
import { AppError } from '#server/errors.ts';
import { type Portal, portal as thePortal } from '#server/portal.ts';
import { ledgerEvents } from '../gateways/db/schema/ledger.ts';
import type { Token } from '../gateways/ethereum/ethereum.ts';
import type { Actor } from '../people/schema.ts';
import { countAttempt } from '../session/rateLimit.ts';
import { findByRedeemHash, readFromLedger, readStanding } from './ledger.ts';
import { allowLookup, maySee } from './policy.ts';
import { project } from './readModel.ts';
import type { CheckState, PrescriptionSummary, Verdict } from './schema.ts';
import { summarise } from './summaries.ts';

const lookups = { max: 120, windowSeconds: 60 };
/** A token is looked at this long; the ledger decides, so that a slow chain delays nobody. */
const tokenDeadlineMs = 1_500;

/** What stands against accepting a prescription; undefined when nothing does. Fabric decides, the token never does. */
export function refusalOf(prescription: Prescription, standing: Standing | undefined, now: Date): string | undefined {
  if (prescription.state === 'completed') return 'COMPLETED';
  if (prescription.state === 'cancelled') return 'CANCELLED';
  if (prescription.holder !== undefined) return 'HELD_BY_ANOTHER';
  if (Date.parse(prescription.expires) <= now.getTime()) return 'EXPIRED';
  if (!prescription.codeValid) return 'CODE_VOID';
  const { validFrom, controlled, register } = prescription;
  if (validFrom !== undefined && now.getTime() < Date.parse(validFrom)) return 'NOT_YET_VALID';
  if (controlled && register === undefined) return 'CONTROLLED_INCOMPLETE';
  if (standing === undefined) return undefined;
  if (standing.practitioner.status !== 'active' || standing.institution.status !== 'active') return 'SUSPENDED';
  return licenceCovers(standing.practitioner.licence, now) ? undefined : 'LICENCE_INVALID';
}

/** Every wallet that is or was the author's; a former one mints nothing any more. Undefined where none is known. */
export function walletsOf(keys: PublicKeys | undefined): string[] | undefined {
  if (keys === undefined || keys.wallet === '') return undefined;
  return [keys.wallet, ...(keys.linkedWallets ?? []), ...(keys.formerWallets ?? [])];
}

/** A token that says more than the ledger, or opens to other content, is forged; one that lags is pending. */
export function tokenCheck(
  prescription: Prescription,
  token: Token | undefined | 'unreachable',
  issuerWallets: readonly string[] | undefined,
): CheckState {
  if (token === 'unreachable') return 'unreachable';
  if (token === undefined) return 'pending';
  if (token.commitment !== prescription.commitment) return 'fail';
  if (issuerWallets !== undefined && !issuerWallets.includes(token.issuer)) return 'fail';
  if (token.expires !== Math.floor(Date.parse(prescription.expires) / 1000)) return 'fail';
  if (token.state === tokenStateOf(prescription)) return 'pass';
  return token.version < prescription.version ? 'pending' : 'fail';
}

function issuerCheck(standing: Standing | undefined, now: Date): CheckState {
  if (standing === undefined) return 'unreachable';
  const { practitioner, institution } = standing;
  const active = practitioner.status === 'active' && institution.status === 'active';
  return active && licenceCovers(practitioner.licence, now) ? 'pass' : 'fail';
}

async function reachable<T>(work: Promise<T>, codes: readonly string[]): Promise<T | 'unreachable'> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof AppError && codes.includes(error.code)) return 'unreachable';
    throw error;
  }
}

async function judge(portal: Portal, actor: Actor, prescription: Prescription, now = new Date()): Promise<Verdict> {
  const channel = portal.ledger.careChannelOf(prescription.id);
  const tokenId = portal.ethereum.tokenIdOf(prescription.id);
  const yours = prescription.holder?.institutionId === actor.institutionId && prescription.holder !== undefined;
  const [standing, token, [summary], events] = await Promise.all([
    reachable(readStanding(portal.ledger, prescription.author), ['LEDGER_UNAVAILABLE']),
    reachable(portal.ethereum.readToken(tokenId, tokenDeadlineMs), ['ETHEREUM_UNAVAILABLE']),
    // Who holds it hands it out to the patient, and checks it against what the patient shares.
    summarise(portal, [prescription], yours, now),
    portal.db
      .select()
      .from(ledgerEvents)
      .where(eq(ledgerEvents.subject, prescription.id))
      .orderBy(ledgerEvents.at)
      .limit(1),
  ]);
  if (summary === undefined) throw new AppError('NOT_FOUND', prescription.id);
  const known = standing === 'unreachable' ? undefined : standing;
  const refusal = yours ? undefined : refusalOf(prescription, known, now);
  const view: PrescriptionSummary = { ...summary, token: shownToken(summary, token) };
  const [issued] = events;
  return {
    prescription: view,
    outcome: yours ? 'yours' : refusal === undefined ? 'acceptable' : 'refused',
    ...(yours && { patient: prescription.patient }),
    ...(refusal === undefined ? {} : { refusal }),
    checks: {
      ledger: refusal === undefined ? 'pass' : 'fail',
      issuer: issuerCheck(known, now),
      token: tokenCheck(prescription, token, walletsOf(known?.practitioner.keys)),
    },
    issuer: {
      name: summary.author.name,
      institution: summary.author.institution,
      licence: known?.practitioner.licence.number ?? '',
      specialty: known?.practitioner.licence.specialty ?? '',
      validTo: known?.practitioner.licence.validTo ?? '',
      status: known === undefined ? 'unreachable' : known.practitioner.status,
    },
    proof: {
      channel,
      ...(issued === undefined ? {} : { blockNumber: String(issued.blockNumber), transactionId: issued.transactionId }),
      cid: prescription.cid,
      contentHash: prescription.contentHash,
      tokenId,
      ...(view.token.transactionHash === undefined ? {} : { tokenTransaction: view.token.transactionHash }),
    },
  };
}

function shownToken(
  summary: PrescriptionSummary,
  token: Token | undefined | 'unreachable',
): PrescriptionSummary['token'] {
  if (token === 'unreachable') return { ...summary.token, state: 'unreachable' };
  if (token === undefined) {
    return { state: summary.token.state === 'none' ? 'none' : 'pending', tokenId: summary.token.tokenId };
  }
  const { state, holder, commitment, issuer } = token;
  return { ...summary.token, state, holder, commitment, issuer };
}

/**
 * Finds a prescription by the hash of the redeeming key and judges it. Whoever has the code may see it; the portal never
 * sees the code. Throws WRONG_CODE, CODE_VOID, LEDGER_UNAVAILABLE.
 */
export async function lookupPrescription(
  actor: Actor,
  input: { redeemHash: string },
  portal: Portal = thePortal(),
): Promise<Verdict> {
  allowLookup(actor);
  await countAttempt(portal.db, `lookup:${actor.personId}`, lookups);
  const prescription = await findByRedeemHash(portal.ledger, input.redeemHash, actor.mspId);
  await project(portal.db, portal.ledger.careChannelOf(prescription.id), [prescription]);
  return judge(portal, actor, prescription);
}

/** Judges anew a prescription that the actor's pharmacy holds or has dispensed on. */
export async function refreshVerdict(actor: Actor, id: string, portal: Portal = thePortal()): Promise<Verdict> {
  allowLookup(actor);
  const prescription = await readFromLedger(portal.ledger, id, actor.mspId);
  if (!maySee(actor, prescription)) throw new AppError('NOT_FOUND', `${id} is not the actor's to see`);
  await project(portal.db, portal.ledger.careChannelOf(id), [prescription]);
  return judge(portal, actor, prescription);
}

import type { PlanTerms } from '#chaincode/model/plan.ts';
import { newIdentifier } from '#crypto/identifier.ts';
import type { Portal } from '#server/portal.ts';
import { openHeld, type Signer } from '../../demonstration/accounts.ts';
import { apply, authorise } from '../../demonstration/insurance/fillInsurance.ts';
import { adjuster } from '../../demonstration/insurance/members.ts';
import { complete } from '../../demonstration/insurance/plans.ts';
import { openKeyMaker } from '../../demonstration/keys.ts';
import { demonstrationPassword, demonstrationPin } from '../../demonstration/people.ts';
import { transact } from '../../demonstration/transact.ts';
import { findParticipant } from '../participants.ts';

/** A policy with a card of the hospital. */
export interface Insured {
  patient: Signer;
  card: { id: string; policy: string };
}

export interface Billing {
  doctor: Signer;
  insured: Insured[];
}

export const hospital = 'inst-lakeside-hospital';
const doctorEmail = 'amara.weiss@lakeside.example';
/** Each holds every other policy, so that nobody says more in a minute than a person may. */
const patientEmails = ['jonas.lind@mail.example', 'amina.farouk@mail.example'] as const;
/** More of one member in a day are looked at by a person. */
export const claimsEach = 4;
/** Each billed once: the same of one person twice in a day is refused. */
export const serviceOf = (number: number) => ({ code: `BENCH-${number}`, name: `Consultation ${number}` });
/** Cents. */
export const price = 4_200;

/** What has no price there is paid as it is billed. */
const terms: PlanTerms = { ...complete, name: 'Benchmark' };
const dayMs = 86_400_000;

/** Publishes a plan, and insures so many policies in it, whose members let the hospital bill. */
export async function insure(portal: Portal, policies: number): Promise<Billing> {
  const signers = await openSigners(portal, [doctorEmail, adjuster, ...patientEmails]);
  const signer = (email: string) => signers.get(email) ?? missing(email);
  const plan = newIdentifier('plan');
  const validFrom = new Date(Date.now() - dayMs / 2).toISOString();
  const staff = signer(adjuster);
  await transact(portal, staff, { kind: 'claims:publishPlan', plan: { id: plan, version: 1, validFrom, terms } });
  const insured: Insured[] = [];
  const insureOne = async (email: (typeof patientEmails)[number]) => {
    const patient = signer(email);
    const policy = await apply(portal, patient, plan, email);
    const period = { from: validFrom, until: new Date(Date.now() + 365 * dayMs).toISOString() };
    await transact(portal, staff, { kind: 'claims:decidePolicy', id: policy.id, verdict: 'accept', terms: period });
    const id = await authorise(portal, patient, policy, hospital, { evidence: [], patient: email });
    insured.push({ patient, card: { id, policy: policy.id } });
  };
  for (let made = 0; made < policies; made += 1) await insureOne(patientEmails[made % 2] ?? missing('a patient'));
  return { doctor: signer(doctorEmail), insured };
}

async function openSigners(portal: Portal, emails: readonly string[]): Promise<Map<string, Signer>> {
  const keyMaker = openKeyMaker({ password: demonstrationPassword, pin: demonstrationPin }, 1);
  const signers = new Map<string, Signer>();
  try {
    for (const email of emails) {
      const found = await findParticipant(portal, email);
      signers.set(email, { ...found, ...(await openHeld(portal, keyMaker, found.actor)) });
    }
  } finally {
    await keyMaker.close();
  }
  return signers;
}

function missing(what: string): never {
  throw new Error(`There is no ${what}.`);
}

import { and, eq, gt, isNull, or, sql } from 'drizzle-orm';
import { patientRecord } from '#chaincode/model/patient.ts';
import { licenceCovers } from '#chaincode/model/standing.ts';
import { AppError } from '#server/errors.ts';
import { type Portal, portal as thePortal } from '#server/portal.ts';
import { representations } from '../gateways/db/schema/care.ts';
import { certificatesOf } from '../people/certificates.ts';
import type { Actor } from '../people/schema.ts';
import { readStanding } from '../prescriptions/ledger.ts';
import { readDevice, readInstitution } from '../registry/ledger.ts';
import { readCircle } from './ledger.ts';
import { requireMember } from './policy.ts';
import type { CircleSubject } from './schema.ts';

type Stores = Pick<Portal, 'db' | 'ledger'>;
type Judged = Omit<CircleSubject, 'certificates'>;

/**
 * Everybody of a patient's circle as the ledgers judge them now, with every certificate that is known of them: the patient and
 * who acts for the patient, and whoever has or had a seat or a leaf. Throws LEDGER_UNAVAILABLE.
 */
export async function subjectsOf(portal: Stores, patient: string): Promise<CircleSubject[]> {
  const [{ circle, seats }, acting] = await Promise.all([
    readCircle(portal.ledger, patient),
    representativesOf(portal, patient),
  ]);
  const owners = new Set([patient, ...acting]);
  const named = [...seats, ...(circle?.leaves ?? [])].map(({ subject }) => subject);
  // A representative who was one: no owner any more, and no seat tells otherwise.
  const ids = [...new Set([...owners, ...named])].filter((id) => !id.startsWith('pt-') || owners.has(id));
  const [judged, certificates] = await Promise.all([
    Promise.all(ids.map((id) => judge(portal, id))),
    certificatesOf(portal, ids),
  ]);
  return judged
    .filter((one) => one !== undefined)
    .map((one) => ({ ...one, certificates: certificates.get(one.subject) ?? [] }));
}

/** The same, for a member. Throws NOT_FOUND for everybody else. */
export async function readSubjects(
  actor: Actor,
  { patient }: { patient: string },
  portal: Portal = thePortal(),
): Promise<CircleSubject[]> {
  await requireMember(portal, actor, patient);
  return subjectsOf(portal, patient);
}

async function representativesOf({ db }: Stores, patient: string): Promise<string[]> {
  const rows = await db
    .select({ representative: representations.representative })
    .from(representations)
    .where(
      and(
        eq(representations.patient, patient),
        eq(representations.state, 'active'),
        or(isNull(representations.until), gt(representations.until, sql`now()`)),
      ),
    );
  return rows.map(({ representative }) => representative);
}

/** Undefined for somebody whom the ledger does not know. */
async function judge(portal: Stores, subject: string): Promise<Judged | undefined> {
  try {
    if (subject.startsWith('pt-')) return await judgePatient(portal, subject);
    return await (subject.startsWith('dev-') ? judgeDevice(portal, subject) : judgePractitioner(portal, subject));
  } catch (error) {
    if (error instanceof AppError && error.code === 'NOT_FOUND') return undefined;
    throw error;
  }
}

const hashOf = (signingKeyHash: string | undefined) => (signingKeyHash === undefined ? {} : { signingKeyHash });

async function judgePatient({ ledger }: Stores, subject: string): Promise<Judged> {
  const call = { channel: ledger.careChannelOf(subject), contract: 'care', function: 'patients:read', args: [subject] };
  const entry = patientRecord.safeParse(JSON.parse(Buffer.from(await ledger.evaluate(call)).toString('utf8')));
  if (!entry.success) throw new AppError('INTERNAL', 'the ledger answered something else', { cause: entry.error });
  return { subject, status: entry.data.status, ...hashOf(entry.data.keys?.signingKeyHash) };
}

async function judgePractitioner({ ledger }: Stores, subject: string): Promise<Judged> {
  const { practitioner, institution } = await readStanding(ledger, subject);
  const status = institution.status === 'active' ? practitioner.status : 'suspended';
  const isExpired = status === 'active' && !licenceCovers(practitioner.licence, new Date());
  return { subject, status: isExpired ? 'expired' : status, ...hashOf(practitioner.keys?.signingKeyHash) };
}

async function judgeDevice({ ledger }: Stores, subject: string): Promise<Judged> {
  const device = await readDevice(ledger, subject);
  const institution = await readInstitution(ledger, device.institutionId);
  const status = institution.status === 'active' ? device.status : 'suspended';
  return { subject, status, ...hashOf(device.keys.signingKeyHash) };
}

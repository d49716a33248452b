import { checkCertificate, type Holder, type Root } from '../certificate.ts';
import { CryptoError } from '../errors.ts';

/** Why somebody may not be in a circle now. */
export type Refusal = 'untrusted' | 'absent' | 'wrong-key' | 'suspended' | 'expired' | 'no-seat';

/** The authentication service of a circle (RFC 9420, section 3): nothing where the subject may be in it now, else why not. */
export type Authenticate = (subject: string, certificatePem: string) => Promise<Refusal | undefined>;

/** What the registry says of a practitioner or device, or the care channel of a patient, and the patient's consent. */
export interface Standing {
  /** Hex SHA-256 of the DER SubjectPublicKeyInfo that counts now. */
  signingKeyHash: string;
  /** False where the person, the device or its institution is not active. */
  active: boolean;
  /** A practitioner's licence: from `validFrom` (inclusive) until `validTo` (exclusive), ISO 8601. */
  licence?: { validFrom: string; validTo: string };
  /** The patient and representatives own the circle; others need an active seat, until `until` where it is named. */
  seat: 'owner' | { until?: string } | undefined;
}

export interface StandingSource {
  /** Pinned by whoever asks; empty arrays trust nobody. */
  roots: readonly Root[];
  standingOf(subject: string): Promise<Standing | undefined>;
  now?: () => Date;
}

/** The authentication service over what the ledgers say. Reasons come in the order in which they are looked at. */
export function standingAuthentication({ roots, standingOf, now = () => new Date() }: StandingSource): Authenticate {
  // Whoever seals asks for each frame: what a certificate says and whose it is does not change, only whether it is over.
  const holders = new Map<string, Promise<Holder | undefined>>();
  const known = (pem: string) => {
    const before = holders.get(pem);
    if (before !== undefined) return before;
    if (holders.size >= mostKnown) holders.clear();
    const holder = holderOf(pem, roots);
    holders.set(pem, holder);
    return holder;
  };
  return async (subject, certificatePem) => {
    const at = now();
    const holder = await known(certificatePem);
    if (holder === undefined || holder.subject !== subject) return 'untrusted';
    const standing = await standingOf(subject);
    if (standing === undefined) return 'absent';
    if (standing.signingKeyHash !== holder.keyHash) return 'wrong-key';
    if (!standing.active) return 'suspended';
    if (at < holder.notBefore || holder.notAfter < at) return 'expired';
    const { licence, seat } = standing;
    if (licence !== undefined && !covers(licence.validFrom, licence.validTo, at)) return 'expired';
    if (seat === undefined) return 'no-seat';
    if (seat !== 'owner' && seat.until !== undefined && !(at.getTime() < Date.parse(seat.until))) return 'no-seat';
    return undefined;
  };
}

const mostKnown = 256;

const covers = (from: string, to: string, at: Date) =>
  Date.parse(from) <= at.getTime() && at.getTime() < Date.parse(to);

async function holderOf(pem: string, roots: readonly Root[]): Promise<Holder | undefined> {
  try {
    return await checkCertificate(pem, roots);
  } catch (error) {
    if (error instanceof CryptoError) return undefined;
    throw error;
  }
}

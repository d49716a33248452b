import fc from 'fast-check';
import { expect, it, vi } from 'vitest';
import type { AccessView } from '../../model/access.ts';
import type { Category } from '../../model/category.ts';
import type { ConsentTerms, PermittedNow } from '../../model/consent.ts';
import { refusal } from '../../testing/ledger.ts';
import { createRecordWorld, hospital, ids, RecordCare, termsFor } from '../../testing/records.ts';
import { hour, patientIds } from '../../testing/samples.ts';

/**
 * Any order of granting, denying, revoking and of time going by, against the simplest model of who may read: a list of
 * what was said, asked entry by entry.
 */

const readers = ['doctor', 'otherDoctor', 'pharmacist'] as const;
type ReaderName = (typeof readers)[number];
const shared: Category[] = ['clinical', 'hiv'];

type Step =
  | {
      kind: 'say';
      decision: ConsentTerms['decision'];
      to: ReaderName | 'hospital' | 'doctors';
      categories: Category[];
      lasts: number;
    }
  | { kind: 'revoke'; which: number }
  | { kind: 'wait'; hours: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('say' as const),
      decision: fc.constantFrom('permit' as const, 'permit' as const, 'deny' as const),
      to: fc.constantFrom(...readers, 'hospital' as const, 'doctors' as const),
      categories: fc.constantFrom<Category[]>(['clinical'], ['hiv'], ['clinical', 'hiv']),
      /** Hours; 0 for no end. */
      lasts: fc.constantFrom(0, 0, 2, 5),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('revoke' as const), which: fc.nat(5) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('wait' as const), hours: fc.constantFrom(1, 3) }) },
);

interface Said {
  id: string;
  decision: ConsentTerms['decision'];
  reaches: readonly ReaderName[];
  categories: Category[];
  ends: number;
  revoked: boolean;
}

const reached: Record<ReaderName | 'hospital' | 'doctors', readonly ReaderName[]> = {
  doctor: ['doctor'],
  otherDoctor: ['otherDoctor'],
  pharmacist: ['pharmacist'],
  hospital: ['doctor', 'otherDoctor'],
  doctors: ['doctor', 'otherDoctor'],
};

/** The model: permitted by somebody's word that holds, and denied by none. */
function mayRead(all: Said[], name: ReaderName): Category[] {
  const holds = all.filter(({ revoked, ends, reaches }) => !revoked && ends > Date.now() && reaches.includes(name));
  const said = (decision: Said['decision'], category: Category) =>
    holds.some((entry) => entry.decision === decision && entry.categories.includes(category));
  return shared.filter((category) => said('permit', category) && !said('deny', category));
}

async function say(care: RecordCare, all: Said[], { decision, to, categories, lasts }: Extract<Step, { kind: 'say' }>) {
  const change: Partial<ConsentTerms> = { decision, categories };
  if (to === 'hospital') change.grantee = { kind: 'institution', id: hospital };
  if (to === 'doctors') change.grantee = { kind: 'role', id: hospital, role: 'doctor' };
  const ends = lasts === 0 ? Number.POSITIVE_INFINITY : Date.now() + lasts * hour;
  if (lasts > 0) change.until = new Date(ends).toISOString();
  const person = readers.find((name) => name === to) ?? 'doctor';
  const id = await care.grant(all.length + 1, termsFor(person, change), care.patient, { wraps: [] });
  all.push({ id, decision, reaches: reached[to], categories, ends, revoked: false });
}

async function revoke(care: RecordCare, all: Said[], which: number): Promise<void> {
  const entry = all[which];
  if (!entry || entry.revoked) return;
  await care.revoke(entry.id, entry.decision === 'permit' ? entry.categories : []);
  entry.revoked = true;
}

async function readsNow(care: RecordCare, name: ReaderName, number: number): Promise<readonly Category[]> {
  const terms = { categories: shared, purpose: 'TREAT' as const };
  const asked = care.requestAccess(number, terms, care.staff(name));
  const allowed = await asked.catch((error) => refusal(Promise.reject(error)));
  if (allowed === 'NO_CONSENT') return [];
  const view = await care.evaluate<AccessView>(care.world.people[name], 'access:read', ids.access(number));
  return view.categories.map(({ category }) => category);
}

it('who reads is who the patient’s words permit, in any order', async () => {
  const property = fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 10 }), async (steps) => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() });
    try {
      const care = new RecordCare(await createRecordWorld());
      await care.open(shared);
      const all: Said[] = [];
      let number = 0;
      for (const next of steps) {
        if (next.kind === 'say') await say(care, all, next);
        else if (next.kind === 'revoke') await revoke(care, all, next.which);
        else vi.setSystemTime(Date.now() + next.hours * hour);
        for (const name of readers) {
          number += 1;
          const expected = mayRead(all, name);
          expect(await readsNow(care, name, number)).toEqual(expected);
          const mine = await care.evaluate<PermittedNow[]>(
            care.world.people[name],
            'consents:mine',
            patientIds.patient,
          );
          expect(mine).toEqual(expected.length > 0 ? [{ purpose: 'TREAT', categories: expected }] : []);
        }
      }
    } finally {
      vi.useRealTimers();
    }
  });
  await fc.assert(property, { numRuns: 25 });
}, 120_000);

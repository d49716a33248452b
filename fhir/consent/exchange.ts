import { type Category, categories, type Purpose, purposes } from '#chaincode/model/category.ts';
import { type ConsentTerms, consentTerms, type Grantee } from '#chaincode/model/consent.ts';
import { practitionerRoles } from '#chaincode/model/registry.ts';
import { records } from '#messages/en/records.ts';
import { categoryOfLabel, labelOf } from '../category.ts';
import { systems } from '../coding.ts';
import { type Consent, consent } from '../r4/consent.ts';
import { elementPath, type ResourceIssue } from '../r4/resource.ts';

/** FHIR R4 Consent and the terms of a consent on the ledger, each made of the other. */

const terminology = 'http://terminology.hl7.org/CodeSystem';
export const consentSystems = {
  scope: `${terminology}/consentscope`,
  actReason: `${terminology}/v3-ActReason`,
  participation: `${terminology}/v3-ParticipationType`,
  action: `${terminology}/consentaction`,
  institution: 'urn:medloom:institution',
  role: 'urn:medloom:role',
  consent: 'urn:medloom:consent',
} as const;
const text = records.consentExchange;

export interface ConsentFacts {
  /** `con-…` */
  id: string;
  /** Pseudonym. */
  patient: string;
  /** When the ledger recorded it, ISO 8601. */
  since: string;
  state: 'active' | 'revoked';
  /** Names of the ids that it mentions. */
  names: Readonly<Record<string, string>>;
}

/** The FHIR Consent that says what a consent of the ledger says. */
export function consentResource(terms: ConsentTerms, { id, patient, since, state, names }: ConsentFacts): Consent {
  const { grantee } = terms;
  const display = names[grantee.id];
  const identifier = {
    system: grantee.kind === 'person' ? systems.practitioner : consentSystems.institution,
    value: grantee.id,
  };
  const recipient = { system: consentSystems.participation, code: 'IRCP', display: 'information recipient' };
  return consent.parse({
    resourceType: 'Consent',
    id,
    identifier: [{ system: consentSystems.consent, value: id }],
    status: state === 'active' ? 'active' : 'inactive',
    scope: { coding: [{ system: consentSystems.scope, code: 'patient-privacy', display: 'Privacy Consent' }] },
    category: [{ coding: [{ system: 'http://loinc.org', code: '59284-0', display: 'Patient Consent' }] }],
    patient: { reference: `Patient/${patient}` },
    dateTime: since,
    policyRule: {
      coding: [{ system: `${terminology}/v3-ActCode`, code: terms.decision === 'permit' ? 'OPTIN' : 'OPTOUT' }],
    },
    provision: {
      type: terms.decision,
      period: { start: terms.from, ...(terms.until === undefined ? {} : { end: terms.until }) },
      actor: [
        {
          role: {
            coding: [
              recipient,
              ...(grantee.kind === 'role' ? [{ system: consentSystems.role, code: grantee.role }] : []),
            ],
          },
          reference: {
            type: grantee.kind === 'person' ? 'Practitioner' : 'Organization',
            identifier,
            ...(display === undefined ? {} : { display }),
          },
        },
      ],
      action: [{ coding: [{ system: consentSystems.action, code: 'access', display: 'Access' }] }],
      securityLabel: terms.categories.map(labelOf),
      purpose: terms.purposes.map((code) => ({ system: consentSystems.actReason, code })),
    },
  });
}

export type ReadConsent = { ok: true; terms: ConsentTerms } | { ok: false; issues: ResourceIssue[] };

/**
 * Reads terms out of a FHIR Consent. What the ledger cannot say is refused with its path and a reason in words, since a consent
 * that is taken over wider or narrower than it was written is none.
 */
export function readConsent(value: unknown, patient: string, now: Date): ReadConsent {
  const parsed = consent.safeParse(value);
  if (!parsed.success) {
    const issues = parsed.error.issues.map(({ path, message }) => ({
      path: elementPath('Consent', path),
      reason: message,
    }));
    return { ok: false, issues: issues.length > 0 ? issues : [{ path: 'Consent', reason: text.malformed }] };
  }
  const issues: ResourceIssue[] = [];
  const refuse = (path: string, reason: string) => {
    issues.push({ path: `Consent.${path}`, reason });
  };
  const written = parsed.data;
  if (written.status !== 'active') refuse('status', text.notActive);
  if (!written.scope.coding?.some(({ code }) => code === 'patient-privacy')) refuse('scope', text.otherScope);
  const subject = written.patient?.reference;
  if (subject !== undefined && subject !== `Patient/${patient}`) refuse('patient', text.otherPatient);
  const provision = written.provision;
  if (provision === undefined) {
    refuse('provision', text.noProvision);
    return { ok: false, issues };
  }
  if (provision.type === undefined) refuse('provision.type', text.noType);
  if (provision.provision !== undefined) refuse('provision.provision', text.nested);
  for (const key of ['class', 'code', 'dataPeriod', 'data'] as const) {
    if (provision[key] !== undefined) refuse(`provision.${key}`, text.narrower);
  }
  const actions = provision.action?.flatMap(({ coding }) => (coding ?? []).map(({ code }) => code)) ?? [];
  if (actions.some((code) => code !== 'access')) refuse('provision.action', text.action);
  const grantee = granteeOf(provision.actor, refuse);
  const reads = {
    categories: categoriesOf(provision.securityLabel, refuse),
    purposes: purposesOf(provision.purpose, refuse),
  };
  const from = instantOf(provision.period?.start) ?? now.toISOString();
  const until = instantOf(provision.period?.end, true);
  if (issues.length > 0 || grantee === undefined) return { ok: false, issues };
  const terms = consentTerms.safeParse({
    ...{ decision: provision.type, grantee, ...reads, from },
    ...(until === undefined ? {} : { until }),
  });
  if (terms.success) return { ok: true, terms: terms.data };
  return { ok: false, issues: [{ path: 'Consent.provision.period', reason: text.dates }] };
}

type Refuse = (path: string, reason: string) => void;
type Provision = NonNullable<Consent['provision']>;

function granteeOf(actors: Provision['actor'], refuse: Refuse): Grantee | undefined {
  const [actor] = actors ?? [];
  if (actor === undefined || actors?.length !== 1) {
    refuse('provision.actor', text.oneActor);
    return undefined;
  }
  const { identifier } = actor.reference;
  const id = identifier?.value ?? '';
  if (identifier?.system === systems.practitioner && /^prac-[a-z2-7]{26}$/.test(id)) return { kind: 'person', id };
  if (identifier?.system === consentSystems.institution && /^inst-[a-z0-9-]{8,40}$/.test(id)) {
    const named = actor.role.coding?.find(({ system }) => system === consentSystems.role)?.code;
    if (named === undefined) return { kind: 'institution', id };
    const role = practitionerRoles.find((each) => each === named);
    if (role !== undefined) return { kind: 'role', id, role };
  }
  refuse('provision.actor[0].reference', text.unknownActor);
  return undefined;
}

function categoriesOf(labels: Provision['securityLabel'], refuse: Refuse): Category[] {
  if (labels === undefined) refuse('provision.securityLabel', text.noCategory);
  const found = (labels ?? []).map((label, at) => {
    const category = categoryOfLabel(label);
    if (category === undefined) refuse(`provision.securityLabel[${at}]`, text.unknownCategory);
    return category;
  });
  return categories.filter((category) => found.includes(category));
}

function purposesOf(written: Provision['purpose'], refuse: Refuse): Purpose[] {
  if (written === undefined) refuse('provision.purpose', text.noPurpose);
  const found = (written ?? []).map(({ code }, at) => {
    const purpose = purposes.find((each) => each === code);
    if (purpose === undefined) refuse(`provision.purpose[${at}]`, text.unknownPurpose);
    if (purpose === 'ETREAT') refuse(`provision.purpose[${at}]`, text.emergencyPurpose);
    return purpose;
  });
  return purposes.filter((purpose) => found.includes(purpose));
}

/**
 * FHIR periods include their end, to the precision that it is written with: until 2026-05 is until June begins. Without a zone
 * a day is a day of UTC.
 */
function instantOf(written: string | undefined, end = false): string | undefined {
  if (written === undefined) return undefined;
  if (written.length > 10) return new Date(written).toISOString();
  const [year = 0, month, day] = written.split('-').map(Number);
  const [months, days] = [(month ?? 1) - 1, day ?? 1];
  const at = !end
    ? Date.UTC(year, months, days)
    : month === undefined
      ? Date.UTC(year + 1, 0, 1)
      : day === undefined
        ? Date.UTC(year, months + 1, 1)
        : Date.UTC(year, months, days + 1);
  return new Date(at).toISOString();
}

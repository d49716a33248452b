import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { Device, Institution, Practitioner } from '#chaincode/model/registry.ts';
import type { Portal } from '#server/portal.ts';
import type { Database } from '../gateways/db/database.ts';
import { publishKeys } from '../people/rotation.ts';
import { type Actor, type Role, staffRoles } from '../people/schema.ts';
import { requireMade } from '../reenrolment/pending.ts';
import { projectReenrolments } from '../reenrolment/readModel.ts';
import type { Saga } from '../sagas/store.ts';
import type { FlowPerson, Handler, Handlers } from '../transactions/handler.ts';
import { isRecorded } from '../transactions/recorded.ts';
import type { RegistryIntent } from './kinds.ts';
import {
  readDelegation,
  readDevice,
  readInstitution,
  readPractitioner,
  readProduct,
  readReenrolment,
  readSite,
} from './ledger.ts';
import { allowAuthority, allowKeeper, allowOwn, allowProduct, allowRegistration } from './policy.ts';
import { projectRegistry } from './readModel.ts';

type IntentOf<Kind> = Extract<RegistryIntent, { kind: Kind }>;
type Check<Kind> = NonNullable<Handler<IntentOf<Kind>>['check']>;

/** The entry that a flow is about, as the person's organisation knows it now; what is not there yet is nothing. */
type Read<Entry> = (portal: Portal, subject: string, mspId: string) => Promise<Entry>;
const institutionOf: Read<Institution> = ({ ledger }, subject, mspId) => readInstitution(ledger, subject, mspId);
const practitionerOf: Read<Practitioner> = ({ ledger }, subject, mspId) => readPractitioner(ledger, subject, mspId);
const deviceOf: Read<Device> = ({ ledger }, subject, mspId) => readDevice(ledger, subject, mspId);

/** What flows keep of their intents, as far as the ledger's entry is compared with it. */
const kept = z.object({
  /** To whom a device is offered. */
  institution: z.string().optional(),
  status: z.string().optional(),
  licence: z.unknown().optional(),
  keys: z.object({ signingKeyHash: z.string() }).optional(),
  credential: z.object({ id: z.string() }).optional(),
  credentialId: z.string().optional(),
  delegation: z.object({ id: z.string() }).optional(),
  reading: z.object({ generation: z.number(), readingKey: z.string() }).optional(),
  site: z.record(z.string(), z.unknown()).optional(),
  product: z.record(z.string(), z.unknown()).optional(),
});
type Kept = z.infer<typeof kept>;

/** How a flow is recognised on the ledger, and how the lists get what it has changed. */
function about<Entry extends { version: number }>(
  read: Read<Entry>,
  isDone: (entry: Entry, intent: Kept) => boolean,
  project: (db: Database, entry: Entry) => Promise<void> = async () => {},
) {
  return {
    shows: async (portal: Portal, { row }: Saga, { mspId }: FlowPerson) =>
      isDone(await read(portal, row.subject, mspId), kept.parse(row.intent)),
    publish: async (portal: Portal, { row }: Saga, { mspId }: FlowPerson) => {
      const entry = await read(portal, row.subject, mspId);
      await project(portal.db, entry);
      return `version ${entry.version}`;
    },
  };
}

const aboutInstitution = (isDone: (entry: Institution, intent: Kept) => boolean) =>
  about(institutionOf, isDone, (db, entry) => projectRegistry(db, { institutions: [entry], practitioners: [] }));

const aboutPractitioner = (isDone: (entry: Practitioner, intent: Kept) => boolean) =>
  about(practitionerOf, isDone, (db, entry) => projectRegistry(db, { institutions: [], practitioners: [entry] }));

const aboutDevice = (isDone: (entry: Device, intent: Kept) => boolean) =>
  about(deviceOf, isDone, (db, entry) =>
    projectRegistry(db, { institutions: [], practitioners: [], devices: [entry] }),
  );

const aboutReenrolment = (isDone: (state: string, sameKeys: boolean) => boolean) =>
  about(
    ({ ledger }, subject, mspId) => readReenrolment(ledger, subject, mspId),
    ({ state, keys }, intent) => isDone(state, keys.signingKeyHash === intent.keys?.signingKeyHash),
    (db, entry) => projectReenrolments(db, 'registry', [entry]),
  );

const delegating: readonly Role[] = ['doctor', 'pharmacist'];
const oversight: readonly Role[] = ['regulator'];
const registrants: readonly Role[] = ['supplier', 'regulator'];
const administration: readonly Role[] = ['admin'];
const keepers: readonly Role[] = ['admin', 'regulator'];

const byAuthority: Check<
  'admitInstitution' | 'refuseInstitution' | 'setInstitutionStatus' | 'registerProduct'
> = async (_portal, actor) => allowAuthority(actor);

/** An admin decides about others of the own institution; the authority about everybody. */
const aboutStaff: Check<'setPractitionerStatus' | 'renewLicence' | 'proposeReenrolment'> = async (
  portal,
  actor,
  { subject },
) => allowKeeper(actor, await readPractitioner(portal.ledger, subject), subject);

const ownInstitution = async (_portal: Portal, actor: Actor, { institution }: { institution: string }) =>
  allowKeeper(actor, { institutionId: institution });

const ownDevice = async (portal: Portal, actor: Actor, { device }: { device: string }) =>
  allowKeeper(actor, await readDevice(portal.ledger, device));

const offeredDevice = async (portal: Portal, actor: Actor, { device }: { device: string }) => {
  const { transferTo = '' } = await readDevice(portal.ledger, device);
  allowKeeper(actor, { institutionId: transferTo });
};

const ownEntry = async (_portal: Portal, actor: Actor, { subject }: { subject: string }) => allowOwn(actor, subject);

const statusIs = ({ status }: { status: string }, intent: Kept) => status === intent.status;

const refusal: Check<'refuseReenrolment'> = async (portal, actor, { subject }) => {
  if (actor.subjectId === subject) return;
  allowKeeper(actor, await readPractitioner(portal.ledger, subject));
};

export const registryHandlers: Handlers<RegistryIntent> = {
  admitInstitution: {
    roles: oversight,
    check: byAuthority,
    ...aboutInstitution(({ status }) => status === 'active'),
  },
  refuseInstitution: {
    roles: oversight,
    check: byAuthority,
    ...aboutInstitution(({ status }) => status === 'refused'),
  },
  setInstitutionStatus: { roles: oversight, check: byAuthority, ...aboutInstitution(statusIs) },
  registerPractitioner: {
    roles: administration,
    check: (portal, actor, { practitioner }) => allowRegistration(portal, actor, practitioner),
    ...aboutPractitioner(() => true),
  },
  setPractitionerStatus: { roles: keepers, check: aboutStaff, ...aboutPractitioner(statusIs) },
  renewLicence: {
    roles: administration,
    check: aboutStaff,
    ...aboutPractitioner(({ licence }, intent) => isDeepStrictEqual(licence, intent.licence)),
  },
  registerDevice: {
    roles: administration,
    check: async (_portal, actor, { device }) => allowKeeper(actor, device),
    ...aboutDevice(() => true),
  },
  setDeviceStatus: { roles: administration, check: ownDevice, ...aboutDevice(statusIs) },
  rotateDeviceKeys: {
    roles: administration,
    check: ownDevice,
    ...aboutDevice(({ keys }, intent) => keys.signingKeyHash === intent.keys?.signingKeyHash),
  },
  transferDevice: {
    roles: administration,
    check: ownDevice,
    ...aboutDevice(({ transferTo, institutionId }, intent) => (transferTo ?? institutionId) === intent.institution),
  },
  acceptDevice: {
    roles: administration,
    check: offeredDevice,
    ...aboutDevice(({ keys }, intent) => keys.signingKeyHash === intent.keys?.signingKeyHash),
  },
  delegate: {
    roles: delegating,
    check: ownEntry,
    shows: async ({ ledger }, { row }, { mspId }) => {
      const { delegation } = kept.parse(row.intent);
      return (await readDelegation(ledger, delegation?.id ?? '', mspId)).practitioner === row.subject;
    },
  },
  endDelegation: {
    roles: ['doctor', 'pharmacist', 'admin'],
    check: async (portal, actor, { delegation }) => {
      const { practitioner } = await readDelegation(portal.ledger, delegation);
      if (actor.role !== 'admin') return allowOwn(actor, practitioner);
      allowKeeper(actor, await readPractitioner(portal.ledger, practitioner), practitioner);
    },
    shows: async ({ ledger }, { row }, { mspId }) =>
      (await readDelegation(ledger, row.subject, mspId)).status === 'revoked',
  },
  addCredential: {
    roles: staffRoles,
    check: ownEntry,
    ...aboutPractitioner(
      ({ credentials }, { credential }) => credentials?.some(({ id }) => id === credential?.id) === true,
    ),
  },
  removeCredential: {
    roles: staffRoles,
    check: ownEntry,
    ...aboutPractitioner(
      ({ credentials }, { credentialId }) => credentials?.some(({ id }) => id === credentialId) !== true,
    ),
  },
  rotateKeys: {
    roles: staffRoles,
    check: ownEntry,
    ...aboutPractitioner(({ keys }, intent) => keys?.signingKeyHash === intent.keys?.signingKeyHash),
    publish: publishKeys,
  },
  putInstitutionReading: {
    roles: administration,
    check: ownInstitution,
    ...aboutInstitution(({ reading }, intent) => reading?.readingKey === intent.reading?.readingKey),
  },
  wrapForStaff: {
    roles: administration,
    check: ownInstitution,
    ...aboutInstitution(() => false),
    shows: isRecorded,
  },
  proposeReenrolment: {
    roles: administration,
    check: async (portal, actor, intent, ...rest) => {
      await aboutStaff(portal, actor, intent, ...rest);
      await requireMade(portal, intent.subject, intent.keys);
    },
    ...aboutReenrolment((state, sameKeys) => sameKeys && (state === 'proposed' || state === 'approved')),
  },
  approveReenrolment: {
    roles: oversight,
    ...aboutReenrolment((state) => state === 'approved' || state === 'completed'),
  },
  refuseReenrolment: { roles: staffRoles, check: refusal, ...aboutReenrolment((state) => state === 'refused') },
  registerProduct: {
    roles: registrants,
    check: async (_portal, actor, { product }) => allowProduct(actor, product),
    shows: async ({ ledger }, { row }, { mspId }) => {
      const { channel: _, mapVersion: __, ...product } = await readProduct(ledger, row.subject, mspId);
      return isDeepStrictEqual(product, kept.parse(row.intent).product);
    },
  },
  registerSite: {
    roles: keepers,
    check: async (_portal, actor, { site }) => allowKeeper(actor, site),
    shows: async ({ ledger }, { row }, { mspId }) => {
      const { version: _, ...site } = await readSite(ledger, row.subject, mspId);
      return isDeepStrictEqual(site, kept.parse(row.intent).site);
    },
  },
};

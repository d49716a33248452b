import { z } from 'zod';
import type { FormularyEntry } from '#chaincode/model/formulary.ts';
import { type Patient, patientRecord } from '#chaincode/model/patient.ts';
import type { Prescription } from '#chaincode/model/prescription.ts';
import { productRecord, siteRecord } from '#chaincode/model/product.ts';
import { institutionRecord, practitionerRecord, prescriptionRecord } from '#chaincode/model/records.ts';
import { type Renewal, renewal } from '#chaincode/model/renewal.ts';
import type { Reader } from '#crypto/reader.ts';
import { mostTransferReaders } from '#crypto/transfer.ts';
import { FormularyList } from '#formulary/coverage.ts';
import { type Interchange, interchangeBy } from '#formulary/interchange.ts';
import { findProduct } from '#formulary/products.ts';
import { ConnectorError } from '../errors.ts';
import type { ActingConnection } from '../ledger/connection.ts';
import { careChannelOf } from '../registrar/recordKeys.ts';
import { delegationsOf, devicesOf, formularyOf, offeredTo, renewalsOf } from '../registrar/registryLists.ts';
import { isInForce } from './delegates.ts';

/** A prescription as the organisation's own peer has it, and since when it is so; ISO 8601. */
export interface Seen {
  prescription: Prescription;
  lastUpdated: string;
}

/** What the institution asks of the ledgers, by its own peer. */
export interface LedgerView {
  /** Undefined where there is none. */
  prescription(id: string): Promise<Seen | undefined>;
  /** Those that there are. */
  prescriptions(ids: readonly string[]): Promise<Seen[]>;
  /** The prescription of an access code, on whichever care channel it is. Throws WRONG_CODE, CODE_VOID. */
  findByRedeemHash(redeemHash: string): Promise<Prescription>;
  /** What other pharmacies offer to this one. */
  offered(institutionId: string): Promise<Seen[]>;
  /** A request for a renewal. Throws NOT_FOUND. */
  renewal(id: string): Promise<Renewal>;
  /** Those of patients, of whomever they are asked. */
  renewals(patients: readonly string[]): Promise<Renewal[]>;
  /**
   * Who reads what is transferred to a pharmacy: the institution by its own key, and those of its systems that somebody lets
   * accept transfers. Throws NOT_FOUND.
   */
  transferReaders(institutionId: string, now: Date): Promise<Reader[]>;
  /** Throws NOT_FOUND. */
  patient(pseudonym: string): Promise<Patient>;
  /** The reading key of a practitioner; undefined without keys. Throws NOT_FOUND. */
  practitionerKey(practitioner: string): Promise<string | undefined>;
  /** The supply channel of a GTIN. Throws NOT_FOUND. */
  supplyChannel(gtin: string): Promise<string>;
  /** GLNs of the places of an institution. */
  places(institutionId: string): Promise<string[]>;
  /** What the formulary says of substitutes, for all and for an institution. */
  interchange(institutionId: string): Promise<Interchange>;
}

const history = z.array(z.object({ at: z.iso.datetime(), prescription: z.object({ version: z.int() }) }));
const sites = z.object({ items: z.array(siteRecord), bookmark: z.string() });
const atOnce = 100;

/** @param careChannels names of the care channels as the profile has them now. */
export function createLedgerView(
  ledger: Pick<ActingConnection, 'evaluate'>,
  careChannels: () => readonly string[],
): LedgerView {
  /** When the versions that were asked for came about; a version never changes. */
  const since = new Map<string, { version: number; at: string }>();
  const ask = async (channel: string, contract: string, name: string, ...args: string[]): Promise<unknown> =>
    JSON.parse(await ledger.evaluate({ channel, contract, function: name, args }));

  const seen = async (prescription: Prescription): Promise<Seen> => {
    const { id, version } = prescription;
    const known = since.get(id);
    if (known?.version === version) return { prescription, lastUpdated: known.at };
    const entries = history.parse(await ask(careChannelOf(id), 'care', 'history', id));
    const at = entries.find((entry) => entry.prescription.version === version)?.at ?? prescription.authoredOn;
    since.set(id, { version, at });
    return { prescription, lastUpdated: at };
  };
  /** Whether somebody lets a system accept transfers. */
  const accepts = async (device: string, now: Date): Promise<boolean> => {
    for await (const given of delegationsOf(ledger, device)) {
      if (isInForce(given, now) && given.functions.includes('acceptTransfer')) return true;
    }
    return false;
  };
  const readMany = async (ids: readonly string[]): Promise<Seen[]> => {
    const found: Seen[] = [];
    for (const [channel, own] of Map.groupBy(ids, careChannelOf)) {
      for (let start = 0; start < own.length; start += atOnce) {
        const part = JSON.stringify(own.slice(start, start + atOnce));
        const answered = z.array(prescriptionRecord).parse(await ask(channel, 'care', 'readMany', part));
        for (const one of answered) found.push(await seen(one));
      }
    }
    return found;
  };
  return {
    prescription: async (id) => (await readMany([id]))[0],
    prescriptions: readMany,
    findByRedeemHash: async (redeemHash) => {
      for (const channel of careChannels()) {
        try {
          return prescriptionRecord.parse(await ask(channel, 'care', 'findByRedeemHash', redeemHash));
        } catch (error) {
          if (!(error instanceof ConnectorError && error.code === 'WRONG_CODE')) throw error;
        }
      }
      throw new ConnectorError('WRONG_CODE', 'no prescription has this access code');
    },
    offered: async (institutionId) => {
      const found: Seen[] = [];
      for (const channel of careChannels()) {
        for await (const one of offeredTo(ledger, channel, institutionId)) found.push(await seen(one));
      }
      return found;
    },
    renewal: async (id) => renewal.parse(await ask(careChannelOf(id), 'care', 'readRenewal', id)),
    renewals: async (patients) => {
      const found: Renewal[] = [];
      for (const patient of patients) {
        for await (const one of renewalsOf(ledger, careChannelOf(patient), patient)) found.push(one);
      }
      return found;
    },
    transferReaders: async (institutionId, now) => {
      const { reading } = institutionRecord.parse(await ask('registry', 'registry', 'readInstitution', institutionId));
      const readers = reading ? [{ id: institutionId, readingKey: reading.readingKey }] : [];
      for await (const { id, purpose, status, keys } of devicesOf(ledger, institutionId)) {
        const isSystem = (purpose ?? 'system') === 'system' && status === 'active';
        if (isSystem && (await accepts(id, now))) readers.push({ id, readingKey: keys.readingKey });
        if (readers.length === mostTransferReaders) break;
      }
      return readers;
    },
    patient: async (pseudonym) =>
      patientRecord.parse(await ask(careChannelOf(pseudonym), 'care', 'patients:read', pseudonym)),
    practitionerKey: async (practitioner) =>
      practitionerRecord.parse(await ask('registry', 'registry', 'readPractitioner', practitioner)).keys?.readingKey,
    supplyChannel: async (gtin) => productRecord.parse(await ask('registry', 'registry', 'readProduct', gtin)).channel,
    places: async (institutionId) => {
      const found: string[] = [];
      let bookmark = '';
      do {
        const page = sites.parse(await ask('registry', 'registry', 'listSites', '100', bookmark));
        found.push(...page.items.filter((site) => site.institutionId === institutionId).map(({ gln }) => gln));
        bookmark = page.bookmark;
      } while (bookmark !== '');
      return found;
    },
    interchange: async (institutionId) => {
      const entries: FormularyEntry[] = [];
      for (const scope of ['national', institutionId]) {
        for await (const entry of formularyOf(ledger, scope)) entries.push(entry);
      }
      const list = new FormularyList(entries, institutionId);
      return interchangeBy((code) => {
        const product = findProduct(code);
        return product && list.coverageOf(product);
      });
    },
  };
}

import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLocalJWKSet, exportJWK, generateKeyPair } from 'jose';
import { delegableFunctions } from '#chaincode/model/delegation.ts';
import { giveFactor } from '#chaincode/testing/factors.ts';
import type { Identity } from '#chaincode/testing/identity.ts';
import { day, instant, institutions, serial } from '#chaincode/testing/samples.ts';
import { confirmed, type TestCredential } from '#chaincode/testing/signing.ts';
import { createSupply, packUri, type Supply } from '#chaincode/testing/supply.ts';
import { equip, submitToRegistry, type World } from '#chaincode/testing/world.ts';
import { cidOf } from '#crypto/envelope.ts';
import { createReadingKey, type ReadingKey } from '#crypto/wrap.ts';
import { StateFolder } from '#device/folder.ts';
import { findProduct } from '#formulary/products.ts';
import { connectClient, type FhirClient } from '../client/client.ts';
import { createDelegates } from '../fhir/delegates.ts';
import { KeptPrescriptions } from '../fhir/kept.ts';
import { createLedgerView, type LedgerView } from '../fhir/ledgerView.ts';
import { FhirRefusal } from '../fhir/refusal.ts';
import { createFhirListener, type ServedSite, usualRates } from '../fhir/server.ts';
import type { ActingConnection } from '../ledger/connection.ts';
import { SeenAssertions } from '../smart/assertions.ts';
import type { Client } from '../smart/clients.ts';
import { readScopes } from '../smart/scopes.ts';
import { AccessTokens } from '../smart/tokens.ts';
import { refusedAs } from './contracts.ts';

/** A hospital's and a pharmacy's connector over the real contracts in memory, and software that asks them. */
export const fhirSites = ['hospital', 'pharmacy', 'otherPharmacy'] as const;
export type FhirSiteName = (typeof fhirSites)[number];

const delegating = {
  hospital: ['doctor', 'doctor'],
  pharmacy: ['pharmacist', 'pharmacist'],
  otherPharmacy: ['pharmacist', 'otherPharmacist'],
} as const;
const scope = 'system/MedicationRequest.crus system/Task.crus system/MedicationDispense.crus system/Medication.rs';

export interface FhirWorld {
  supply: Supply;
  world: World;
  base: string;
  /** Of everybody. */
  reading: ReadingKey;
  sites: Record<FhirSiteName, ServedSite>;
  devices: Record<FhirSiteName, Identity & { id: string }>;
  software: Record<FhirSiteName, FhirClient>;
  /** Ciphertext by CID; `away` makes the storage fail. */
  storage: { blocks: Map<string, Uint8Array>; away: boolean };
  /** Fails the next submissions of these functions after they were committed, as a lost answer does. */
  lost: string[];
  /** Opens the sites anew on what they kept. */
  restart(): Promise<void>;
  /** The second factor of whoever delegated to a site's device. */
  factors: Record<FhirSiteName, TestCredential>;
  /** The delegation by which a site's device signs. */
  delegation(site: FhirSiteName): string;
  /** Another client, with other scopes, in the names of some only where they are said. */
  connect(site: FhirSiteName, scope: string, practitioners?: readonly string[]): Promise<FhirClient>;
  close(): void;
}

/** Numbers of packs of a product of the formulary, delivered to a pharmacy. */
export async function deliverPacks(supply: Supply, code: string, numbers: number[], to: 'pharmacy' | 'otherPharmacy') {
  const gtin = findProduct(code)?.packs[0]?.gtin ?? '';
  await supply.deliver(
    numbers.map((number) => packUri(number, gtin)),
    to,
  );
  return numbers.map((number) => packUri(number, gtin));
}

export async function createFhirWorld(products: readonly string[]): Promise<FhirWorld> {
  const supply = await createSupply();
  const { world } = supply;
  for (const code of products) {
    const gtin = findProduct(code)?.packs[0]?.gtin;
    const product = { gtin, name: code, maker: institutions.maker.id, prefixLength: 7 };
    await submitToRegistry(world, world.registrars.RegulatorMSP, 'registerProduct', JSON.stringify(product));
  }
  const folder = mkdtempSync(join(tmpdir(), 'medloom-fhir-'));
  const storage = { blocks: new Map<string, Uint8Array>(), away: false };
  const lost: string[] = [];
  const sites = {} as FhirWorld['sites'];
  const devices = {} as FhirWorld['devices'];
  const software = {} as FhirWorld['software'];
  const factors = {} as FhirWorld['factors'];
  const server: Server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const reading = await createReadingKey();
  const keys = await generateKeyPair('ES384', { extractable: true });
  const jwk = { ...(await exportJWK(keys.publicKey)), kid: 'key-1', alg: 'ES384' };
  const clientOf = (id: string, scopes: string): Client => ({
    ...{ id, name: id, scopes: readScopes(scopes), keys: createLocalJWKSet({ keys: [jwk] }) },
  });

  const open = async (name: FhirSiteName): Promise<void> => {
    const device = devices[name];
    const ledger = connectionOf(world, device, lost);
    const state = await StateFolder.open(join(folder, name));
    const registered = sites[name]?.issuer.clients() ?? new Map([[name, clientOf(name, scope)]]);
    sites[name] = {
      ...{ name, base: `${base}/${name}/fhir`, device: device.id },
      institution: { id: institutions[name].id, name: `The ${name}` },
      readingSeed: reading.seed,
      delegates: createDelegates(ledger, device.id),
      ledger: withReadingKey(
        createLedgerView(ledger, () => ['care-1', 'care-0']),
        reading.publicKey,
      ),
      kept: await KeptPrescriptions.open(state, new Uint8Array(32).fill(5), device.id),
      documents: {
        add: async (bytes) => {
          if (storage.away) throw new FhirRefusal(503, [{ code: 'transient', diagnostics: 'away' }]);
          storage.blocks.set(cidOf(bytes), bytes);
          return cidOf(bytes);
        },
        read: async (cid) => storage.blocks.get(cid) ?? new Uint8Array(),
      },
      issuer: {
        tokenUrl: `${base}/${name}/token`,
        clients: () => registered,
        seen: await SeenAssertions.open(state),
        tokens: new AccessTokens(),
      },
    };
  };
  let listener = createFhirListener([], { info: () => {}, error: () => {} });
  server.on('request', (request, response) => listener(request, response));
  const log = { info: () => {}, error: (...said: unknown[]) => console.error(...said) };
  const restart = async () => {
    for (const name of fhirSites) await open(name);
    listener = createFhirListener(Object.values(sites), log, usualRates());
    for (const name of fhirSites) software[name] = await connect(name, name, scope);
  };
  const connect = (name: FhirSiteName, id: string, scopes: string) =>
    connectClient({
      base: `${base}/${name}/fhir`,
      id,
      privateKey: keys.privateKey,
      algorithm: 'ES384',
      kid: 'key-1',
      scope: scopes,
    });

  for (const [index, name] of fhirSites.entries()) {
    devices[name] = await equip(world, name, 800 + index, 'system');
    const [role, who] = delegating[name];
    const factor = await giveFactor(world, who);
    factors[name] = factor;
    const given = {
      ...{ id: `dlg-${serial(800 + index)}`, device: devices[name].id, until: instant(30 * day) },
      functions: delegableFunctions[role],
    };
    const call = { channel: 'registry', contract: 'registry', function: 'delegate', args: [JSON.stringify(given)] };
    await world.ledger.submit({ ...call, caller: world.people[who], transient: confirmed(factor, call) });
  }
  await restart();
  return {
    ...{ supply, world, base, reading, sites, devices, software, storage, lost, factors, restart },
    delegation: (name) => `dlg-${serial(800 + fhirSites.indexOf(name))}`,
    connect: (name, scopes, practitioners) => {
      const before = sites[name].issuer.clients();
      const id = `${name}-${serial(before.size)}`;
      const client = { ...clientOf(id, scopes), ...(practitioners && { practitioners: new Set(practitioners) }) };
      const registered = new Map([...before, [id, client] as const]);
      sites[name].issuer.clients = () => registered;
      return connect(name, id, scopes);
    },
    close: () => {
      server.close();
      server.closeAllConnections();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** People in tests have a reading key in name only; here all have this one, which opens. */
function withReadingKey(view: LedgerView, readingKey: string): LedgerView {
  return {
    ...view,
    practitionerKey: async (id) => ((await view.practitionerKey(id)) === undefined ? undefined : readingKey),
    transferReaders: async (to, now) => (await view.transferReaders(to, now)).map(({ id }) => ({ id, readingKey })),
    patient: async (pseudonym) => {
      const { keys, ...patient } = await view.patient(pseudonym);
      return { ...patient, ...(keys && { keys: { ...keys, readingKey } }) };
    },
  };
}

/** A device's connection to the real contracts, whose answers can be lost. */
function connectionOf(world: World, caller: Identity, lost: string[]): ActingConnection {
  const order = ({
    channel,
    contract,
    function: name,
    args,
    transient = {},
  }: Parameters<ActingConnection['evaluate']>[0]) => ({
    ...{ channel, contract, function: name, args, transient, caller },
  });
  return {
    evaluate: async (call) => (await refusedAs(world.ledger.endorse(order(call)))).result,
    endorse: async (call) => {
      const endorsed = await refusedAs(world.ledger.endorse(order(call)));
      return {
        result: endorsed.result,
        submit: async () => {
          const code = world.ledger.commit(endorsed);
          if (code !== 'VALID') throw new Error(code);
          const at = lost.indexOf(call.function);
          if (at < 0) return;
          lost.splice(at, 1);
          throw new Error('the answer was lost');
        },
      };
    },
  };
}

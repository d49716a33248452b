import type { ChannelMap } from '#chaincode/model/channelMap.ts';
import {
  type Product,
  type ProductRegistration,
  productRecord,
  type SiteRegistration,
} from '#chaincode/model/product.ts';
import { channelMap } from '#chaincode/model/records.ts';
import type { Device, Institution, Practitioner } from '#chaincode/model/registry.ts';
import { ConnectorError, type ConnectorErrorCode } from '#connector/errors.ts';
import { type GatewayConnection, type LedgerConnection, openGateway } from '#connector/ledger/connection.ts';
import { readIdentity } from '#connector/ledger/identity.ts';
import { retryLedger } from '#connector/ledger/retry.ts';
import { readProfile } from '#connector/profile.ts';

/** The organisations' registrars, acting on the channel `registry`. */
export interface Registrars {
  /** Proposes an institution and admits it; nothing where that is done already. */
  admit(institution: Omit<Institution, 'version' | 'status'>): Promise<void>;
  /** Registers a practitioner without keys; nothing where that is done already. */
  register(practitioner: Pick<Practitioner, 'id' | 'institutionId' | 'role' | 'licence' | 'mspId'>): Promise<void>;
  /** Registers a device with its keys; nothing where that is done already. */
  registerDevice(device: Omit<Device, 'status' | 'version'>): Promise<void>;
  /** Registers a place in the authority's name; nothing where its number is known already. */
  registerSite(site: SiteRegistration): Promise<void>;
  /** Registers a product in the authority's name, unless that is done already; answers its entry, with its channel. */
  registerProduct(product: ProductRegistration): Promise<Product>;
  /** The channel map in force; undefined where none was published. */
  channelMap(): Promise<ChannelMap | undefined>;
  /**
   * Sees that a channel map is in force which names these channels: publishes the next version where one is missing, and
   * nothing otherwise. Answers the version in force.
   */
  publish(channels: { care: readonly string[]; supply: readonly string[] }): Promise<number>;
  close(): void;
}

/** Opens the registrars whose keys the connector's profile names. */
export function openRegistrars(connectorProfile: string): Registrars {
  const profile = readProfile(connectorProfile);
  const { organisations } = profile.ledger();
  const open = new Map<string, { gateway: GatewayConnection; registrar: LedgerConnection }>();
  const registrarOf = (mspId: string): LedgerConnection => {
    const known = open.get(mspId);
    if (known) return known.registrar;
    const endpoint = organisations[mspId]?.gateway;
    const files = profile.organisations[mspId]?.registrar;
    if (!endpoint || !files) throw new Error(`The profile ${connectorProfile} names no registrar of ${mspId}.`);
    const gateway = openGateway(endpoint);
    const registrar = gateway.as(readIdentity(mspId, files));
    open.set(mspId, { gateway, registrar });
    return registrar;
  };
  const registry = { channel: 'registry', contract: 'registry' };
  /** An entry as the authority's peer has it; undefined where there is none. */
  const read = async (name: string, id: string): Promise<unknown> => {
    try {
      return JSON.parse(await registrarOf('RegulatorMSP').evaluate({ ...registry, function: name, args: [id] }));
    } catch (error) {
      if (error instanceof ConnectorError && error.code === 'NOT_FOUND') return undefined;
      throw error;
    }
  };
  const readMap = async (): Promise<ChannelMap | undefined> =>
    channelMap.optional().parse(await read('readChannelMap', 'newest'));
  /** Submits what may have been done before, which the ledger then answers with the code `done`. */
  const submit = (mspId: string, name: string, argument: string, done: ConnectorErrorCode) =>
    retryLedger(async () => {
      try {
        await registrarOf(mspId).submit({ ...registry, function: name, args: [argument] });
      } catch (error) {
        if (!(error instanceof ConnectorError && error.code === done)) throw error;
      }
    });
  return {
    admit: async ({ id, kind, name, mspId }) => {
      await submit(mspId, 'proposeInstitution', JSON.stringify({ id, kind, name, mspId }), 'ALREADY_EXISTS');
      await submit('RegulatorMSP', 'admitInstitution', id, 'WRONG_STATE');
    },
    register: ({ mspId, id, institutionId, role, licence }) => {
      const registration = JSON.stringify({ id, institutionId, role, licence });
      return submit(mspId, 'registerPractitioner', registration, 'ALREADY_EXISTS');
    },
    registerDevice: ({ mspId, ...device }) => submit(mspId, 'registerDevice', JSON.stringify(device), 'ALREADY_EXISTS'),
    registerSite: async (site) => {
      if (await retryLedger(() => read('readSite', site.gln))) return;
      await submit('RegulatorMSP', 'registerSite', JSON.stringify(site), 'ALREADY_EXISTS');
    },
    registerProduct: async (product) => {
      await submit('RegulatorMSP', 'registerProduct', JSON.stringify(product), 'ALREADY_EXISTS');
      return productRecord.parse(await retryLedger(() => read('readProduct', product.gtin)));
    },
    channelMap: () => retryLedger(readMap),
    publish: ({ care, supply }) =>
      retryLedger(async () => {
        const before = await readMap();
        const next = {
          version: (before?.version ?? 0) + 1,
          care: [...new Set([...(before?.care ?? []), ...care])],
          supply: [...new Set([...(before?.supply ?? []), ...supply])],
        };
        const grows = next.care.length + next.supply.length > (before?.care.length ?? 0) + (before?.supply.length ?? 0);
        if (before !== undefined && !grows) return before.version;
        const call = { ...registry, function: 'publishChannelMap', args: [JSON.stringify(next)] };
        await registrarOf('RegulatorMSP')
          .submit(call)
          .catch((cause: unknown) => {
            if (!(cause instanceof ConnectorError && cause.code === 'ALREADY_EXISTS')) throw cause;
            throw new ConnectorError('LEDGER_CONFLICT', 'another version was published first', { cause });
          });
        return next.version;
      }),
    close: () => {
      for (const { gateway } of open.values()) gateway.close();
    },
  };
}

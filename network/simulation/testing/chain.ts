import type { Product } from '#chaincode/model/product.ts';
import type { Identity } from '#chaincode/testing/identity.ts';
import { createWorld as createLedger, type World as Ledger, submitToRegistry } from '#chaincode/testing/world.ts';
import { ConnectorError } from '#connector/errors.ts';
import type { ActingConnection } from '#connector/ledger/connection.ts';
import type { LedgerIdentity } from '#connector/ledger/identity.ts';
import type { CaptureRequest } from '#connector/systems/schema.ts';
import { createSystems, type Systems } from '#connector/systems/systems.ts';
import { createAuthority } from '#connector/testing/authority.ts';
import { connectTo, refusedAs } from '#connector/testing/contracts.ts';
import { apply } from '#server/supplyIndexer/apply.ts';
import { supplyFactsIn } from '#server/supplyIndexer/decode.ts';
import { TraceState } from '#server/supplyIndexer/state.ts';
import { connectorRecorder } from '../connectorRecorder.ts';
import type { Recorder } from '../recording.ts';
import { registerWorld } from '../register.ts';
import type { Channels } from '../telling.ts';
import type { World } from '../world.ts';

const map = { version: 1, care: ['care-0'], supply: ['supply-0', 'supply-1'] };
const mspIds = ['SupplyMSP', 'PharmacyMSP'] as const;

const placeName = ({ channel, block, place }: { channel: string; block: number; place: number }) =>
  `${channel} ${block} ${place}`;

/** The real contracts in memory behind the connector's own signing, with the read model that follows them. */
export class Chain {
  /** By channel, as each is followed by itself. */
  private readonly models = new Map(map.supply.map((channel) => [channel, new TraceState()]));
  readonly recorder: Recorder;
  channels: Channels = {};
  /** What became of events, by the place that they have on their chain. */
  private readonly outcomes = new Map<string, { event: string; outcome: string }>();
  private readonly world: World;
  private readonly ledger: Ledger;
  private readonly systems = new Map<string, Systems>();
  private blocks = 0;

  private constructor(world: World, ledger: Ledger) {
    this.world = world;
    this.ledger = ledger;
    this.recorder = connectorRecorder({ capture: (request) => this.capture(request) }, (channel, recall) =>
      this.recall(channel, JSON.stringify(recall)),
    );
  }

  /** A ledger with the world registered on it. */
  static async open(world: World): Promise<Chain> {
    const chain = new Chain(world, await createLedger());
    await chain.register();
    return chain;
  }

  /** Channel and id of each event with an outcome. */
  eventsThatAre(wanted: 'accepted' | 'refused'): string[] {
    const found = [...this.outcomes.values()].filter(({ outcome }) => outcome === wanted);
    return found.map(({ event }) => event).sort();
  }

  /** Rule of each alert, with channel and id of the event that raised it. */
  alerts(): string[] {
    return [...this.models.values()]
      .flatMap((model) => [...model.alerts.values()])
      .map(
        ({ rule, channel, block, place }) =>
          `${rule} ${this.outcomes.get(placeName({ channel, block, place }))?.event}`,
      )
      .sort();
  }

  private async register(): Promise<void> {
    const { RegulatorMSP } = this.ledger.registrars;
    await this.registry(RegulatorMSP, 'publishChannelMap', map);
    for (const mspId of mspIds) {
      const ledger = connectTo(this.ledger.ledger, this.ledger.registrars[mspId]);
      const connectAs = (identity: LedgerIdentity) => this.connectAs(identity);
      const office = { authority: await createAuthority(mspId), seed: new Uint8Array(32).fill(5), ledger, connectAs };
      this.systems.set(mspId, createSystems(mspId, office));
    }
    const registrarOf = (mspId: string) =>
      this.ledger.registrars[mspId === 'PharmacyMSP' ? 'PharmacyMSP' : 'SupplyMSP'];
    const registrars = {
      admit: async (institution: { id: string; mspId: string }) => {
        await this.registry(registrarOf(institution.mspId), 'proposeInstitution', institution);
        await this.registry(RegulatorMSP, 'admitInstitution', institution.id);
      },
      registerDevice: ({ mspId, ...device }: { mspId: string }) =>
        this.registry(registrarOf(mspId), 'registerDevice', device),
      registerSite: (site: object) => this.registry(RegulatorMSP, 'registerSite', site),
      registerProduct: async (product: { gtin: string }) => {
        await this.registry(RegulatorMSP, 'registerProduct', product);
        return this.followProduct(product.gtin);
      },
    };
    const systemKeys = (system: Parameters<Systems['keysOf']>[0]) => this.systemsOf(system.mspId).keysOf(system);
    this.channels = await registerWorld(this.world, registrars, { systemKeys });
    for (const { gln, institutionId, name, latitude, longitude } of this.world.sites) {
      const site = { gln, institutionId, name, latitude: Number(latitude), longitude: Number(longitude) };
      for (const model of this.models.values()) model.sites.set(gln, site);
    }
  }

  private async registry(caller: Identity, name: string, value: object | string): Promise<void> {
    await submitToRegistry(this.ledger, caller, name, typeof value === 'string' ? value : JSON.stringify(value));
  }

  private async followProduct(gtin: string): Promise<Product> {
    const caller = this.ledger.people.service;
    const call = { channel: 'registry', contract: 'registry', function: 'readProduct', args: [gtin], caller };
    const product = await this.ledger.ledger.evaluate<Product>(call);
    const { name, maker, channel, storage } = product;
    const limits = { minCelsius: storage?.minCelsius ?? null, maxCelsius: storage?.maxCelsius ?? null };
    this.modelOf(channel).products.set(gtin, { gtin, name, maker, channel, ...limits });
    return product;
  }

  private connectAs(identity: LedgerIdentity): ActingConnection {
    const { ledger } = this.ledger;
    const caller = { ...identity, keys: { signingKeyHash: '', readingKey: '', wallet: '' } };
    return {
      evaluate: connectTo(ledger, caller).evaluate,
      endorse: async (call) => {
        const endorsed = await refusedAs(ledger.endorse({ ...call, caller }));
        const submit = async () => {
          const code = ledger.commit(endorsed);
          if (code !== 'VALID') throw new ConnectorError('LEDGER_CONFLICT', code);
          this.follow(endorsed.call.channel, endorsed.call.args[0] ?? '', endorsed.result);
        };
        return { result: endorsed.result, submit };
      },
    };
  }

  private modelOf(channel: string): TraceState {
    const found = this.models.get(channel);
    if (!found) throw new Error(`${channel} is not followed`);
    return found;
  }

  private systemsOf(mspId: string): Systems {
    const found = this.systems.get(mspId);
    if (!found) throw new Error(`no systems of ${mspId}`);
    return found;
  }

  private capture(request: CaptureRequest) {
    return this.systemsOf(request.mspId).capture(request);
  }

  /** A valid transaction as the indexer reads it out of a block. */
  private follow(channel: string, events: string, result: string): void {
    this.blocks += 1;
    const transaction = {
      ...{ transactionId: `${channel}-${this.blocks}`, at: new Date(), valid: true, contract: 'supply', endorsers: [] },
      args: [Buffer.from('capture'), Buffer.from(events)],
      event: { name: 'TraceCaptured', payload: Buffer.from(result) },
    };
    const block = { number: BigInt(this.blocks), transactions: [transaction], unreadable: 0 };
    for (const fact of supplyFactsIn(channel, block).facts) {
      apply(this.modelOf(channel), fact);
      this.outcomes.set(placeName(fact), { event: `${channel} ${fact.eventId}`, outcome: fact.outcome });
    }
  }

  private async recall(channel: string, recall: string): Promise<void> {
    const call = { channel, contract: 'supply', function: 'recall', args: [recall] };
    try {
      await refusedAs(this.ledger.ledger.submit({ ...call, caller: this.ledger.people.regulator }));
    } catch (error) {
      if (!(error instanceof ConnectorError && error.code === 'ALREADY_EXISTS')) throw error;
    }
  }
}

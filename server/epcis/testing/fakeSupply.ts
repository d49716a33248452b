import { createHash } from 'node:crypto';
import { z } from 'zod';
import { type Splittable, splittable } from '#epcis/split.ts';
import { AppError, type ErrorCode } from '#server/errors.ts';
import type { CaptureReply, CaptureRequest } from '../../gateways/connector/connector.ts';
import type { ContractCall } from '../../gateways/ledger/ledger.ts';
import { FakeLedger } from '../../testing/fakeLedger.ts';

interface Decided {
  event: Splittable;
  said: CaptureReply['parts'][number]['outcomes'][number];
}

interface Recorded {
  outcome: 'accepted' | 'refused';
  code?: string;
  event: Splittable;
}

/** The contract `supply` of two channels in memory, as far as captures notice it: what is recorded, and what is refused. */
export class FakeSupply {
  /** GTIN → channel */
  readonly products = new Map<string, string>();
  /** SSCC → channels */
  readonly containers = new Map<string, Set<string>>();
  /** What is recorded by channel and hash. */
  readonly recorded = new Map<string, Map<string, Recorded>>();
  /** Code of the refusal of an event, by its `eventID`. */
  readonly refusals = new Map<string, string>();
  /** Each call of the connector that got so far, with the number of events by channel. */
  readonly calls: { mode: string; events: Record<string, number> }[] = [];
  /** What the next calls meet before anything is recorded, and after. */
  readonly failures: { code: ErrorCode; after?: boolean }[] = [];
  /** A text in an event for which the contract refuses the whole call. */
  poison: string | undefined;

  readonly capture = async ({ mode, parts }: CaptureRequest): Promise<CaptureReply> => {
    const failure = this.failures.shift();
    if (failure && !failure.after) throw new AppError(failure.code, 'fails in this test');
    if (this.poison !== undefined && parts.some(({ events }) => events.includes(this.poison ?? ''))) {
      throw new AppError('INVALID_ARGUMENT', 'poison');
    }
    const read = parts.map(({ channel, events }) => ({
      channel,
      decided: z
        .array(splittable)
        .parse(JSON.parse(events))
        .map((event) => this.#decide(channel, event)),
    }));
    this.calls.push({
      mode,
      events: Object.fromEntries(read.map(({ channel, decided }) => [channel, decided.length])),
    });
    const refused = read.some(({ decided }) => decided.some(({ said }) => said.outcome === 'refused'));
    const recorded = mode === 'proceed' || !refused;
    if (recorded) for (const { channel, decided } of read) for (const one of decided) this.#record(channel, one);
    if (failure) throw new AppError(failure.code, 'the answer is lost in this test');
    return {
      recorded,
      parts: read.map(({ channel, decided }) => ({ channel, outcomes: decided.map(({ said }) => said) })),
    };
  };

  /** Events that a channel has, in order. */
  on(channel: string): Recorded[] {
    return [...(this.recorded.get(channel)?.values() ?? [])];
  }

  #decide(channel: string, event: Splittable): Decided {
    const hash = `ni:///sha-256;${createHash('sha256').update(JSON.stringify(event)).digest('hex')}?ver=CBV2.0`;
    const code = this.refusals.get(String(event.eventID));
    const before = this.recorded.get(channel)?.get(hash);
    if (before?.outcome === 'accepted') return { event, said: { hash, outcome: 'duplicate' } };
    if (code === undefined) return { event, said: { hash, outcome: 'accepted' } };
    const outcome = before?.code === code ? 'duplicate' : 'refused';
    return { event, said: { hash, outcome, code, detail: `refused: ${code}` } };
  }

  #record(channel: string, { event, said: { hash, outcome, code } }: Decided): void {
    if (outcome === 'duplicate') return;
    const here = this.recorded.get(channel) ?? new Map<string, Recorded>();
    here.set(hash, { outcome, ...(code !== undefined && { code }), event });
    this.recorded.set(channel, here);
  }
}

/** The tests' ledger with two supply channels. */
export class SupplyLedger extends FakeLedger {
  readonly supply: FakeSupply;

  constructor(supply: FakeSupply) {
    super();
    this.supply = supply;
    const { channels, kindOf, contractsOf } = this;
    const names = ['supply-0', 'supply-1'];
    this.channels = () => [...channels(), ...names];
    this.contractsOf = (channel) => (names.includes(channel) ? ['supply'] : contractsOf(channel));
    this.kindOf = (channel) => (names.includes(channel) ? 'supply' : kindOf(channel));
  }

  override async supplyChannelOf(gtin: string): Promise<string> {
    const channel = this.supply.products.get(gtin);
    if (channel === undefined) throw new AppError('NOT_FOUND', gtin);
    return channel;
  }

  override async evaluate(call: ContractCall): Promise<Uint8Array> {
    if (call.contract !== 'supply') return super.evaluate(call);
    const [argument = ''] = call.args;
    const answer = (value: unknown) => Buffer.from(JSON.stringify(value));
    if (call.function === 'readContainer') {
      if (!this.supply.containers.get(argument)?.has(call.channel)) throw new AppError('NOT_FOUND', argument);
      return answer({
        ...{ sscc: argument, state: 'active', holder: 'inst-the-maker-x', site: '4012345000009' },
        ...{ contents: {}, levels: 1, containers: [], version: 1 },
      });
    }
    throw new AppError('INTERNAL', `${call.function} is not faked`);
  }
}

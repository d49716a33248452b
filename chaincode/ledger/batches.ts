import type { Context } from 'fabric-contract-api';

/** Many keys in one message to the peer, which otherwise takes a message there and back for each. */
export interface Carrier {
  /** How many keys a message may have. */
  mostReads: number;
  mostWrites: number;
  /** Values in the order of the keys; empty where there is none. */
  read(ctx: Context, keys: readonly string[]): Promise<Uint8Array[]>;
  /** Undefined deletes. */
  write(ctx: Context, states: readonly State[]): Promise<void>;
}
export type State = readonly [key: string, value: Uint8Array | undefined];

let carrierOf: (ctx: Context) => Carrier | undefined = () => undefined;

/** Says how to find what carries many keys; `batchedShim.ts` does for fabric-shim. */
export function findCarriersBy(find: typeof carrierOf): void {
  carrierOf = find;
}

/** The values of keys, in their order, in as few messages as the peer allows. */
export async function readStates(ctx: Context, keys: readonly string[]): Promise<Uint8Array[]> {
  const carrier = carrierOf(ctx);
  const values: Uint8Array[] = [];
  if (carrier) for (const part of partsOf(keys, carrier.mostReads)) values.push(...(await carrier.read(ctx, part)));
  else for (const key of keys) values.push(await ctx.stub.getState(key));
  return values;
}

/** Writes values, in as few messages as the peer allows. */
export async function writeStates(ctx: Context, states: readonly State[]): Promise<void> {
  const carrier = carrierOf(ctx);
  if (carrier) for (const part of partsOf(states, carrier.mostWrites)) await carrier.write(ctx, part);
  else {
    for (const [key, value] of states) {
      if (value === undefined) await ctx.stub.deleteState(key);
      else await ctx.stub.putState(key, value);
    }
  }
}

function partsOf<T>(list: readonly T[], most: number): T[][] {
  const count = Math.ceil(list.length / most);
  return Array.from({ length: count }, (_, part) => list.slice(part * most, (part + 1) * most));
}

/** Events as they go to the channels: so many, with so many names, in one transaction of each. */

/** What the contract takes in one call; the bytes leave room for what stands around them. */
const most = { events: 500, names: 5_000, bytes: 1_900_000 };

/** What of an event goes to one channel. */
export interface Part {
  channel: string;
  /** JSON */
  text: string;
  /** EPCs and classes that it names, a parent included. */
  names: number;
}

const encoder = new TextEncoder();

/** Parts as they can go at once, one transaction for each channel; the order of a channel's parts stays. */
export function bundlesOf<Of extends Part>(parts: readonly Of[]): Of[][] {
  const bundles: Of[][] = [];
  let sizes = new Map<string, { events: number; names: number; bytes: number }>();
  for (const part of parts) {
    const bytes = encoder.encode(part.text).length + 1;
    const size = sizes.get(part.channel) ?? { events: 0, names: 0, bytes: 0 };
    const next = { events: size.events + 1, names: size.names + part.names, bytes: size.bytes + bytes };
    const fits = next.events <= most.events && next.names <= most.names && next.bytes <= most.bytes;
    if (fits && bundles.length > 0) sizes.set(part.channel, next);
    else {
      bundles.push([]);
      sizes = new Map([[part.channel, { events: 1, names: part.names, bytes }]]);
    }
    bundles.at(-1)?.push(part);
  }
  return bundles;
}

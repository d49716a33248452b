import type { Whereabouts } from '#epcis/split.ts';
import { AppError } from '#server/errors.ts';
import type { Portal } from '#server/portal.ts';
import { readContainer, supplyChannels } from '../../supply/ledger.ts';

type Ledger = Portal['ledger'];

/** What of a product is decided for good is asked for once in a process. */
const channelsOfProducts = new Map<string, string>();
const mostRemembered = 10_000;

/** Where things are by what the ledgers say now, as the organisation's own peers have it, and by what is packed (SSCC → channels) in events that wait to be sent. */
export function whereabouts(
  ledger: Ledger,
  mspId: string,
  packed: ReadonlyMap<string, ReadonlySet<string>>,
): Whereabouts {
  const channels = supplyChannels(ledger);
  const [anywhere] = channels;
  if (anywhere === undefined) throw new AppError('NOT_SERVED', 'there is no supply channel');
  const containers = new Map<string, Promise<string[]>>();
  return {
    anywhere,
    product: (gtin) => channelOfProduct(ledger, gtin),
    container: async (sscc) => {
      const recorded = containers.get(sscc) ?? channelsWith(ledger, mspId, channels, sscc);
      containers.set(sscc, recorded);
      return [...new Set([...(await recorded), ...(packed.get(sscc) ?? [])])].sort();
    },
  };
}

async function channelOfProduct(ledger: Ledger, gtin: string): Promise<string | undefined> {
  const known = channelsOfProducts.get(gtin);
  if (known !== undefined) return known;
  const channel = await ledger.supplyChannelOf(gtin).catch((error: unknown) => {
    if (error instanceof AppError && error.code === 'NOT_FOUND') return undefined;
    throw error;
  });
  if (channel === undefined) return undefined;
  if (channelsOfProducts.size >= mostRemembered) channelsOfProducts.clear();
  channelsOfProducts.set(gtin, channel);
  return channel;
}

async function channelsWith(
  ledger: Ledger,
  mspId: string,
  channels: readonly string[],
  sscc: string,
): Promise<string[]> {
  const having = await Promise.all(
    channels.map(async (channel) =>
      (await readContainer(ledger, channel, sscc, mspId)) === undefined ? [] : [channel],
    ),
  );
  return having.flat();
}

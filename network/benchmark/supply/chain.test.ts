import { describe, expect, it } from 'vitest';
import { recallArgument } from '#chaincode/model/trace.ts';
import { supplyFactsIn } from '#server/supplyIndexer/decode.ts';
import { blocksOf, channels, eventsOfCase, products } from './chain.ts';

const cases = 4;
const factsOf = (channel: string, seed?: number) =>
  [...blocksOf(channel, cases, seed)].map((block) => supplyFactsIn(channel, block));

describe('the generated supply chain', () => {
  it('is one that the projection reads, about as long as was asked for, of the channel’s products', () => {
    for (const channel of channels) {
      const said = factsOf(channel);
      expect(said.every(({ unreadable }) => unreadable === 0)).toBe(true);
      const facts = said.flatMap((block) => block.facts);
      expect(Math.abs(facts.length / (cases * eventsOfCase) - 1)).toBeLessThan(0.15);
      const own = products.filter((product) => product.channel === channel).map(({ gtin }) => gtin);
      const named = facts.flatMap((fact) =>
        fact.named.flatMap(({ thing }) => (thing?.kind === 'pack' ? thing.gtin : [])),
      );
      expect(named.length).toBeGreaterThan(0);
      expect(named.filter((gtin) => !own.includes(gtin))).toEqual([]);
    }
  });

  it('ends with a recall of batches and one of serial numbers on each chain', () => {
    const recalls = channels.flatMap((channel) => factsOf(channel).flatMap((block) => block.recalls));
    expect(recalls.map(({ recall }) => [recall.batches !== undefined, recall.serials !== undefined])).toEqual([
      ...[
        [true, false],
        [false, true],
      ],
      ...[
        [true, false],
        [false, true],
      ],
    ]);
    for (const { recall } of recalls) expect(recallArgument.safeParse(recall).error).toBeUndefined();
    expect(new Set(recalls.map(({ recall }) => recall.id)).size).toBe(4);
  });

  it('is the same for a seed, and another for another', () => {
    const words = (seed: number) =>
      factsOf('supply-0', seed)
        .flatMap(({ facts }) => facts)
        .map(({ step, party, outcome, named }) => [step, party, outcome, named]);
    expect(words(1)).toEqual(words(1));
    expect(words(1)).not.toEqual(words(2));
  });
});

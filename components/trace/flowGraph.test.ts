import { describe, expect, it } from 'vitest';
import type { FlowView } from '#server/trace/schema.ts';
import { flowGraph } from './flowGraph.ts';

const place = (gln: string, id: string, kind = '') => ({
  ...{ gln, name: gln, institution: { id, name: `The ${id}`, kind }, latitude: 1, longitude: 1 },
});
const places = [
  place('1', 'maker'),
  place('2', 'depot'),
  place('3', 'chemist'),
  place('4', 'chemist'),
  place('5', 'ward'),
];
const flow = (kind: string, from: string, to: string, packs: number) => ({ kind, from, to, packs });
const view: FlowView = {
  places,
  flows: [
    flow('make', '', '1', 100),
    flow('move', '1', '2', 90),
    flow('move', '2', '3', 40),
    flow('move', '2', '4', 20),
    flow('move', '3', '2', 5),
    flow('move', '3', '4', 7),
    flow('move', '5', '4', 2),
    flow('dispense', '3', '', 30),
    flow('dispense', '5', '', 1),
    flow('lose', '2', '', 3),
  ],
};
const stockOf = (holder: string, usable: number, quarantined = 0) => ({ holder, usable, quarantined });

function told(graph: ReturnType<typeof flowGraph>): string[] {
  const name = (index: number) => {
    const label = graph.nodes[index]?.label;
    if (label?.kind === 'end') return label.end;
    return label?.kind === 'institution' ? label.name : `${label?.count} others`;
  };
  return graph.links.map(({ source, target, value }) => `${name(source)} > ${name(target)}: ${value}`);
}

describe('the picture of flows', () => {
  it('goes from makers through those between to those who dispense, and on to what became of it', () => {
    const graph = flowGraph(view, [stockOf('chemist', 25, 2), stockOf('depot', 30)]);
    expect(told(graph)).toEqual([
      'The maker > The depot: 90',
      'The depot > The chemist: 60',
      'The chemist > dispensed: 30',
      'The chemist > stock: 25',
      'The chemist > returned: 5',
      'The depot > lost: 3',
      'The chemist > quarantined: 2',
      'The ward > dispensed: 1',
    ]);
    expect(graph.within).toBe(2);
  });

  it('has no circles, wherever packs went', () => {
    for (const { source, target } of flowGraph(view, []).links) expect(source).toBeLessThan(target);
  });

  it('knows pharmacies before they have dispensed anything', () => {
    const young = {
      places: [place('1', 'maker'), place('2', 'depot', 'distributor'), place('3', 'chemist', 'pharmacy')],
      flows: [flow('make', '', '1', 10), flow('move', '1', '2', 10), flow('move', '2', '3', 4)],
    };
    const graph = flowGraph(young, [stockOf('chemist', 4)]);
    expect(told(graph)).toEqual(['The maker > The depot: 10', 'The depot > The chemist: 4', 'The chemist > stock: 4']);
    expect(graph.within).toBe(0);
  });

  it('puts the smallest of many together', () => {
    const many = Array.from({ length: 9 }, (_, index) => place(`p${index}`, `shop ${index}`));
    const graph = flowGraph(
      { places: many, flows: many.map(({ gln }, index) => flow('dispense', gln, '', 10 - index)) },
      [],
    );
    expect(told(graph)).toContain('4 others > dispensed: 14');
    expect(graph.nodes.filter(({ layer }) => layer === 2)).toHaveLength(6);
  });
});

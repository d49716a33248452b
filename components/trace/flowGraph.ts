import type { FlowView, StockRow } from '#server/trace/schema.ts';

/** Where packs go, institution by institution, as a picture from left to right has it. */

export type End = 'dispensed' | 'stock' | 'returned' | 'quarantined' | 'lost';

export interface FlowNode {
  key: string;
  /** Of an institution; of an end its key; of what was put together how many. */
  label: { kind: 'institution'; name: string } | { kind: 'others'; count: number } | { kind: 'end'; end: End };
  layer: Layer;
}
export interface FlowLink {
  source: number;
  target: number;
  value: number;
}
export interface FlowGraph {
  nodes: FlowNode[];
  links: FlowLink[];
  /** Packs that went between institutions of one layer, which the picture leaves out. */
  within: number;
}

/** Makers, those between, those who dispense, and what became of the packs. */
type Layer = 0 | 1 | 2 | 3;

/** So many institutions of a layer are told apart; the rest is one. */
const mostTold = 6;

interface Party {
  id: string;
  name: string;
  layer: Layer;
  packs: number;
}

const dispensers: readonly string[] = ['pharmacy', 'hospital'];

/**
 * Institutions by what they are and do in these flows: those that make packs, pharmacies, hospitals and whoever dispenses any, and
 * those between. Moves backwards are returns, for the picture has no circles.
 */
export function flowGraph(
  { flows, places }: FlowView,
  stock: readonly Pick<StockRow, 'holder' | 'usable' | 'quarantined'>[],
): FlowGraph {
  const houses = new Map(places.map(({ gln, institution }) => [gln, institution]));
  const houseOf = (gln: string) => houses.get(gln);
  const parties = new Map<string, Party>();
  const partyOf = (gln: string): Party | undefined => {
    const house = houseOf(gln);
    if (house === undefined) return undefined;
    const { id, name, kind } = house;
    const known = parties.get(id) ?? { id, name, layer: dispensers.includes(kind) ? 2 : 1, packs: 0 };
    parties.set(id, known);
    return known;
  };
  for (const { kind, from, to, packs } of flows) {
    const party = partyOf(kind === 'make' ? to : from);
    if (party && kind === 'make') party.layer = 0;
    if (party && kind === 'dispense' && party.layer !== 0) party.layer = 2;
    for (const one of [partyOf(from), partyOf(to)]) if (one) one.packs += packs;
  }
  const shown = new Map<string, FlowNode>();
  for (const layer of [0, 1, 2] as const) {
    const of = [...parties.values()].filter((party) => party.layer === layer).sort((a, b) => b.packs - a.packs);
    const told = of.length > mostTold ? of.slice(0, mostTold - 1) : of;
    for (const { id, name } of told) shown.set(id, { key: id, layer, label: { kind: 'institution', name } });
    const rest = of.slice(told.length);
    const others: FlowNode = { key: `others-${layer}`, layer, label: { kind: 'others', count: rest.length } };
    for (const { id } of rest) shown.set(id, others);
  }
  const sums = new Map<string, { from: FlowNode; to: FlowNode; value: number }>();
  const add = (from: FlowNode, to: FlowNode, packs: number) => {
    const key = `${from.key}>${to.key}`;
    const sum = sums.get(key) ?? { from, to, value: 0 };
    sum.value += packs;
    sums.set(key, sum);
  };
  const endOf = (end: End): FlowNode => ({ key: `end-${end}`, layer: 3, label: { kind: 'end', end } });
  let within = 0;
  for (const { kind, from, to, packs } of flows) {
    const source = shown.get(houseOf(from)?.id ?? '');
    const target = shown.get(houseOf(to)?.id ?? '');
    if (source === undefined || packs <= 0) continue;
    if (kind === 'dispense') add(source, endOf('dispensed'), packs);
    else if (kind === 'lose') add(source, endOf('lost'), packs);
    else if (target === undefined) continue;
    else if (source.layer < target.layer) add(source, target, packs);
    else if (source.layer > target.layer) add(source, endOf('returned'), packs);
    else if (houseOf(from)?.id !== houseOf(to)?.id) within += packs;
  }
  for (const { holder, usable, quarantined } of stock) {
    const node = shown.get(holder);
    if (node?.layer === 2 && usable > 0) add(node, endOf('stock'), usable);
    if (node && quarantined > 0) add(node, endOf('quarantined'), quarantined);
  }
  return { ...indexed([...sums.values()]), within };
}

function indexed(sums: { from: FlowNode; to: FlowNode; value: number }[]): Omit<FlowGraph, 'within'> {
  const nodes = new Map<string, FlowNode>();
  for (const { from, to } of sums) for (const node of [from, to]) nodes.set(node.key, nodes.get(node.key) ?? node);
  const list = [...nodes.values()].sort((a, b) => a.layer - b.layer);
  const at = new Map(list.map(({ key }, index) => [key, index]));
  const links = sums.flatMap(({ from, to, value }) => {
    const [source, target] = [at.get(from.key), at.get(to.key)];
    return source === undefined || target === undefined ? [] : [{ source, target, value }];
  });
  return { nodes: list, links: links.sort((a, b) => b.value - a.value) };
}

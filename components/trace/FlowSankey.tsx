'use client';

import {
  type SankeyLinkProps as LinkProps,
  type SankeyNodeProps as NodeProps,
  ResponsiveContainer,
  Sankey,
} from 'recharts';
import { formatNumber } from '#components/ui/format.ts';
import { ScrollX } from '#components/ui/ScrollX.tsx';
import { t } from '#messages/en.ts';
import type { End, FlowGraph, FlowNode } from './flowGraph.ts';

const text = t.trace.flow;

const ends: Record<End, string> = {
  dispensed: 'var(--color-ok)',
  stock: 'var(--color-thread-1)',
  returned: 'var(--color-warn)',
  quarantined: 'var(--color-danger)',
  lost: 'var(--color-danger)',
};
/** Room for the words of what became of packs, behind the last bars. */
const endsWidth = 108;
const makers = ['1', '2', '3', '4', '5'].map((number) => `var(--color-thread-${number})`);

export function nodeName({ label }: FlowNode): string {
  if (label.kind === 'end') return text.ends[label.end];
  return label.kind === 'institution' ? label.name : text.others(formatNumber(label.count));
}

function colourOf(node: FlowNode | undefined, index: number): string {
  if (node?.label.kind === 'end') return ends[node.label.end];
  return node?.layer === 0 ? (makers[index % makers.length] ?? '') : 'var(--color-thread-6)';
}

/** Packs from makers to patients, as bands as wide as they are many. */
export function FlowSankey({ graph }: { graph: FlowGraph }) {
  const { nodes, links } = graph;
  const tallest = Math.max(...[0, 1, 2, 3].map((layer) => nodes.filter((node) => node.layer === layer).length));
  const makerPacks = links.reduce((sum, { source, value }) => (nodes[source]?.layer === 0 ? sum + value : sum), 0);
  const label = text.label(formatNumber(makerPacks), formatNumber(nodes.filter(({ layer }) => layer === 0).length));
  return (
    <>
      <ScrollX label={text.title}>
        <div role="img" aria-label={label} className="min-w-[34rem]" style={{ height: Math.max(280, tallest * 64) }}>
          <ResponsiveContainer width="100%" height="100%" initialDimension={{ width: 640, height: 320 }}>
            <Sankey
              data={{ nodes: nodes.map((node) => ({ ...node, name: nodeName(node) })), links }}
              nodeWidth={8}
              nodePadding={32}
              margin={{ top: 6, right: endsWidth, bottom: 22, left: 4 }}
              node={(props: NodeProps) => (
                <Node
                  {...props}
                  flowNode={nodes[props.index]}
                  isLast={links.every(({ source }) => source !== props.index)}
                />
              )}
              link={(props: LinkProps) => (
                <Band
                  {...props}
                  node={nodes[links[props.index]?.source ?? 0]}
                  into={nodes[links[props.index]?.target ?? 0]}
                  at={links[props.index]?.source ?? 0}
                />
              )}
            />
          </ResponsiveContainer>
        </div>
      </ScrollX>
      <FlowTable graph={graph} />
    </>
  );
}

function Node({
  x,
  y,
  width,
  height,
  index,
  payload,
  flowNode: node,
  isLast,
}: NodeProps & {
  flowNode: FlowNode | undefined;
  /** Nothing goes on from here: it stands at the picture's right edge. */
  isLast: boolean;
}) {
  if (node === undefined) return null;
  // An institution at the edge has no room behind it; what became of packs has.
  const before = isLast && node.layer !== 3;
  const at = { x: before ? x - 6 : x + width + 6, textAnchor: before ? ('end' as const) : ('start' as const) };
  const middle = y + height / 2;
  return (
    <g>
      <rect x={x} y={y} width={width} height={Math.max(2, height)} rx={2} fill={colourOf(node, index)} />
      <text {...at} y={middle - 1} fontSize={12} fontWeight={700} fill="var(--color-ink)" className="flow-label">
        {nodeName(node)}
      </text>
      <text {...at} y={middle + 13} fontSize={11.5} fill="var(--color-ink-2)" className="flow-label">
        {formatNumber(payload.value ?? 0)}
      </text>
    </g>
  );
}

function Band({
  sourceX,
  targetX,
  sourceY,
  targetY,
  sourceControlX,
  targetControlX,
  linkWidth,
  node,
  into,
  at,
}: LinkProps & { node: FlowNode | undefined; into: FlowNode | undefined; at: number }) {
  const colour = into?.layer === 3 && into.label.kind === 'end' ? ends[into.label.end] : colourOf(node, at);
  return (
    <path
      d={`M${sourceX},${sourceY} C${sourceControlX},${sourceY} ${targetControlX},${targetY} ${targetX},${targetY}`}
      fill="none"
      stroke={colour}
      strokeOpacity={0.3}
      strokeWidth={Math.max(1, linkWidth)}
    />
  );
}

function FlowTable({ graph: { nodes, links, within } }: { graph: FlowGraph }) {
  const name = (index: number) => {
    const node = nodes[index];
    return node ? nodeName(node) : '';
  };
  return (
    <details className="mt-3 text-sm">
      <summary className="w-fit rounded-sm font-semibold text-ink-2">{text.table}</summary>
      <div className="mt-2 max-h-72 overflow-y-auto">
        <table className="w-full">
          <thead>
            <tr className="border-b border-line-strong text-left text-ink-2">
              <th scope="col" className="py-1.5 pr-3 font-semibold">
                {text.from}
              </th>
              <th scope="col" className="py-1.5 pr-3 font-semibold">
                {text.to}
              </th>
              <th scope="col" className="py-1.5 text-right font-semibold">
                {text.packs}
              </th>
            </tr>
          </thead>
          <tbody className="divide-y divide-line">
            {links.map(({ source, target, value }) => (
              <tr key={`${source}-${target}`}>
                <td className="py-1.5 pr-3">{name(source)}</td>
                <td className="py-1.5 pr-3">{name(target)}</td>
                <td className="py-1.5 text-right">{formatNumber(value)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {within > 0 && <p className="mt-2 text-ink-3">{text.within(formatNumber(within))}</p>}
    </details>
  );
}

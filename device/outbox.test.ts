import { copyFileSync, mkdtempSync, statSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { toHex, utf8 } from '#crypto/bytes.ts';
import { type Lane, lanes, Outbox } from './outbox.ts';

const newFile = () => join(mkdtempSync(join(tmpdir(), 'medloom-outbox-')), 'outbox');
const frame = (name: string) => ({ bytes: utf8(`frame ${name}`), content: utf8(`content ${name}`) });
const numbers = (outbox: Outbox, lane: Lane) => outbox.lane(lane).waiting.map(({ number }) => number);
const text = (bytes: Uint8Array) => Buffer.from(bytes).toString();

/** All that an outbox knows, to be compared. */
const contentOf = (outbox: Outbox) => ({
  taken: outbox.taken.map(({ sequence, content }) => [sequence, text(content)]),
  snapshot: outbox.snapshot && text(outbox.snapshot),
  lanes: lanes.map((name) => {
    const { stream, next, waiting } = outbox.lane(name);
    return [name, toHex(stream), next, waiting.map((one) => [one.number, text(one.bytes), text(one.content)])];
  }),
});

async function reopened(file: string, outbox: Outbox): Promise<Outbox> {
  await outbox.close();
  return Outbox.open(file);
}

it('numbers frames without gaps in each lane, and forgets what is acknowledged', async () => {
  const file = newFile();
  const outbox = await Outbox.open(file);
  const streams = new Set(lanes.map((name) => toHex(outbox.lane(name).stream)));
  expect(streams.size).toBe(3);
  await outbox.enclose('readings', [frame('a'), frame('b')]);
  await outbox.enclose('readings', [frame('c')]);
  await outbox.enclose('alerts', [frame('x')]);
  expect([numbers(outbox, 'readings'), numbers(outbox, 'alerts')]).toEqual([[1, 2, 3], [1]]);
  await outbox.acknowledge('readings', 2);
  const again = await reopened(file, outbox);
  expect([numbers(again, 'readings'), numbers(again, 'alerts')]).toEqual([[3], [1]]);
  expect(again.lane('readings').next).toBe(4);
  await again.acknowledge('readings', 3);
  const last = await reopened(file, again);
  expect(last.lane('readings')).toMatchObject({ next: 4, waiting: [] });
  await last.close();
});

it('keeps readings until a frame has them, and what was made of them with the frame', async () => {
  const file = newFile();
  const outbox = await Outbox.open(file);
  const [first, second] = await outbox.take([utf8('one'), utf8('two')]);
  await outbox.take([utf8('three')]);
  expect([first?.sequence, second?.sequence]).toEqual([1, 2]);
  await outbox.enclose('readings', [frame('one and two')], { consumed: 2, snapshot: utf8('state') });
  const again = await reopened(file, outbox);
  expect(contentOf(again)).toMatchObject({ taken: [[3, 'three']], snapshot: 'state' });
  const [next] = await again.take([utf8('four')]);
  expect(next?.sequence).toBe(4);
  await again.close();
});

it('begins a new stream with frames in the place of those that waited', async () => {
  const file = newFile();
  const outbox = await Outbox.open(file);
  await outbox.enclose('readings', [frame('a'), frame('b')]);
  const stream = outbox.newStream();
  await outbox.begin('readings', stream, [frame('b anew')]);
  const again = await reopened(file, outbox);
  expect(again.lane('readings')).toMatchObject({ next: 2, waiting: [{ number: 1, bytes: utf8('frame b anew') }] });
  expect(toHex(again.lane('readings').stream)).toBe(toHex(stream));
  await again.close();
});

it('is whole whenever it is cut off: a step is there or is not', async () => {
  const file = newFile();
  const outbox = await Outbox.open(file);
  const states: { size: number; content: unknown }[] = [];
  const steps = [
    () => outbox.take([utf8('one')]),
    () => outbox.enclose('readings', [frame('one')], { consumed: 1, snapshot: utf8('s1') }),
    () => outbox.take([utf8('two')]),
    () => outbox.enclose('alerts', [frame('alert')]),
    () => outbox.acknowledge('readings', 1),
  ];
  states.push({ size: statSync(file).size, content: contentOf(outbox) });
  for (const step of steps) {
    await step();
    states.push({ size: statSync(file).size, content: contentOf(outbox) });
  }
  const whole = statSync(file).size;
  for (let size = states[0]?.size ?? 0; size <= whole; size += 1) {
    const cut = `${file}-cut`;
    copyFileSync(file, cut);
    truncateSync(cut, size);
    const left = await Outbox.open(cut);
    expect(contentOf(left)).toEqual(states.findLast((state) => state.size <= size)?.content);
    await left.close();
  }
  await outbox.close();
});

it('does not grow for ever', async () => {
  const file = newFile();
  const outbox = await Outbox.open(file);
  await outbox.enclose('digests', [frame('kept')]);
  const large = { bytes: new Uint8Array(60_000), content: new Uint8Array(60_000) };
  for (let number = 1; number <= 20; number += 1) {
    await outbox.enclose('readings', [large], { snapshot: utf8(`state ${number}`) });
    await outbox.acknowledge('readings', number);
    await outbox.take([utf8('waits')]);
  }
  expect(statSync(file).size).toBeLessThan(1_400_000);
  const before = contentOf(outbox);
  expect(before.taken).toHaveLength(20);
  const again = await reopened(file, outbox);
  expect(contentOf(again)).toEqual(before);
  await again.close();
});

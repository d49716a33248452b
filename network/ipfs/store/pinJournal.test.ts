import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { PinJournal } from './pinJournal.ts';

it('records what is asked for as soon as the change before it is on the disk', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'medloom-pins-'));
  try {
    const file = join(folder, 'pins.jsonl');
    const journal = await PinJournal.open(file);
    await journal.record({ pin: 'a', mode: 'direct', name: '' });
    await journal.record({ pin: 'b', mode: 'recursive', name: 'b' });
    await journal.record({ unpin: 'a' });
    expect([...(await PinJournal.open(file)).pins]).toEqual([['b', { mode: 'recursive', name: 'b' }]]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}, 5_000);

import { expect, it } from 'vitest';
import { createVaultClient, type VaultPort } from './client.ts';
import type { VaultMessage, VaultRequest } from './vault.worker.ts';

it('asks nothing of keys that are opening by themselves, and asks it when that is over, opened or not', async () => {
  const asked: VaultRequest[] = [];
  const port: VaultPort = { postMessage: (request) => asked.push(request), onmessage: null, onerror: null };
  const client = createVaultClient(port);
  const answer = (data: VaultMessage) => port.onmessage?.(new MessageEvent('message', { data }));
  const owner = { personId: 'p', subjectId: 's', mspId: 'm', certificatePem: '', record: '' };
  for (const message of [
    { ok: true as const, value: null },
    { ok: false as const, error: { code: 'INTERNAL', message: '', detail: '' } },
  ]) {
    asked.length = 0;
    const resuming = client.call('resume', { owner, marker: 'm' }).catch(() => undefined);
    const locking = client.call('lock', undefined);
    await new Promise((resolve) => setImmediate(resolve));
    expect(asked.map(({ operation }) => operation)).toEqual(['resume']);
    answer({ id: asked[0]?.id ?? 0, ...message });
    await resuming;
    await new Promise((resolve) => setImmediate(resolve));
    expect(asked.map(({ operation }) => operation)).toEqual(['resume', 'lock']);
    answer({ id: asked[1]?.id ?? 0, ok: true, value: undefined });
    await locking;
  }
});

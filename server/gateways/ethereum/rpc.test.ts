import { expect, it, vi } from 'vitest';
import { RpcRefusal } from './rpc.ts';

it('a refusal is one for another copy of the module too, as Next loads them', async () => {
  vi.resetModules();
  const copy = await import('./rpc.ts');
  expect(copy.RpcRefusal).not.toBe(RpcRefusal);
  expect(new copy.RpcRefusal(3, 'execution reverted', '0x') instanceof RpcRefusal).toBe(true);
  expect(new Error('execution reverted') instanceof RpcRefusal).toBe(false);
});

import { describe, expect, it } from 'vitest';
import { fromUtf8, randomBytes, utf8 } from '#crypto/bytes.ts';
import { newPseudonym } from '#crypto/identifier.ts';
import { circleEntry, memoryCircleStore } from './circleStore.ts';

describe('a leaf that a browser keeps', () => {
  it('is read again by the vault that wrote it, of each circle its own', async () => {
    const store = memoryCircleStore();
    const [key, first, second] = [randomBytes(32), newPseudonym(0), newPseudonym(0)];
    await circleEntry(store, key, first).write(utf8('one'));
    await circleEntry(store, key, second).write(utf8('two'));
    expect(fromUtf8((await circleEntry(store, key, first).read()) ?? utf8(''))).toBe('one');
    await circleEntry(store, key, first).remove();
    expect(await circleEntry(store, key, first).read()).toBeUndefined();
    expect(await circleEntry(store, key, second).read()).toEqual(utf8('two'));
  });

  it('tells neither whose circle it is nor what is in it, and is nothing to another vault', async () => {
    const store = memoryCircleStore();
    const [key, patient] = [randomBytes(32), newPseudonym(0)];
    await circleEntry(store, key, patient).write(utf8('the state of a leaf'));
    const [[name = '', sealed = utf8('')] = []] = [...store.kept];
    expect(name).not.toContain(patient);
    expect(new TextDecoder().decode(sealed)).not.toContain('state');
    expect(await circleEntry(store, randomBytes(32), patient).read()).toBeUndefined();
    sealed[sealed.length - 1] = (sealed.at(-1) ?? 0) ^ 1;
    expect(await circleEntry(store, key, patient).read()).toBeUndefined();
  });
});

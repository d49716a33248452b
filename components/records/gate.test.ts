import { expect, it } from 'vitest';
import { createGate } from './gate.ts';

it('lets through while it is open, and holds up between two steps while it is closed', async () => {
  const gate = createGate();
  const steps: number[] = [];
  const work = async () => {
    for (const step of [1, 2, 3]) {
      await gate.pass();
      steps.push(step);
      if (step === 1) gate.close();
    }
  };
  const done = work();
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect(steps).toEqual([1]);
  gate.open();
  await done;
  expect(steps).toEqual([1, 2, 3]);
});

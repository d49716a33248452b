import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Commanded, startControl } from './control.ts';
import { boxes } from './wearers.ts';

const ebba = 'ebba.nilsson@mail.example';
let told: string[];
let control: Awaited<ReturnType<typeof startControl>>;
const devices: Commanded[] = boxes.map((box) => ({
  ...{ box, id: `dev-${box.name}`, patient: undefined },
  deteriorate: (kind, riseMs, holdMs) => void told.push(`${box.name} ${kind} ${riseMs} ${holdMs}`),
  recover: () => void told.push(`${box.name} recovers`),
}));

beforeEach(async () => {
  told = [];
  control = await startControl(() => devices, 0);
});
afterEach(() => void control.server.close());

const url = () => `http://127.0.0.1:${control.port}`;
const post = async (body: string) => {
  const response = await fetch(url(), { method: 'POST', body });
  return { status: response.status, answer: await response.json() };
};

it('tells who wears what', async () => {
  const { devices: worn } = await (await fetch(url())).json();
  expect(worn).toHaveLength(20);
  expect(worn).toContainEqual({ name: 'ebba.nilsson-hub', wearer: ebba, id: 'dev-ebba.nilsson-hub' });
});

it('lets all devices of somebody see that somebody become ill, and well again', async () => {
  const ill = await post(JSON.stringify({ command: 'deteriorate', patient: ebba, kind: 'copd', riseMinutes: 2 }));
  expect(ill).toEqual({
    status: 200,
    answer: { devices: ['ebba.nilsson-hub', 'ebba.nilsson-pendant', 'ebba.nilsson-scale'] },
  });
  expect(told[0]).toBe('ebba.nilsson-hub copd 120000 900000');
  expect((await post(JSON.stringify({ command: 'recover', patient: ebba }))).status).toBe(200);
  expect(told).toHaveLength(6);
});

it.each(['', '{', '{"command":"deteriorate"}', `{"command":"deteriorate","patient":"${ebba}","kind":"boredom"}`])(
  'refuses %s',
  async (body) => {
    expect((await post(body)).status).toBe(400);
    expect(told).toEqual([]);
  },
);

it('knows nobody else', async () => {
  expect((await post('{"command":"recover","patient":"nobody@mail.example"}')).status).toBe(404);
});

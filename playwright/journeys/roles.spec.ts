import { type APIRequestContext, expect, test } from '@playwright/test';
import { openAs, type Person, runningNetwork } from '../fixtures/people.ts';
import { actionId, postAction } from '../fixtures/serverAction.ts';

const rx = `rx-0-${'a'.repeat(26)}`;
const hash = '0'.repeat(64);
const somebody = `pt-0-${'a'.repeat(26)}`;
const key = 'A'.repeat(43);

const request = '-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----\n';

const issue = {
  kind: 'issue',
  issue: {
    ...{ id: rx, patient: `pt-0-${'a'.repeat(26)}`, expires: '2099-01-01T00:00:00.000Z', cid: `b${'a'.repeat(58)}` },
    ...{ contentHash: hash, redeemHash: hash, commitment: `0x${hash}`, quantity: 1, fills: 1 },
  },
  ...{ envelope: 'AAAA', tokenHolder: `0x${'0'.repeat(40)}`, resumePacket: 'AAAA' },
  secrets: { patientWrap: 'AAAA', authorWrap: 'AAAA', codeWrap: 'AAAA', releaseShare: key },
};
const renewal = { codeWrap: 'AAAA', releaseShare: key, patientWrap: 'AAAA' };
const claim = `clm-${'a'.repeat(26)}`;
const dispense = { id: `disp-${'a'.repeat(26)}`, quantity: 1, cid: `b${'a'.repeat(58)}`, contentHash: hash };

/** Server actions and the roles that may post them; everybody else is refused before anything is looked up. */
const actions: { name: string; file: string; action: string; input: unknown; allowed: Person[] }[] = [
  {
    name: 'bring a signed token',
    file: 'server/transactions/actions.ts',
    action: 'relayMint',
    input: { sagaId: '00000000-0000-4000-8000-000000000000', deadline: 1, signature: `0x${hash}${hash}1b` },
    allowed: ['doctor'],
  },
  {
    name: 'find patients',
    file: 'server/people/actions.ts',
    action: 'findPatients',
    input: { query: 'Lind' },
    allowed: ['doctor'],
  },
  {
    name: 'list emergencies',
    file: 'server/access/actions.ts',
    action: 'listEmergencies',
    input: { which: 'open' },
    allowed: ['doctor', 'regulator', 'admin'],
  },
  {
    name: 'certify a device',
    file: 'server/registry/actions.ts',
    action: 'certifyDevice',
    input: { device: `dev-${'a'.repeat(26)}`, csrPem: request },
    allowed: ['admin'],
  },
  {
    name: 'look up a code',
    file: 'server/prescriptions/actions.ts',
    action: 'lookupPrescription',
    input: { redeemHash: hash },
    allowed: ['pharmacist'],
  },
  {
    name: 'ask for a verdict anew',
    file: 'server/prescriptions/actions.ts',
    action: 'refreshVerdict',
    input: rx,
    allowed: ['pharmacist'],
  },
  {
    name: 'forget what a bill needs',
    file: 'server/claims/actions.ts',
    action: 'dropBillingNote',
    input: { dispense: dispense.id },
    allowed: ['doctor', 'pharmacist'],
  },
  {
    name: 'try a plan on past claims',
    file: 'server/claims/actions.ts',
    action: 'readPastClaims',
    input: { plan: `plan-${'a'.repeat(26)}` },
    allowed: ['insurer'],
  },
  {
    name: 'ask what is left of a bill',
    file: 'server/claims/actions.ts',
    action: 'coPayTerms',
    input: { claim, payer: `0x${'0'.repeat(40)}` },
    allowed: ['patient'],
  },
  {
    name: 'ask the fund for help',
    file: 'server/fund/actions.ts',
    action: 'askAssistance',
    input: { claim, beneficiary: hash, ground: 'income' },
    allowed: ['patient'],
  },
  {
    name: 'grant help',
    file: 'server/fund/actions.ts',
    action: 'grantAssistance',
    input: { id: '00000000-0000-4000-8000-000000000000' },
    allowed: ['regulator'],
  },
];

/** Transactions that a person may have prepared, and who. */
const transactions: { name: string; input: object; allowed: Person[] }[] = [
  { name: 'issue', input: issue, allowed: ['doctor'] },
  {
    name: 'cancel',
    input: { kind: 'cancel', id: rx, reason: 'because' },
    allowed: ['doctor', 'patient'],
  },
  {
    name: 'accept',
    input: { kind: 'accept', id: rx, redeemKey: key },
    allowed: ['pharmacist'],
  },
  {
    name: 'return',
    input: { kind: 'return', id: rx },
    allowed: ['pharmacist'],
  },
  {
    name: 'dispense',
    input: { kind: 'dispense', id: rx, dispense, envelope: 'AAAA' },
    allowed: ['pharmacist'],
  },
  {
    name: 'release of a reservation',
    input: { kind: 'releaseReservation', id: rx, dispenseId: dispense.id },
    allowed: ['pharmacist'],
  },
  {
    name: 'close',
    input: { kind: 'close', id: rx, reason: 'because' },
    allowed: ['pharmacist'],
  },
  {
    name: 'voidCode',
    input: { kind: 'voidCode', id: rx },
    allowed: ['patient'],
  },
  {
    name: 'renewCode',
    input: { kind: 'renewCode', id: rx, redeemHash: hash, secrets: renewal },
    allowed: ['patient'],
  },
  {
    name: 'let a device take part',
    input: { kind: 'circles:seat', seat: { patient: somebody, subject: `dev-${'a'.repeat(26)}` } },
    allowed: ['patient'],
  },
  {
    name: 'set a plan of what is watched',
    input: {
      kind: 'telemetry:setPlan',
      plan: { patient: somebody, version: 1, generation: 1, epoch: 0, cid: `b${'a'.repeat(58)}`, contentHash: hash },
    },
    allowed: ['doctor'],
  },
  {
    name: 'take an alert',
    input: { kind: 'alerts:acknowledge', id: `al-0-${'a'.repeat(26)}` },
    allowed: ['doctor'],
  },
  { name: 'close a plan', input: { kind: 'claims:closePlan', id: `plan-${'a'.repeat(26)}` }, allowed: ['insurer'] },
  {
    name: 'end a policy',
    input: { kind: 'claims:endPolicy', id: `pol-${'a'.repeat(26)}`, reason: 'because' },
    allowed: ['insurer'],
  },
  { name: 'note cash', input: { kind: 'claims:cash', id: claim, amount: 1 }, allowed: ['doctor', 'pharmacist'] },
  {
    name: "link a wallet to somebody else's entry",
    input: { kind: 'linkWallet', subject: `prac-${'a'.repeat(26)}`, address: `0x${'0'.repeat(40)}` },
    allowed: [],
  },
];

/** Readings that a person may have prepared for the own key, and who. */
const readings: typeof transactions = [
  { name: 'keys of prescriptions', input: { kind: 'readWraps', ids: [rx] }, allowed: ['doctor', 'patient'] },
  { name: 'the key of a prescription held', input: { kind: 'readRelease', id: rx }, allowed: ['pharmacist'] },
];

/** Code of the portal's refusal, or `ok`. */
async function postJson(request: APIRequestContext, url: string, input: object): Promise<string> {
  const response = await request.post(url, { headers: { origin: new URL(url).origin }, data: input });
  return response.ok() ? 'ok' : (await response.json()).code;
}

/** What a person may fetch, and who. */
const addresses: { path: string; allowed: Person[] }[] = [
  { path: '/api/regulator/stream', allowed: ['regulator'] },
  { path: '/api/ledgers', allowed: ['regulator', 'admin'] },
  { path: '/api/ledgers/supply-0/blocks/0', allowed: ['regulator'] },
  { path: `/api/documents/b${'a'.repeat(58)}`, allowed: [] },
  { path: `/api/telemetry/frames?patient=${somebody}`, allowed: [] },
  { path: `/api/telemetry/batches?patient=${somebody}`, allowed: [] },
  { path: `/api/telemetry/circle?patient=${somebody}`, allowed: [] },
  { path: `/api/telemetry/blocks?cid=bafkrei${'a'.repeat(52)}`, allowed: [] },
];

/** First screens; whoever opens another role's is taken to the own one. */
const screens: { path: string; allowed: Person[] }[] = [
  { path: '/doctor/prescribe', allowed: ['doctor'] },
  { path: `/doctor/prescriptions/${rx}`, allowed: [] },
  { path: `/doctor/patients/pt-0-${'a'.repeat(26)}`, allowed: [] },
  { path: '/doctor/patients/nobody', allowed: [] },
  { path: `/pharmacy/patients/pt-0-${'a'.repeat(26)}`, allowed: [] },
  { path: '/doctor/billing', allowed: ['doctor'] },
  { path: '/doctor/monitoring', allowed: ['doctor'] },
  { path: `/doctor/monitoring/${somebody}`, allowed: [] },
  { path: '/patient', allowed: ['patient'] },
  { path: '/patient/insurance', allowed: ['patient'] },
  { path: '/patient/readings', allowed: ['patient'] },
  { path: `/patient/readings?for=${somebody}`, allowed: [] },
  { path: `/patient/print/${rx}`, allowed: [] },
  { path: '/pharmacy', allowed: ['pharmacist'] },
  { path: '/pharmacy/claims', allowed: ['pharmacist'] },
  { path: '/regulator', allowed: ['regulator'] },
  { path: '/regulator/activity', allowed: ['regulator'] },
  { path: '/regulator/alerts', allowed: ['regulator'] },
  { path: '/regulator/trace', allowed: ['regulator'] },
  { path: '/regulator/fund', allowed: ['regulator'] },
  { path: '/regulator/recalls', allowed: ['regulator'] },
  { path: '/regulator/institutions', allowed: ['regulator'] },
  { path: '/insurer', allowed: ['insurer'] },
  { path: '/insurer/policies', allowed: ['insurer'] },
  { path: '/insurer/plans', allowed: ['insurer'] },
  { path: '/insurer/payouts', allowed: ['insurer'] },
  { path: '/insurer/figures', allowed: ['insurer'] },
  { path: `/insurer/claims/clm-${'a'.repeat(26)}`, allowed: [] },
  { path: '/supply', allowed: ['supplier'] },
  { path: '/supply/batches', allowed: ['supplier'] },
  { path: '/supply/recalls', allowed: ['supplier'] },
  { path: '/pharmacy/deliveries', allowed: ['pharmacist'] },
  { path: '/pharmacy/stock', allowed: ['pharmacist'] },
  { path: '/admin', allowed: ['admin'] },
];

const everybody: Person[] = ['doctor', 'patient', 'pharmacist', 'insurer', 'supplier', 'regulator', 'admin'];

for (const person of everybody) {
  test(`a ${person} who posts another role's actions directly is refused`, async ({ browser }) => {
    const origin = runningNetwork().urls.portal;
    const { context } = await openAs(browser, person);
    for (const { name, file, action, input, allowed } of actions) {
      const answer = await postAction(context.request, origin, actionId(file, action), input);
      if (allowed.includes(person)) expect(answer, name).not.toMatch(/FORBIDDEN|INTERNAL|HTTP/);
      else expect(answer, name).toBe('FORBIDDEN');
    }
    for (const { name, input, allowed } of transactions) {
      const answer = await postJson(context.request, `${origin}/api/transactions`, input);
      if (allowed.includes(person)) expect(answer, name).not.toMatch(/FORBIDDEN|INTERNAL/);
      else expect(answer, name).toBe('FORBIDDEN');
    }
    for (const { name, input, allowed } of readings)
      expect(await postJson(context.request, `${origin}/api/readings`, input), name).toBe(
        allowed.includes(person) ? 'ok' : 'FORBIDDEN',
      );
    for (const { path, allowed } of addresses)
      if (!allowed.includes(person))
        expect([403, 404], path).toContain((await context.request.get(`${origin}${path}`)).status());
    for (const { path, allowed } of screens) {
      const screen = await context.request.get(`${origin}${path}`, { maxRedirects: 0 });
      if (allowed.includes(person)) expect(screen.status(), path).toBe(200);
      else expect([307, 404], path).toContain(screen.status());
    }
    await context.close();
  });
}

test('nobody who is not signed in gets past the door, nor does a forged session', async ({ browser }) => {
  const origin = runningNetwork().urls.portal;
  const stranger = await browser.newContext();
  const isRefused = async () => {
    for (const { name, file, action, input } of actions)
      expect(await postAction(stranger.request, origin, actionId(file, action), input), name).toBe('UNAUTHENTICATED');
    for (const { name, input } of transactions)
      expect(await postJson(stranger.request, `${origin}/api/transactions`, input), name).toBe('UNAUTHENTICATED');
    for (const { name, input } of readings)
      expect(await postJson(stranger.request, `${origin}/api/readings`, input), name).toBe('UNAUTHENTICATED');
  };
  await isRefused();
  await stranger.addCookies([{ name: 'next-auth.session-token', value: 'eyJhbGciOiJub25lIn0.e30.', url: origin }]);
  await isRefused();
  const page = await stranger.newPage();
  for (const path of ['/doctor', '/patient', '/pharmacy', '/regulator', '/admin', '/insurer', '/supply']) {
    await page.goto(path);
    await expect(page, path).toHaveURL(/sign-in/);
  }
  await stranger.close();
});

test('bad values posted directly are refused, and a 10 MB form too', async ({ browser }) => {
  const origin = runningNetwork().urls.portal;
  const { context } = await openAs(browser, 'doctor');
  const prepare = (input: object) => postJson(context.request, `${origin}/api/transactions`, input);
  for (const quantity of [-1, 0, 1.5, '2', 1e9])
    expect(await prepare({ ...issue, issue: { ...issue.issue, quantity } })).toBe('INVALID_INPUT');
  const tooBig = 'A'.repeat(10 * 1024 * 1024);
  expect(await prepare({ ...issue, envelope: tooBig })).toBe('TOO_LARGE');
  const mint = actionId('server/transactions/actions.ts', 'relayMint');
  const big = await postAction(context.request, origin, mint, { sagaId: tooBig, deadline: 1, signature: '0x' });
  expect(['TOO_LARGE', 'INVALID_INPUT', 'HTTP 413']).toContain(big);
  const page = await context.newPage();
  await page.goto('/doctor');
  await expect(page.getByRole('heading', { name: 'Today' })).toBeVisible();
  await context.close();
});

import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { importJWK, type JWK } from 'jose';
import { z } from 'zod';
import { connectClient } from './client.ts';
import { runFlow } from './flow.ts';

/**
 * `node connector/client/main.ts --run STATE/run.json`: the example client against a network that is up. Its last line is JSON: the
 * prescriptions and the dispense, and how many milliseconds each step took.
 */
const { values } = parseArgs({ options: { run: { type: 'string' }, number: { type: 'string' } } });
const read = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'));

const { fhir } = z
  .looseObject({
    fhir: z.object({
      bases: z.object({ hospital: z.url(), pharmacy: z.url(), 'second-pharmacy': z.url() }),
      ...{ clientId: z.string(), scope: z.string(), keyFile: z.string(), exampleFile: z.string() },
    }),
  })
  .parse(read(values.run ?? '.medloom/state/run.json'));
const practitioner = z.object({ id: z.string(), name: z.string() });
const example = z
  .object({
    ...{ doctor: practitioner, pharmacist: practitioner, other: practitioner.extend({ institution: z.string() }) },
    patient: z.object({ pseudonym: z.string(), name: z.string(), birthDate: z.string(), identifier: z.string() }),
    medicine: z.object({ code: z.string(), unit: z.string(), packSize: z.number() }),
    packs: z.array(z.object({ link: z.string(), batch: z.string(), expiry: z.string() })),
  })
  .parse(read(fhir.exampleFile));
const jwk: JWK = z.looseObject({ kty: z.string(), kid: z.string() }).parse(read(fhir.keyFile));
const key = await importJWK(jwk, 'ES384');
if (key instanceof Uint8Array) throw new Error(`${fhir.keyFile} holds no private key.`);
const settings = {
  id: fhir.clientId,
  privateKey: key,
  algorithm: 'ES384',
  kid: jwk.kid ?? '',
  scope: fhir.scope,
} as const;
const [hospital, pharmacy, otherPharmacy] = await Promise.all([
  connectClient({ ...settings, base: fhir.bases.hospital }),
  connectClient({ ...settings, base: fhir.bases.pharmacy }),
  connectClient({ ...settings, base: fhir.bases['second-pharmacy'] }),
]);

const milliseconds: [step: string, milliseconds: number][] = [];
let started = performance.now();
const systems = { hospital, pharmacy, otherPharmacy };
const done = await runFlow(systems, example, values.number ?? `example-${Date.now()}`, (step, said) => {
  milliseconds.push([step, Math.round(performance.now() - started)]);
  started = performance.now();
  console.log(`${step}: ${JSON.stringify(said)}`);
});
console.log(JSON.stringify({ ...done, milliseconds }));
